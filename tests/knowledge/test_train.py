"""Sources become an index, change and go: versions, switching, going on after a kill, and what never answers again."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from numpy import float32
from numpy.typing import NDArray

from noctule import agents, knowledge
from noctule.base import jobs
from noctule.base.db import Database
from noctule.base.egress import Egress
from noctule.base.embed import Embedder
from noctule.base.jobs import Job
from noctule.base.settings import Settings
from noctule.knowledge.train import _since
from noctule.main.recurring import HANDLERS, lanes, learning
from tests.conftest import Bot, TurnableClock, running, services_on


@pytest_asyncio.fixture
async def embedder(model_folder: Path) -> AsyncGenerator[Embedder]:
    embedder = Embedder(model_folder)
    yield embedder
    await embedder.close()


@pytest.fixture
def no_model(tmp_path: Path) -> Embedder:
    return Embedder(tmp_path)


async def work(bot: Bot, embedder: Embedder, *, calibrated: bool = True, **settings: Any) -> None:
    handlers = {**HANDLERS, **learning(embedder, Settings(**settings))}
    if not calibrated:
        handlers[agents.HANDLER] = nothing
    while await jobs.run_next(bot.owner.world.database, handlers):
        pass


async def nothing(_database: Database, _job: Job) -> None:
    pass


async def teach(bot: Bot, *sources: dict[str, Any]) -> list[str]:
    answer = await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/sources", json={"sources": list(sources)})
    assert answer.status_code == 202, answer.text
    return [source["id"] for source in answer.json()["sources"]]


async def ask(bot: Bot, question: str, limit: int = 10) -> list[dict[str, Any]]:
    answer = await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/search", json={"query": question, "limit": limit})
    assert answer.status_code == 200, answer.text
    return answer.json()["hits"]


def text(external_id: str, words: str, **more: str) -> dict[str, Any]:
    return {"kind": "text", "external_id": external_id, "text": words, **more}


RETURNS = "You may send goods back within 30 days. We refund the price after we have checked the parcel."
HOURS = "Our office is open from nine to five on weekdays. On Sundays nobody answers the telephone."
PASSWORD = "To reset your password, open the settings and press the red button. A letter with a code follows."


async def test_sources_answer_when_they_are_trained(bot: Bot, no_model: Embedder) -> None:
    await teach(bot, text("returns", RETURNS), text("hours", HOURS, title="When we are there"))
    assert await ask(bot, "refund") == []
    await work(bot, no_model)
    [hit] = await ask(bot, "How do I get a refund?")
    assert (hit["external_id"], hit["text"], hit["start"], hit["end"]) == ("returns", RETURNS, 0, len(RETURNS))
    assert [hit["external_id"] for hit in await ask(bot, "pasword offise")] == ["hours"], "one slip is forgiven"
    assert await ask(bot, "quantum chromodynamics") == []


@pytest.mark.parametrize("few", [0, 4000], ids=["by the graph", "exactly"])
async def test_meaning_finds_what_words_do_not(
    database: Database,
    clock: TurnableClock,
    embedder: Embedder,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
) -> None:
    monkeypatch.setattr("noctule.knowledge.find._FEW", few)
    question = "cannot remember login credentials"
    async with running(services_on(database, open_signup=True, data_dir=embedder.path.parents[1])) as world:
        bot = await (await world.sign_up()).new_chatbot()
        await teach(bot, text("returns", RETURNS), text("hours", HOURS), text("password", PASSWORD))
        await work(bot, Embedder(Path("nowhere")))
        assert await ask(bot, question) == [], "by words alone"
        clock.passes(seconds=20)  # the model has come meanwhile
        await work(bot, embedder)
        hits = await ask(bot, question)
        await world.services.embedder.close()
    assert hits[0]["external_id"] == "password"
    assert hits[0]["cosine"] > 0.2


async def test_a_replaced_source_answers_differently_and_a_deleted_one_never_again(
    bot: Bot, no_model: Embedder
) -> None:
    await teach(bot, text("hours", HOURS), text("returns", RETURNS))
    await work(bot, no_model)
    [hours] = await ask(bot, "Sundays telephone")
    path = f"/api/v1/chatbots/{bot.id}/sources/{hours['source_id']}"
    answer = await bot.owner.client.put(path, json=text("hours", "On Saturdays the robot speaks."))
    assert answer.status_code == 202
    assert await ask(bot, "Sundays telephone") == [hours], "until the switch the last version answers"
    await work(bot, no_model)
    assert await ask(bot, "Sundays telephone") == []
    assert [hit["external_id"] for hit in await ask(bot, "robot on Saturdays")] == ["hours"]
    assert (await bot.owner.client.delete(path)).status_code == 200
    assert await ask(bot, "robot on Saturdays") == []
    back = await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/train/rollback")
    assert back.status_code == 200
    assert await ask(bot, "robot on Saturdays Sundays telephone") == [], "deleted is deleted, in every version"
    assert len(await ask(bot, "refund")) == 1


async def test_what_takes_long_to_read_is_kept_source_by_source(
    bot: Bot, no_model: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each in a transaction of its own, so that the lease of the training is asked for again in between."""
    monkeypatch.setattr("noctule.knowledge.train._LONG", 0)
    await teach(bot, text("returns", RETURNS), text("hours", HOURS), text("password", PASSWORD))
    await work(bot, no_model)
    for words in ("refund", "telephone", "letter"):
        assert len(await ask(bot, words)) == 1


async def test_a_roll_back_knows_the_languages_of_then(bot: Bot, no_model: Embedder) -> None:
    [hours] = await teach(bot, text("hours", HOURS))
    await work(bot, no_model)
    german = "Unser Büro ist an Werktagen von neun bis fünf geöffnet. Am Sonntag geht niemand an das Telefon."
    await bot.owner.client.put(f"/api/v1/chatbots/{bot.id}/sources/{hours}", json=text("hours", german))
    await work(bot, no_model)
    async with bot.owner.world.database.transaction() as db:
        assert await db.rows("select languages, passages from knowledge") == [(["de"], 1)]
    await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/train/rollback")
    async with bot.owner.world.database.transaction() as db:
        assert await db.rows("select languages, passages from knowledge") == [(["en"], 1)]


async def test_what_was_replaced_by_something_that_cannot_be_read_answers_no_more(bot: Bot, no_model: Embedder) -> None:
    [hours] = await teach(bot, text("hours", HOURS))
    await work(bot, no_model)
    path = f"/api/v1/chatbots/{bot.id}/sources/{hours}"
    assert (await bot.owner.client.put(path, json={"kind": "url", "url": "http://127.0.0.1/"})).status_code == 202
    await work(bot, no_model)
    read = (await bot.owner.client.get(path)).json()
    assert (read["status"], read["text"], read["passages"]) == ("failed", "", 0)
    assert await ask(bot, "telephone") == []


async def test_a_page_that_cannot_be_read_any_more_says_what_it_said(bot: Bot, no_model: Embedder) -> None:
    page = {"kind": "url", "external_id": "hours", "url": "http://127.0.0.1:8080/hours"}
    [hours] = await teach(bot, page)
    async with bot.owner.world.database.transaction() as db:
        await db.run("update sources set kind = 'text', text = $2 where id = $1", UUID(hours), HOURS)
    await work(bot, no_model)
    async with bot.owner.world.database.transaction() as db:
        await db.run("update sources set kind = 'url' where id = $1", UUID(hours))
    assert await teach(bot, page) == [hours]
    await work(bot, no_model)
    read = (await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/sources/{hours}")).json()
    assert (read["status"], read["text"], read["passages"]) == ("failed", HOURS, 1)
    assert len(await ask(bot, "telephone")) == 1


async def test_a_roll_back_answers_as_before_until_the_next_training(bot: Bot, no_model: Embedder) -> None:
    [hours] = await teach(bot, text("hours", HOURS))
    path = f"/api/v1/chatbots/{bot.id}"
    assert (await bot.owner.client.post(f"{path}/train/rollback")).status_code == 404
    await work(bot, no_model)
    await bot.owner.client.put(f"{path}/sources/{hours}", json=text("hours", "Only the robot speaks."))
    await work(bot, no_model)
    assert (await bot.owner.client.post(f"{path}/train/rollback")).status_code == 200
    assert len(await ask(bot, "telephone")) == 1
    assert await ask(bot, "robot") == []
    assert (await bot.owner.client.post(f"{path}/train")).status_code == 202
    await work(bot, no_model)
    assert await ask(bot, "telephone") == []
    assert len(await ask(bot, "robot")) == 1


class Counting(Embedder):
    texts = 0

    async def embed(self, texts: Sequence[str]) -> NDArray[float32] | None:
        self.texts += len(texts)
        return await super().embed(texts)


async def test_what_is_the_same_is_not_read_again(bot: Bot, model_folder: Path) -> None:
    embedder = Counting(model_folder)
    await teach(bot, text("hours", HOURS), text("returns", RETURNS))
    await work(bot, embedder, calibrated=False)
    assert embedder.texts == 2
    await teach(bot, text("hours", HOURS), text("returns", RETURNS + " Shipping is free."))
    await work(bot, embedder, calibrated=False)
    await embedder.close()
    assert embedder.texts == 3
    async with bot.owner.world.database.transaction() as db:
        assert await db.values("select number from passages where died is null order by number") == [1, 3]


async def test_many_changes_leave_no_rubbish(bot: Bot, no_model: Embedder) -> None:
    database = bot.owner.world.database
    for number in range(12):
        await teach(bot, text("hours", f"{HOURS} Edition number{number}."))
        await work(bot, no_model)
    async with database.transaction() as db:
        assert await db.value("select count(distinct segment) from terms") <= 9
        await db.run("update knowledge set dead = 5000")
    await teach(bot, text("returns", RETURNS))
    await work(bot, no_model)
    async with database.transaction() as db:
        assert await db.value("select dead from knowledge") <= 1
        assert await db.value("select max(documents) from terms") <= 3
        assert await db.value("select count(*) from passages") <= 3
    assert [hit["external_id"] for hit in await ask(bot, "number11 telephone")] == ["hours"]
    assert len(await ask(bot, "refund")) == 1


def test_a_large_segment_waits_until_much_has_come_behind_it() -> None:
    assert _since([(9, 10), (8, 12), (7, 9), (1, 500_000)]) == 7
    assert _since([(9, 10), (8, 40), (7, 150), (1, 700)]) == 1
    assert _since([(9, 10), (8, 50)]) == 9


async def test_what_is_gone_leaves_no_vector(bot: Bot, embedder: Embedder) -> None:
    """The version before is kept for a roll-back, the one before that is not."""

    async def vectors() -> int:
        async with bot.owner.world.database.transaction() as db:
            return await db.value("select count(*) from vectors")

    known = list[int]()
    for words in (HOURS, RETURNS, PASSWORD, HOURS):
        [source] = await teach(bot, text("one", words))
        await work(bot, embedder, calibrated=False)
        known.append(await vectors())
    assert known == [1, 2, 2, 2]
    await bot.owner.client.delete(f"/api/v1/chatbots/{bot.id}/sources/{source}")
    assert await vectors() == 0


async def test_the_newest_texts_are_read_first_and_the_job_ends_when_all_are(bot: Bot, embedder: Embedder) -> None:
    """More than fit into the training itself: its job goes on behind others, and is one job to who watches it."""
    sources = [text(f"s{number}", f"The tool number{number} lies in drawer {number % 7}.") for number in range(150)]
    answer = await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/sources", json={"sources": sources})
    path, handlers = f"/api/v1/jobs/{answer.json()['job']['id']}", learning(embedder, Settings())
    database = bot.owner.world.database
    await jobs.run_next(database, {knowledge.HANDLER: handlers[knowledge.HANDLER]})
    async with database.transaction() as db:
        known = (
            "select min(p.number) from passages p join vectors v on v.chatbot_id = p.chatbot_id and v.digest = p.digest"
        )
        assert await db.value(known) == 87
    assert (await bot.owner.client.get(path)).json()["status"] == "running"
    await jobs.run_next(database, {knowledge.EMBED: handlers[knowledge.EMBED]})
    async with database.transaction() as db:
        assert await db.value(known) == 1
    assert (await bot.owner.client.get(path)).json()["status"] == "done"


async def test_a_killed_training_goes_on(bot: Bot, no_model: Embedder, clock: TurnableClock) -> None:
    """An attempt dies after its first batch; the next one ends what it began."""
    database = bot.owner.world.database
    await teach(bot, *(text(f"s{n}", f"Sentence about thing{n}.") for n in range(70)))

    class Dying(knowledge.Reader):
        reads = 0

        async def read(self, source: Any, file: Any) -> Any:
            self.reads += 1
            if self.reads > 40:
                raise OSError("killed")
            return await super().read(source, file)

    await jobs.run_next(database, {knowledge.HANDLER: knowledge.training(no_model, Dying(Egress()))})
    async with database.transaction() as db:
        assert (await db.rows("select state, done from jobs where handler = $1", knowledge.HANDLER)) == [("queued", 32)]
    assert await ask(bot, "thing3") == [], "nothing is seen of it before the switch"
    clock.passes(minutes=1)
    await work(bot, no_model)
    async with database.transaction() as db:
        rows = await db.rows("select state, done, total from jobs where owner_id is not null")
        assert rows == [("done", 70, 70)]
        assert await db.value("select count(*) from passages") == 70
    assert [hit["external_id"] for hit in await ask(bot, "thing3")] == ["s3"]


async def test_a_cancelled_training_stops_and_the_next_one_ends_it(bot: Bot, no_model: Embedder) -> None:
    database, client = bot.owner.world.database, bot.owner.client
    answer = await client.post(f"/api/v1/chatbots/{bot.id}/sources", json=text("hours", HOURS))
    job = answer.json()["job"]["id"]
    again = await client.post(f"/api/v1/chatbots/{bot.id}/sources", json=text("returns", RETURNS))
    assert again.json()["job"]["id"] == job, "a training that waits takes both"

    class Cancelled(knowledge.Reader):
        async def read(self, source: Any, file: Any) -> Any:
            await client.post(f"/api/v1/jobs/{job}/cancel")
            return await super().read(source, file)

    await jobs.run_next(database, {knowledge.HANDLER: knowledge.training(no_model, Cancelled(Egress()))})
    assert (await client.get(f"/api/v1/jobs/{job}")).json()["status"] == "cancelled"
    assert await ask(bot, "telephone") == []
    left = (await client.get(f"/api/v1/chatbots/{bot.id}/sources")).json()["sources"]
    assert {(one["status"], one["error"]) for one in left} == {("failed", "The training was cancelled.")}
    key = await bot.owner.new_key()
    [shown] = (await client.get("/api/v1/get-chatbots", headers={"authorization": f"Bearer {key}"})).json()["chatbots"]
    assert shown["status"] == "failed", "nothing waits for a training that will not come"
    await client.post(f"/api/v1/chatbots/{bot.id}/train")
    await work(bot, no_model)
    assert len(await ask(bot, "telephone refund")) == 2


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("Die Rückgabe der Bücher ist innerhalb von vierzehn Tagen möglich.", "Bucher ruckgabe"),
        ("Возврат товара возможен в течение четырнадцати дней.", "возвраты товаров"),
        ("您可以在三十天内退货并获得全额退款。", "如何退款"),
        ("商品は三十日以内に返品できます。", "返品したい"),
        ("คุณสามารถคืนสินค้าได้ภายในสามสิบวัน", "คืนสินค้า"),
        ("आप तीस दिनों के भीतर सामान वापस कर सकते हैं।", "सामान वापस"),
        ("يمكنك إرجاع البضائع خلال ثلاثين يوما.", "إرجاع البضائع"),
    ],
)
async def test_other_languages_are_found_by_their_words(
    bot: Bot, no_model: Embedder, words: str, question: str
) -> None:
    await teach(bot, text("other", "Tulips grow in the garden."), text("wanted", words))
    await work(bot, no_model)
    assert [hit["external_id"] for hit in await ask(bot, question)] == ["wanted"]


async def test_a_changed_text_is_learned_while_the_model_still_reads_another_one(
    own_database: Database, tmp_path: Path
) -> None:
    """The job of the first goes on; the second answers before it is done."""
    reads, go_on = asyncio.Queue[int](), asyncio.Event()

    class Slow(Embedder):
        async def embed(self, texts: Sequence[str]) -> NDArray[float32] | None:
            reads.put_nowait(len(texts))
            await go_on.wait()
            return None

    async with running(services_on(own_database, open_signup=True, data_dir=tmp_path)) as world:
        bot = await (await world.sign_up()).new_chatbot()
        known = {**HANDLERS, **learning(Slow(tmp_path), Settings())}
        stop, wakes = asyncio.Event(), [asyncio.Event() for _ in lanes(known)]
        working = [
            asyncio.create_task(jobs.work(own_database, lane, stop, wake))
            for lane, wake in zip(lanes(known), wakes, strict=True)
        ]
        await teach(bot, text("hours", HOURS))
        _ = [wake.set() for wake in wakes]
        await reads.get()
        answer = await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/sources", json=text("hours", RETURNS))
        _ = [wake.set() for wake in wakes]
        await reads.get()
        assert len(await ask(bot, "refund")) == 1
        job = await bot.owner.client.get(f"/api/v1/jobs/{answer.json()['job']['id']}")
        assert job.json()["status"] == "running"
        go_on.set()
        stop.set()
        await asyncio.gather(*working)
