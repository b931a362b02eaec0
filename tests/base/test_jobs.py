"""Jobs: leased, repeated, joined by key, woken by a notice, never lost."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from noctule.base import jobs
from noctule.base.db import Database, connect
from noctule.base.ids import new_id
from noctule.base.jobs import Job
from tests.conftest import Person, TurnableClock


async def state(database: Database) -> list[tuple[Any, ...]]:
    async with database.transaction() as db:
        return await db.rows("select handler, state, attempts, error from jobs order by created_at, id")


async def add(database: Database, handler: str = "count", **options) -> None:
    async with database.transaction() as db:
        await jobs.enqueue(db, handler, {"n": 1}, **options)


class Counting:
    """A handler that notes its jobs, and fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.seen: list[Job] = []
        self.failures = failures

    async def __call__(self, _database: Database, job: Job) -> None:
        self.seen.append(job)
        if len(self.seen) <= self.failures:
            raise ValueError("not this time")


async def test_a_job_runs_once_with_its_arguments(database: Database) -> None:
    handler = Counting()
    await add(database)
    assert await jobs.run_next(database, {"count": handler})
    assert not await jobs.run_next(database, {"count": handler})
    assert [job.args for job in handler.seen] == [{"n": 1}]
    assert await state(database) == [("count", "done", 1, None)]


async def test_a_job_of_a_rolled_back_change_never_was(own_database: Database) -> None:
    try:
        async with own_database.transaction() as db:
            await jobs.enqueue(db, "count")
            raise RuntimeError
    except RuntimeError:
        pass
    assert await state(own_database) == []


async def test_a_failed_job_comes_back_later_and_ends_failed_with_its_reason(
    database: Database, clock: TurnableClock
) -> None:
    handler = Counting(failures=99)
    await add(database)
    for attempt in range(1, jobs.ATTEMPTS + 1):
        assert await jobs.run_next(database, {"count": handler}), attempt
        assert not await jobs.run_next(database, {"count": handler}), "it waits before it is tried again"
        clock.passes(seconds=2**attempt)
    assert await state(database) == [("count", "failed", jobs.ATTEMPTS, "ValueError: not this time")]
    clock.passes(days=1)
    assert not await jobs.run_next(database, {"count": handler})


async def test_a_waiting_job_with_the_same_key_is_joined_at_the_earlier_time(
    database: Database, clock: TurnableClock
) -> None:
    await add(database, key="a", after=timedelta(hours=1))
    await add(database, key="a", after=timedelta(minutes=1))
    await add(database, key="b", after=timedelta(minutes=1))
    await add(database, key="a", after=timedelta(hours=2))
    assert len(await state(database)) == 2
    handler = Counting()
    assert not await jobs.run_next(database, {"count": handler})
    clock.passes(minutes=1)
    assert await jobs.run_next(database, {"count": handler})
    assert await jobs.run_next(database, {"count": handler})
    assert len(handler.seen) == 2


async def test_a_job_enqueued_while_the_same_runs_is_not_swallowed(database: Database) -> None:
    async def enqueue_again(database: Database, _job: Job) -> None:
        await add(database, key="a")

    await add(database, key="a")
    assert await jobs.run_next(database, {"count": enqueue_again})
    assert sorted(row[1] for row in await state(database)) == ["done", "queued"]


async def test_a_keyed_job_that_fails_does_not_collide_with_its_successor(
    database: Database, clock: TurnableClock
) -> None:
    async def enqueue_and_fail(database: Database, _job: Job) -> None:
        await add(database, key="a")
        raise ValueError

    await add(database, key="a")
    assert await jobs.run_next(database, {"count": enqueue_and_fail})
    assert [row[1] for row in await state(database)] == ["queued", "queued"]


async def test_a_worker_that_died_is_replaced_when_its_lease_ends(database: Database, clock: TurnableClock) -> None:
    await add(database)
    async with database.transaction() as db:
        assert await jobs.lease(db, ["count"])
    handler = Counting()
    assert not await jobs.run_next(database, {"count": handler})
    clock.passes(minutes=3)
    assert await jobs.run_next(database, {"count": handler})
    assert handler.seen[0].attempts == 2


async def test_a_worker_that_lost_its_lease_cannot_finish(database: Database, clock: TurnableClock) -> None:
    await add(database)
    async with database.transaction() as db:
        old = await jobs.lease(db, ["count"])
    assert old
    clock.passes(minutes=3)
    async with database.transaction() as db:
        await jobs.lease(db, ["count"])
        await jobs.finish(db, old)
    assert (await state(database))[0][1] == "running"
    await jobs.extend(database, old)


async def test_two_workers_share_the_jobs_and_a_notice_wakes_them(own_url: str) -> None:
    seen: list[Job] = []

    async def handle(_database: Database, job: Job) -> None:
        seen.append(job)
        if len(seen) == 40:
            stop.set()

    stop = asyncio.Event()
    async with connect(own_url) as one, connect(own_url) as two:
        wakes = [asyncio.Event(), asyncio.Event()]

        def wake(_payload: str) -> None:
            for event in wakes:
                event.set()

        working = [
            asyncio.create_task(jobs.work(database, {"count": handle}, stop, event))
            for database, event in zip((one, two), wakes, strict=True)
        ]
        listening = asyncio.create_task(jobs.listen(own_url, {"jobs": wake}, stop))
        await asyncio.sleep(0.3)  # both are idle now and look again in five seconds only
        for _ in range(40):
            await add(one)
        await asyncio.wait_for(asyncio.gather(*working, listening), 4)
    assert len({job.id for job in seen}) == 40


async def test_finished_jobs_are_forgotten_after_a_while(database: Database, clock: TurnableClock) -> None:
    await add(database)
    await jobs.run_next(database, {"count": Counting()})
    await add(database)
    async with database.transaction() as db:
        assert await jobs.purge(db, db.now) == 0
        clock.passes(days=1)
        assert await jobs.purge(db, clock.now) == 1
    assert [row[1] for row in await state(database)] == ["queued"]


async def test_an_owner_sees_what_is_not_over_first(owner: Person, clock: TurnableClock) -> None:
    other = await owner.world.sign_up("other@example.com", "Elsewhere")
    ids = [new_id() for _ in range(4)]
    for job_id, org_id in zip(ids, [owner.org_id, owner.org_id, owner.org_id, other.org_id], strict=True):
        async with owner.world.database.transaction() as db:
            await jobs.start(db, UUID(org_id), "import_conversations", job_id=job_id, args={}, total=9)
        clock.passes(seconds=1)
    async with owner.world.database.transaction() as db:
        await jobs.cancel(db, UUID(owner.org_id), ids[2])
        seen = await jobs.jobs_of(db, UUID(owner.org_id), limit=9)
        assert [(one.id, one.state) for one in seen] == [
            (ids[1], "queued"), (ids[0], "queued"), (ids[2], "cancelled"),
        ]  # fmt: skip
        assert len(await jobs.jobs_of(db, UUID(owner.org_id), limit=1)) == 1


async def test_a_lane_takes_its_own_jobs_only(database: Database) -> None:
    await add(database, "letters")
    await add(database, "parcels")
    parcels = Counting()
    assert await jobs.run_next(database, {"parcels": parcels})
    assert not await jobs.run_next(database, {"parcels": parcels}), "letters wait for a lane that knows them"
    assert [job.handler for job in parcels.seen] == ["parcels"]


async def test_a_job_that_is_handed_over_is_the_same_job(owner: Person) -> None:
    database, job_id = owner.world.database, new_id()
    async with database.transaction() as db:
        await jobs.start(db, UUID(owner.org_id), "first", job_id=job_id, args={"n": 1}, total=3)
    second = Counting(failures=1)

    async def first(database: Database, job: Job) -> None:
        async with database.transaction() as db:
            await jobs.progress(db, job, done=2)
            await jobs.hand_over(db, job, "second")
        raise jobs.JobHandedOver

    assert await jobs.run_next(database, {"first": first})
    async with database.transaction() as db:
        known = await jobs.state_of(db, UUID(owner.org_id), job_id)
    assert known
    assert (known.state, known.done, known.handler) == ("running", 2, "second")
    assert not await jobs.run_next(database, {"first": first})
    assert await jobs.run_next(database, {"second": second})
    assert await state(database) == [("second", "queued", 1, "ValueError: not this time")], "its attempts begin anew"


async def test_a_cancelled_job_is_not_handed_over(owner: Person) -> None:
    database, job_id = owner.world.database, new_id()
    async with database.transaction() as db:
        await jobs.start(db, UUID(owner.org_id), "first", job_id=job_id, args={})

    async def first(database: Database, job: Job) -> None:
        async with database.transaction() as db:
            await jobs.cancel(db, UUID(owner.org_id), job_id)
        async with database.transaction() as db:
            await jobs.hand_over(db, job, "second")

    assert await jobs.run_next(database, {"first": first})
    assert await state(database) == [("first", "cancelled", 1, None)]
