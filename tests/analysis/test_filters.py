"""Filters: conditions in an address, and as a JSON path in the database."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from noctule import analysis
from noctule.analysis import Condition, Narrowing, filter_of, read_conditions
from noctule.base.errors import Invalid
from noctule.chatbots import ChatbotId, FieldType
from tests.conftest import Bot, TurnableClock, World, said

BOT = ChatbotId(UUID(int=1))
CUSTOM: dict[str, FieldType] = {
    "tier": "string",
    "a:b": "string",
    "seats": "number",
    "vip": "boolean",
    'o"dd.key': "string",
}


def test_conditions_have_one_order_and_no_repeats() -> None:
    read = read_conditions(["tags:is:b", "language:is:de", "tags:is:b", "custom.a:b:not:x:y"], CUSTOM)
    assert [str(one) for one in read] == ["custom.a:b:not:x:y", "language:is:de", "tags:is:b"]
    assert read[0] == Condition("custom.a:b", "not", "x:y")


@pytest.mark.parametrize(
    "text",
    ["", ":", "language", "language:is", "language:is:", "language:like:de", "nothing:is:x", "custom.no:is:x", "custom.:is:x",
     "messages:ge:ten", "messages:ge:inf", "messages:is:1e999", "escalated:is:yes", "language:ge:de", "custom.seats:is:x",
     "custom.vip:is:1", "tags:is:\0", "tags:is:" + "x" * 1001],
)  # fmt: skip
def test_what_cannot_be_asked_is_named(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_conditions([text], CUSTOM)
    assert refused.value.problems[0].field == "f"


def test_there_are_not_too_many() -> None:
    with pytest.raises(Invalid):
        read_conditions(["tags:is:x"] * 21, CUSTOM)


def test_alternatives_and_what_must_hold() -> None:
    read = read_conditions(["language:is:de", "language:is:en", "messages:ge:3", "custom.vip:is:true"], CUSTOM)
    meant = filter_of(read, BOT, CUSTOM)
    assert meant is not None
    assert meant.path == (
        f'($.chatbot == "{BOT}") && ($.custom."vip" == true) && '
        '($.language == "de" || $.language == "en") && ($.messages >= 3.0)'
    )
    assert filter_of([], BOT, CUSTOM) is None


async def found(bot: Bot, *conditions: str) -> set[str]:
    chatbot_id = ChatbotId(UUID(bot.id))
    narrowing = Narrowing(conditions=filter_of(read_conditions(conditions, CUSTOM), chatbot_id, CUSTOM))
    async with bot.owner.world.database.transaction() as db:
        page = await analysis.matching_page(db, chatbot_id, narrowing, limit=100, offset=0)
        assert await analysis.count_matching(db, chatbot_id, narrowing, most=1000) == len(page)
        before = await analysis.matching_before(db, chatbot_id, narrowing, moment=None, conversation_id=None, limit=100)
        assert before == page
        after = (
            await analysis.matching_after(
                db,
                chatbot_id,
                narrowing,
                moment=datetime(1970, 1, 1, tzinfo=UTC),
                conversation_id=page[0].id,
                limit=100,
            )
            if page
            else []
        )
        assert after == page[::-1]
    return {one.external_id for one in page}


async def test_each_field_finds_what_it_says(bot: Bot, clock: TurnableClock) -> None:
    agent = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"}
    odd: dict[str, Any] = {"tier": 'go"ld', "seats": 5, "vip": True, 'o"dd.key': "x", "a:b": "c"}
    await bot.capture(
        "a", said("This is terrible and I hate it."), headers=agent, session={"country": "BE"}, custom=odd
    )
    await bot.capture(
        "b", said("This is wonderful, thank you!"), said("You are welcome.", "assistant"), user={"plan": "pro"}
    )
    await bot.capture("c", said("Where is it?"), organization={"plan": "team", "industry": "toys"})
    assert await found(bot, "source:is:capture") == set(), "nothing is known before it has been judged"
    clock.passes(seconds=5)
    await analysis.judge_due(bot.owner.world.database)
    for condition, names in {
        "source:is:capture": "abc", "sentiment:is:negative": "a", "sentiment:not:negative": "bc", "country:is:BE": "a",
        "browser:is:Firefox": "a", "os:is:Linux": "a", "messages:ge:2": "b", "messages:le:1": "ac", "messages:is:2": "b",
        "plan:is:pro": "b", "plan:is:team": "c", "plan:not:pro": "ac", "industry:is:toys": "c", "language:is:en": "abc",
        'custom.tier:is:go"ld': "a", "custom.seats:ge:4.5": "a", "custom.seats:is:5": "a", "custom.vip:is:true": "a",
        'custom.o"dd.key:is:x': "a", "custom.a:b:is:c": "a", "custom.vip:not:true": "bc", "score:le:0": "a",
    }.items():  # fmt: skip
        missing = await found(bot, condition) ^ set(names)
        assert not (missing - {"c"} if condition.startswith(("score", "language")) else missing), condition


async def test_strangers_are_not_found(world: World, bot: Bot, clock: TurnableClock) -> None:
    await bot.capture("a")
    stranger = await (await world.sign_up("stranger@example.com", "Elsewhere")).new_chatbot()
    clock.passes(seconds=5)
    await analysis.judge_due(world.database)
    assert await found(bot, "source:is:capture") == {"a"}
    assert await found(stranger, "source:is:capture") == set()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=some.text(min_size=1, max_size=20).filter(lambda text: "\0" not in text and text.isprintable()))
async def test_any_words_are_only_words(bot: Bot, value: str) -> None:
    assert await found(bot, f"language:is:{value}", f"tags:not:{value}", f"custom.tier:is:{value}") == set()
