"""The recurring work: each job of the list runs, and forgets only what has run out."""

from pathlib import Path

import pytest

from noctule.base import jobs
from noctule.base.embed import Embedder
from noctule.base.settings import Settings
from noctule.main.recurring import HANDLERS, RECURRING, handlers, lanes, learning
from tests.conftest import Bot, Person, TurnableClock


def test_every_job_of_the_list_has_its_handler() -> None:
    assert {handler for handler, _ in RECURRING} <= set(HANDLERS)


def test_each_job_runs_in_some_lane(tmp_path: Path) -> None:
    known = {**handlers(""), **learning(Embedder(tmp_path), Settings())}
    apart = lanes(known)
    assert {name for lane in apart for name in lane} == set(known)
    assert [name for name in known if sum(name in lane for lane in apart) != 1] == ["train_knowledge"]


async def test_ended_sessions_and_old_failures_are_forgotten(owner: Person, clock: TurnableClock) -> None:
    database = owner.world.database
    clock.passes(days=29)
    wrong = {"email": "ghost@example.com", "password": "wrong horse"}
    await owner.world.client().post("/api/v1/auth/login", json=wrong)

    async def sweep_and_count() -> tuple[int, int]:
        async with database.transaction() as db:
            await jobs.enqueue(db, "sweep_accounts")
        assert await jobs.run_next(database, HANDLERS)
        async with database.transaction() as db:
            return await db.value("select count(*) from sessions"), await db.value(
                "select count(*) from login_failures"
            )

    assert await sweep_and_count() == (1, 1)
    clock.passes(hours=2)
    assert await sweep_and_count() == (1, 0)
    clock.passes(days=2)
    assert await sweep_and_count() == (0, 0)


@pytest.mark.parametrize("handler", [handler for handler, _ in RECURRING])
async def test_each_runs_on_an_empty_database(owner: Person, handler: str) -> None:
    database = owner.world.database
    async with database.transaction() as db:
        await jobs.enqueue(db, handler)
    assert await jobs.run_next(database, HANDLERS)
    async with database.transaction() as db:
        assert await db.value("select state from jobs") == "done"


async def test_the_ledger_forgets_what_is_long_ago(bot: Bot) -> None:
    database = bot.owner.world.database
    await bot.capture()
    for hours, left in ((24, 1), (24 * 40, 0)):
        async with database.transaction() as db:
            await db.run("update arrivals set hour = hour - make_interval(hours => $1)", hours)
            await jobs.enqueue(db, "sweep_arrivals")
        assert await jobs.run_next(database, {"sweep_arrivals": HANDLERS["sweep_arrivals"]})
        async with database.transaction() as db:
            assert await db.value("select count(*) from arrivals") == left
