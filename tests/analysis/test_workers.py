"""Several analysers on one database, killed in the middle of their batches while conversations come in: each conversation is
judged once in each of its states, none is lost, none is stuck, and what cannot be judged keeps nobody waiting.
"""

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from uuid import UUID

import pytest_asyncio

from noctule.analysis.pipeline import Work, judge
from noctule.base.db import Database
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId, messages_of
from tests.conftest import Bot, TurnableClock, World, said
from tests.diary import judged_twice, keep_a_diary

CONVERSATIONS, POISONED, WORKERS, KILLS = 150, 3, 3, 5
TURNS = (
    said("My parcel is late again, this is terrible."),
    said("I am sorry, I cannot find it.", "assistant"),
    said("Then I want to cancel my subscription!"),
)


class Crew:
    """Analysers in processes of their own."""

    def __init__(self, url: str, epoch: str) -> None:
        self._command = [sys.executable, "-m", "tests.analysis.worker", url, epoch]
        self._processes = [self._start() for _ in range(WORKERS)]

    def kill_one(self) -> None:
        place = random.randrange(WORKERS)
        self._processes[place].kill()
        self._processes[place].wait()
        self._processes[place] = self._start()

    def kill_all(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(self._command, stderr=subprocess.DEVNULL)


@pytest_asyncio.fixture
async def crew(own_url: str, own_world: World, clock: TurnableClock) -> AsyncGenerator[Crew]:
    async with own_world.database.transaction() as db:
        await keep_a_diary(db)
    crew = Crew(own_url, clock.now.isoformat())
    yield crew
    crew.kill_all()


async def test_each_conversation_is_judged_once_however_many_workers_are_killed(crew: Crew, own_world: World) -> None:
    bot = await (await own_world.sign_up()).new_chatbot()
    pouring = asyncio.create_task(pour(bot))
    struck = 0
    for _ in range(KILLS):
        struck += await wait_for_leases(own_world.database) > 0
        crew.kill_one()
    await pouring
    assert struck == KILLS, "each was killed while conversations were in somebody's hands"
    await wait_until_idle(own_world.database)
    async with own_world.database.transaction() as db:
        states = await db.rows(
            """
            select c.external_id, j.status, j.revision = c.revision, j.messages_judged = c.message_count, j.attempts, j.reason
            from conversations c
            left join conversation_judgements j on j.chatbot_id = c.chatbot_id and j.conversation_id = c.id
            """
        )
        twice = await judged_twice(db)
    assert twice == 0, "in one state, once"
    good = [state[1:5] for state in states if not state[0].startswith("bad")]
    assert (len(good), set(good)) == (CONVERSATIONS, {("done", True, True, 0)})
    bad = {(status, attempts, reason) for name, status, _, _, attempts, reason in states if name.startswith("bad")}
    assert bad == {("failed", 3, "The analyser failed on this conversation (ZeroDivisionError).")}
    await all_is_as_if_nothing_had_happened(bot)


async def pour(bot: Bot) -> None:
    """Half of the conversations go on while they are being judged."""
    for number in range(CONVERSATIONS):
        assert (await bot.capture(f"c{number}", *TURNS, user={"id": f"u{number % 20}"})).status_code == 200
        if number % 60 == 0:
            await bot.capture(f"bad{number}", said("This is poison."))
        if number % 2:
            await bot.capture(f"c{number // 2}", said(f"Hello? {number}"), user={"id": f"u{number // 2 % 20}"})


async def wait_for_leases(database: Database) -> int:
    for _ in range(600):
        async with database.transaction() as db:
            held = await db.value("select count(*) from conversations where analysis_leased_until is not null")
        if held:
            await asyncio.sleep(0.1)
            return held
        await asyncio.sleep(0.02)
    return 0


async def wait_until_idle(database: Database) -> None:
    deadline = time.monotonic() + 120
    while (found := await standing(database)) != (0, POISONED):
        assert time.monotonic() < deadline, f"{found[0]} conversations are stuck, {found[1]} are parked"
        await asyncio.sleep(0.1)


async def standing(database: Database) -> tuple[int, int]:
    """How many wait or are in somebody's hands, and how many are parked."""
    async with database.transaction() as db:
        ((left, parked),) = await db.rows(
            """
            select count(*) filter (
                       where c.analysis_leased_until is not null
                           or (j.revision is distinct from c.revision and coalesce(j.attempts, 0) < 3)
                   ),
                   count(*) filter (where j.attempts >= 3)
            from conversations c
            left join conversation_judgements j on j.chatbot_id = c.chatbot_id and j.conversation_id = c.id
            """
        )
    return left, parked


async def all_is_as_if_nothing_had_happened(bot: Bot) -> None:
    """Message by message: what is kept is what judging in peace says."""
    chatbot_id = ChatbotId(UUID(bot.id))
    async with bot.owner.world.database.transaction() as db:
        ids = [
            ConversationId(one)
            for one in await db.values(
                "select id from conversations where external_id like 'c%' order by external_id limit 30"
            )
        ]
        spoken = await messages_of(db, chatbot_id, ids)
        kept = dict(
            await db.rows("select message_id, sentiment from message_judgements where conversation_id = any($1)", ids)
        )
    for one in ids:
        work = judge(Work([message for message in spoken if message.conversation_id == one]))
        assert {message.id: kept.get(message.id) for message in work.spoken} == work.feelings
