"""What belongs to one organization does not exist for another: every operation of the API and every page, asked by
everybody who should learn nothing. A new route is asked too, without a word here.
"""

from collections.abc import Callable, Collection

import httpx
import pytest_asyncio

from tests.conftest import Bot, Person
from tests.operations import Operation, Things, operations, pages, things_of

PUBLIC = {"GET /health", "GET /version", "GET /metrics", "POST /api/v1/auth/register", "POST /api/v1/auth/login"} | {
    "POST /api/v1/auth/forgot", "POST /api/v1/auth/reset", "POST /api/v1/invitations/accept",
}  # fmt: skip
PUBLIC_PAGES = {"GET /setup", "GET /sign-up", "GET /sign-in", "POST /setup", "POST /sign-up", "POST /sign-in"} | {
    "GET /docs", "GET /openapi.json", "GET /forgot", "POST /forgot", "GET /reset", "POST /reset",
    "GET /invitations/{token}", "POST /invitations/{token}",
}  # fmt: skip
OWN = {200, 201, 202, 400}  # who names nothing of others works on what is his own
Expected = Callable[[Operation], Collection[int]]


@pytest_asyncio.fixture
async def theirs(bot: Bot) -> Things:
    return await things_of(bot)


@pytest_asyncio.fixture
async def stranger(bot: Bot) -> Person:
    return await bot.owner.world.sign_up("eve@example.com", "Elsewhere")


async def seen_by(owner: Person, things: Things) -> dict[str, str]:
    """Every answer that its own people can read: the same before and after others have tried."""
    seen: dict[str, str] = {}
    for one in operations():
        # The log grows by our own looking: an export is noted in it.
        if one.method == "GET" and one.name not in PUBLIC and not one.path.endswith("/audit"):
            answer = await one.ask(owner.client, things)
            assert answer.status_code == 200, f"{one.name}: {answer.text}"
            seen[one.name] = answer.text
    return seen


async def wrongly_answered(
    client: httpx.AsyncClient, things: Things, expected: Expected, asked: Collection[Operation]
) -> dict[str, tuple[int, str]]:
    """The answers with another status, and those that tell something."""
    wrong: dict[str, tuple[int, str]] = {}
    for one in asked:
        answer = await one.ask(client, things)
        tells = any(things[name] in answer.text for name in ("conversation_id", "key_id"))
        if answer.status_code not in expected(one) or (tells and answer.status_code < 300):
            wrong[one.name] = answer.status_code, answer.text
    return wrong


def guarded() -> list[Operation]:
    return [one for one in operations() if one.name not in PUBLIC]


def to_others(one: Operation) -> Collection[int]:
    """For somebody who may call it, but names what belongs to others."""
    return {403} if "{slug}" in one.path else {404} if one.names_something else OWN


def test_what_is_public() -> None:
    assert {one.name for one in operations() if not one.credentials} == PUBLIC


async def test_nobody(bot: Bot, theirs: Things) -> None:
    before = await seen_by(bot.owner, theirs)
    assert await wrongly_answered(bot.owner.world.client(), theirs, lambda _: {401}, guarded()) == {}
    assert await seen_by(bot.owner, theirs) == before


async def test_a_person_of_another_organization(bot: Bot, theirs: Things, stranger: Person) -> None:
    def expected(one: Operation) -> Collection[int]:
        return {401} if "ingestKey" in one.credentials else to_others(one)

    before = await seen_by(bot.owner, theirs)
    assert await wrongly_answered(stranger.client, theirs, expected, guarded()) == {}
    assert await seen_by(bot.owner, theirs) == before


async def test_the_key_of_another_organization(bot: Bot, theirs: Things, stranger: Person) -> None:
    def expected(one: Operation) -> Collection[int]:
        return to_others(one) if "organizationKey" in one.credentials else {401}

    before = await seen_by(bot.owner, theirs)
    key = await stranger.new_key()
    for headers in ({"authorization": f"Bearer {key}"}, {"x-organization-api-key": key}):
        client = bot.owner.world.client(**headers)
        assert await wrongly_answered(client, theirs, expected, guarded()) == {}
    assert await seen_by(bot.owner, theirs) == before


async def test_the_key_of_another_chatbot(bot: Bot, theirs: Things, stranger: Person) -> None:
    """It opens its own chatbot, also for a conversation that has the same name in both."""

    def expected(one: Operation) -> Collection[int]:
        return {200} if "ingestKey" in one.credentials else {401}

    before = await seen_by(bot.owner, theirs)
    client = bot.owner.world.client(authorization=f"Bearer {(await stranger.new_chatbot()).key}")
    assert await wrongly_answered(client, theirs, expected, guarded()) == {}
    assert await seen_by(bot.owner, theirs) == before


async def test_its_own_people_name_what_does_not_exist(bot: Bot, theirs: Things) -> None:
    nothing = "00000000-0000-7000-8000-000000000000"
    naming = [one for one in guarded() if one.names_something]
    for other in (nothing, "abc", "-1", "9" * 30):
        wrong = Things(dict.fromkeys(theirs, other))
        assert await wrongly_answered(bot.owner.client, wrong, to_others, naming) == {}, other


async def test_pages(bot: Bot, theirs: Things, stranger: Person) -> None:
    """Nobody is led to the sign-in; somebody else learns that there is no such page."""

    def expected(one: Operation) -> Collection[int]:
        return {404} if one.names_something else {200, 422}

    asked = [one for one in pages() if one.name not in PUBLIC_PAGES]
    assert len(asked) == len(pages()) - len(PUBLIC_PAGES)
    before = await seen_by(bot.owner, theirs)
    assert await wrongly_answered(bot.owner.world.client(), theirs, lambda _: {303, 401}, asked) == {}
    stranger.client.follow_redirects = True
    assert await wrongly_answered(stranger.client, theirs, expected, asked) == {}
    assert await seen_by(bot.owner, theirs) == before
