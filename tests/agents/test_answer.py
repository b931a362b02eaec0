"""Questions to an agent: quotes that stand in a source, refusals, follow-ups, and how sure it must be."""

from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio

from noctule import agents, chatbots, knowledge
from noctule.agents import Reply, Said
from noctule.agents.calibrate import bound_by_meaning, bound_by_words, curve_of
from noctule.agents.wording import leans_back
from noctule.base.embed import Embedder
from noctule.chatbots import REFUSAL, Chatbot, ChatbotId
from tests.conftest import Bot
from tests.knowledge.test_train import teach, text, work

SHOP = """# Returns
You may send goods back within 30 days of delivery. We refund the price after we have checked the parcel. Gift cards cannot
be sent back and are never refunded.

# Opening hours
Our office is open from nine to five on weekdays. On Sundays nobody answers the telephone. On public holidays the office
stays closed.

# Passwords
To reset your password, open the settings and press the red button. A letter with a code follows by e-mail.

# Shipping
Parcels leave our warehouse in Leipzig every evening. Delivery within Germany takes two days. Delivery to Norway takes a week.

# Invoices
You find your invoice under Orders. An invoice can be sent to another address before the month ends.

# Sizes
Jackets run small, so order one size larger. Boots run true to size.

# Repairs
A torn zip is repaired for free during the first two years. Bring the jacket to any shop.
"""
OFF_TOPIC = [
    "Why is the sky blue?",
    "Who won the world cup in 1998?",
    "Which vitamins are in carrots?",
    "Tell me a joke about cats",
]


@pytest_asyncio.fixture(params=["words", "meanings"])
async def embedder(request: pytest.FixtureRequest, model_folder: Path, tmp_path: Path) -> AsyncGenerator[Embedder]:
    embedder = Embedder(model_folder if request.param == "meanings" else tmp_path)
    yield embedder
    await embedder.close()


async def chatbot_of(bot: Bot) -> Chatbot:
    async with bot.owner.world.database.transaction() as db:
        found = await chatbots.chatbot_anywhere(db, ChatbotId(UUID(bot.id)))
    assert found is not None
    return found


async def ask(bot: Bot, embedder: Embedder, question: str, *earlier: tuple[str, str]) -> Reply:
    said = [Said(role, content) for role, content in earlier]
    return await agents.answer(bot.owner.world.database, embedder, await chatbot_of(bot), question, earlier=said)


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("How long may I take to send goods back?", "within 30 days"),
        ("When is the office open?", "from nine to five"),
        ("How do I reset my password?", "red button"),
        ("How many days does delivery to Norway take?", "takes a week"),
        ("Where do I find my invoice?", "under Orders"),
    ],
)
async def test_an_answer_stands_in_a_source_word_for_word(
    bot: Bot, embedder: Embedder, question: str, holds: str
) -> None:
    [source] = await teach(bot, text("shop", SHOP))
    await work(bot, embedder)
    reply = await ask(bot, embedder, question)
    assert reply.answered, reply
    assert reply.confidence >= 0.5
    [quote] = reply.quotes
    assert str(quote.passage.source_id) == source
    assert SHOP[quote.begins : quote.ends] == quote.text == reply.text
    assert holds in reply.text


async def test_what_no_source_knows_is_refused(bot: Bot, embedder: Embedder) -> None:
    assert (await ask(bot, embedder, "When do you open?")).text == REFUSAL
    await teach(bot, text("shop", SHOP))
    await work(bot, embedder)
    for question in OFF_TOPIC:
        reply = await ask(bot, embedder, question)
        assert (reply.answered, reply.text, reply.quotes) == (False, REFUSAL, []), question
        assert reply.confidence < 0.5
    settings = {"settings": {"agent": {"refusal": "Please write to us."}}}
    assert (await bot.owner.client.patch(f"/api/v1/chatbots/{bot.id}", json=settings)).status_code == 200
    assert (await ask(bot, embedder, OFF_TOPIC[0])).text == "Please write to us."


async def test_a_follow_up_is_understood_with_what_was_said(bot: Bot, embedder: Embedder) -> None:
    await teach(bot, text("shop", SHOP))
    await work(bot, embedder)
    earlier = [("user", "Is the office open on weekdays?"), ("assistant", "From nine to five.")]
    reply = await ask(bot, embedder, "And on Sundays?", *earlier)
    assert reply.searched == "Is the office open on weekdays? And on Sundays?"
    assert "Sundays nobody" in reply.text
    assert not (await ask(bot, embedder, "And why is the sky blue?", *earlier)).answered
    other = await ask(bot, embedder, "How do I reset my password?", *earlier)
    assert (other.searched, other.answered) == ("How do I reset my password?", True)


async def test_an_answer_that_somebody_wrote_is_given_whole(bot: Bot, embedder: Embedder) -> None:
    answer = "Yes. We ship to Peru by boat. " + "It takes quite a while because the sea is wide. " * 12
    await teach(bot, text("shop", SHOP), {"kind": "qna", "question": "Do you ship to Peru?", "answer": answer.strip()})
    await work(bot, embedder)
    reply = await ask(bot, embedder, "do you ship to Peru")
    assert reply.text == answer.strip()


async def test_whoever_greets_is_greeted(bot: Bot, embedder: Embedder) -> None:
    assert (await ask(bot, embedder, "Hello!")).answered
    settings = {"settings": {"agent": {"initialMessages": ["Welcome to the shop."]}}}
    await bot.owner.client.patch(f"/api/v1/chatbots/{bot.id}", json=settings)
    assert (await ask(bot, embedder, "hi there")).text == "Welcome to the shop."
    assert (await ask(bot, embedder, "Thank you very much")).text == "You are welcome!"


async def test_how_sure_it_must_be_is_found_out_after_each_training(bot: Bot, embedder: Embedder) -> None:
    database, chatbot = bot.owner.world.database, await chatbot_of(bot)
    async with database.transaction() as db:
        assert await agents.calibration(db, chatbot.id) is None
    await teach(bot, *(text(name, part) for name, part in enumerated(SHOP)))
    await work(bot, embedder)
    async with database.transaction() as db:
        known = await agents.calibration(db, chatbot.id)
        assert known is not None
        assert await agents.calibrations_of(db, [chatbot.id]) == {chatbot.id: known}
        assert len(await knowledge.passages_among(db, chatbot.id, most=3)) <= 3
    assert known.threshold is not None
    assert 0.65 <= known.threshold <= 1.3
    assert (known.questions, known.version) == (7, 1)
    coverages = [point["coverage"] for point in known.curve]
    assert coverages[0] == 1.0
    assert coverages == sorted(coverages, reverse=True)
    assert known.curve[0]["risk"] > known.curve[-1]["risk"]
    await teach(bot, text("0", "Never."))
    await work(bot, embedder)
    async with database.transaction() as db:
        again = await agents.calibration(db, chatbot.id)
    assert again is not None
    assert again.version == 2


def enumerated(markdown: str) -> list[tuple[str, str]]:
    return [(str(number), f"# {part}") for number, part in enumerate(markdown.split("# ")[1:])]


def test_bounds() -> None:
    bound = bound_by_words
    assert bound([1.8] * 20, [0.8] * 20, 0.9) == 1.0, "a part of the way from what has no answer to what has one"
    assert (bound([1.8] * 20, [0.8] * 10 + [1.1] * 10, 0.9) or 0) > 1.0, "higher when some without an answer come near"
    assert bound_by_meaning([1.0] * 20, [0.4] * 10 + [0.5] * 10, 0.9) == 0.725, "half way"
    for bound in (bound_by_words, bound_by_meaning):
        assert bound([0.9] * 5, [0.1] * 5, 0.9) is None, "too few to tell"
        assert bound([0.8] * 20, [0.8] * 20, 0.9) == 0.8
        assert bound([0.1] * 20, [0.0] * 20, 0.9) == 0.65
        assert bound([9.0] * 20, [5.0] * 20, 0.9) == 1.3
    assert curve_of([], []) == []
    assert curve_of([1.0, 1.0], [0.0, 1.0])[-1] == {"threshold": 1.0, "coverage": 1.0, "risk": 0.3333}


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("And on Sundays?", True), ("why?", True), ("How much is it?", True), ("What about returns?", True),
        ("How do I reset my password?", False), ("Und am Sonntag?", True), ("Wie setze ich mein Passwort zurück?", False),
    ],
)  # fmt: skip
def test_what_leans_on_the_question_before(question: str, leans: bool) -> None:
    assert leans_back(question, question.lower().strip("?").split()) is leans
