"""Who is who, in memory."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from noctule.chatbots import ChatbotId
from noctule.people.models import Claim, Profile
from noctule.people.register import Register

BOT = ChatbotId(UUID(int=1))
NOW = datetime(2025, 3, 15, 12, tzinfo=UTC)


def claim(external_id: str | None, handle: str | None, **traits: Any) -> Claim:
    return Claim(BOT, external_id, handle, traits, NOW)


def known(number: int, external_id: str | None, handle: str | None, **traits: Any) -> Profile:
    return Profile(BOT, UUID(int=number), external_id, handle, traits, NOW)


def test_an_id_decides() -> None:
    register = Register([known(1, "a", "x@y.z"), known(2, "b", "x@y.z")])
    assert register.meet(claim("b", "x@y.z")).id == UUID(int=2)
    assert register.meet(claim("c", "x@y.z")).is_new
    assert not register.changed()


def test_without_an_id_whoever_has_one_goes_first_and_then_whoever_is_older() -> None:
    register = Register([known(3, "c", "x@y.z"), known(2, "b", "x@y.z"), known(1, None, "x@y.z")])
    assert register.meet(claim(None, "x@y.z")).external_id == "b"


def test_the_first_id_that_comes_with_an_address_is_taken_on() -> None:
    register = Register([known(1, None, "x@y.z", name="Ann")])
    met = register.meet(claim("a", "x@y.z", plan="pro"))
    assert (met.id, met.external_id, met.traits) == (UUID(int=1), "a", {"name": "Ann", "plan": "pro"})
    assert register.changed() == [met]
    assert register.meet(claim("b", "x@y.z")).is_new


def test_in_one_batch_the_address_may_come_later() -> None:
    register = Register([])
    first = register.meet(claim("a", None))
    assert register.meet(claim("a", "x@y.z")) is first
    assert register.meet(claim(None, "x@y.z")) is first
    assert register.new() == [first]
    assert first.handle == "x@y.z"
    assert not register.doubles


def test_somebody_without_an_id_turns_out_to_be_somebody_with_one() -> None:
    register = Register([known(1, None, "x@y.z"), known(2, "a", None)])
    met = register.meet(claim("a", "x@y.z"))
    assert met.id == UUID(int=2)
    assert register.doubles == {BOT}
    assert register.meet(claim(None, "x@y.z")) is met


def test_what_is_known_already_changes_nothing() -> None:
    register = Register([known(1, "a", "x@y.z", name="Ann", plan="pro")])
    register.meet(claim("a", None, name="Ann"))
    register.meet(claim(None, "x@y.z"))
    assert not register.changed()
    register.meet(claim("a", None, name="Anna"))
    assert [one.traits for one in register.changed()] == [{"name": "Anna", "plan": "pro"}]


def test_a_person_goes_to_another_company() -> None:
    register = Register([known(1, "a", None)])
    assert register.meet(claim("a", None), UUID(int=7)).company_id == UUID(int=7)
    assert register.meet(claim("a", None)).company_id == UUID(int=7)
    assert len(register.changed()) == 1


def test_chatbots_do_not_share_people() -> None:
    register = Register([known(1, "a", "x@y.z")])
    other = Claim(ChatbotId(UUID(int=2)), "a", "x@y.z", {}, NOW)
    assert register.meet(other).is_new


@given(
    some.lists(
        some.tuples(some.none() | some.sampled_from("abc"), some.none() | some.sampled_from("xyz")).filter(any),
        max_size=12,
    )
)
def test_ids_and_addresses_without_ids_stay_unique(names: list[tuple[str | None, str | None]]) -> None:
    register = Register([])
    for external_id, handle in names:
        met = register.meet(claim(external_id, handle))
        assert external_id in (None, met.external_id)
        assert handle is None or met.handle == handle or external_id is None
    made = register.new()
    ids = [one.external_id for one in made if one.external_id]
    assert len(ids) == len(set(ids))
    if not register.doubles:
        nameless = [one.handle for one in made if not one.external_id]
        assert len(nameless) == len(set(nameless))
