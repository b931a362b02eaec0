"""A conversation with an agent: one transcript however its caller keeps it, recorded and judged like any other."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from noctule import agents, analysis, conversations
from noctule.agents import Asked, Exchange, Said
from noctule.base.embed import Embedder
from noctule.chatbots import ChatbotArchived
from noctule.conversations import Message
from tests.agents.test_answer import SHOP, chatbot_of
from tests.conftest import Bot, TurnableClock
from tests.knowledge.test_train import teach, text, work

OPEN = "When is the office open?"
BACK = "May I send goods back?"


@pytest.fixture
def embedder(tmp_path: Path) -> Embedder:
    return Embedder(tmp_path)


async def exchange(bot: Bot, embedder: Embedder, *turns: tuple[str, str], name: str = "c1") -> Exchange:
    world = bot.owner.world
    said = [Said(role, content) for role, content in turns]
    asked = Asked(await chatbot_of(bot), said, name, "agent", world.database.clock())
    return await agents.ask(world.database, embedder, asked)


async def say(bot: Bot, embedder: Embedder, *turns: tuple[str, str]) -> str:
    made = await exchange(bot, embedder, *turns)
    await made.record(bot.owner.world.services.recorder, made.reply.text)
    return made.reply.text


async def transcript(bot: Bot) -> Sequence[Message]:
    chatbot = await chatbot_of(bot)
    async with bot.owner.world.database.transaction() as db:
        known = await conversations.conversation_named(db, chatbot.id, "c1")
        return await conversations.messages_of(db, chatbot.id, [known.id]) if known else []


async def roles(bot: Bot) -> str:
    return "".join(one.role[0] for one in await transcript(bot))


async def test_questions_sent_alone_and_whole_histories_make_one_transcript(bot: Bot, embedder: Embedder) -> None:
    await teach(bot, text("shop", SHOP))
    await work(bot, embedder)
    first = await say(bot, embedder, ("user", OPEN))
    second = await say(bot, embedder, ("user", BACK))
    assert await roles(bot) == "uaua"
    history = [("user", OPEN), ("assistant", first), ("user", BACK), ("assistant", second), ("user", "Thanks!")]
    await say(bot, embedder, *history)
    assert [one.content for one in await transcript(bot)] == [*(said for _, said in history), "You are welcome!"]
    await say(bot, embedder, ("user", "Thanks!"))
    assert await roles(bot) == "uauauaua", "a lone question goes on, also when it was asked before"
    await say(bot, embedder, ("assistant", "You are welcome!"), ("user", OPEN))
    assert await roles(bot) == "uauauauaua", "the end of what is stored is recognised"


async def test_a_history_that_is_something_else_starts_anew(bot: Bot, embedder: Embedder) -> None:
    await say(bot, embedder, ("user", OPEN))
    await say(bot, embedder, ("user", "Something else"), ("assistant", "Words of the caller"), ("user", BACK))
    whole = await transcript(bot)
    assert "".join(one.role[0] for one in whole) == "uauaua", "nothing is deleted"
    current = agents.segment_of(whole)
    assert [one.content for one in current][:3] == ["Something else", "Words of the caller", BACK]
    assert [(one.evidence or {}).get("origin") for one in current] == [None, "caller", None, None]
    assert await say(bot, embedder, ("user", "Something else"), ("assistant", "Words of the caller"), ("user", "More"))
    assert len(await transcript(bot)) == 10, "the segment has gone on meanwhile, so this is a new beginning too"


async def test_what_was_not_answered_is_marked_and_judged(bot: Bot, embedder: Embedder, clock: TurnableClock) -> None:
    await teach(bot, text("shop", SHOP))
    await work(bot, embedder)
    await say(bot, embedder, ("user", OPEN))
    await say(bot, embedder, ("user", "Why is the sky blue?"))
    answers = [one.evidence["agent"] for one in await transcript(bot) if one.role == "assistant" and one.evidence]
    assert [one["answered"] for one in answers] == [True, False]
    [cited] = answers[0]["citations"]
    assert SHOP[cited["start"] : cited["end"]] == cited["quote"]
    assert answers[0]["version"] == 1
    clock.passes(seconds=5)
    while await analysis.judge_due(bot.owner.world.database):
        pass
    found = (await bot.owner.client.get(f"/api/v1/conversations/c1?chatbotId={bot.id}")).json()
    assert found["analysis"]["unanswered"] is True
    assert found["analysis"]["status"] == "done"
    assert found["source"] == "agent"


async def test_a_stream_is_made_as_it_is_taken(bot: Bot, embedder: Embedder) -> None:
    await teach(bot, text("shop", SHOP))
    await work(bot, embedder)
    made = await exchange(bot, embedder, ("user", OPEN))
    stream = made.stream(bot.owner.world.services.recorder)
    first = await anext(stream)
    assert made.reply.text.startswith(first)
    assert first != made.reply.text
    assert await transcript(bot) == [], "nothing is stored before it has been said"
    rest = [word async for word in stream]
    assert first + "".join(rest) == made.reply.text == (await transcript(bot))[-1].content


async def test_who_leaves_ends_the_stream(bot: Bot, embedder: Embedder) -> None:
    await teach(bot, text("shop", SHOP))
    await work(bot, embedder)
    made = await exchange(bot, embedder, ("user", OPEN))
    stream = made.stream(bot.owner.world.services.recorder)
    said = await anext(stream) + await anext(stream)
    await stream.aclose()
    for task in list(agents.last_words()):
        await task
    question, answer = await transcript(bot)
    assert (question.content, answer.content) == (OPEN, said)
    assert answer.evidence is not None
    assert answer.evidence["agent"]["stopped"] is True


async def test_an_archived_chatbot_answers_nobody(bot: Bot, embedder: Embedder) -> None:
    await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/archive")
    with pytest.raises(ChatbotArchived):
        await exchange(bot, embedder, ("user", OPEN))
