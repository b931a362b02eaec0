"""All SQL about jobs."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from noctule.base.db import Database, Db
from noctule.base.ids import new_id
from noctule.base.jobs.models import Job, JobState, JobStopped

LEASE = timedelta(minutes=2)
ATTEMPTS = 5


async def enqueue(
    db: Db,
    handler: str,
    args: Mapping[str, object] | None = None,
    *,
    key: str | None = None,
    after: timedelta = timedelta(),
) -> None:
    """With a `key`, a job that still waits is joined, at the earlier of both times, instead of a second one added."""
    await db.run(
        """
        with added as (
            insert into jobs (id, handler, key, args, state, run_at, created_at)
            values ($1, $2, $3, $4, 'queued', $5, $6)
            on conflict (handler, key) where state = 'queued' and key is not null
            do update set run_at = least(jobs.run_at, excluded.run_at)
        )
        select pg_notify('jobs', '')
        """,
        # The update also locks the waiting row until we commit: no worker may start it before our change is visible.
        new_id(),
        handler,
        key,
        dict(args or {}),
        db.now + after,
        db.now,
    )


async def waiting(db: Db, handler: str, keys: Sequence[str]) -> set[str]:
    """Those of the keys whose job is not over."""
    return set(
        await db.values(
            """
            select key
            from jobs
            where handler = $1 and key = any($2) and state = 'queued'
            union
            select key
            from jobs
            where handler = $1 and key = any($2) and state = 'running'
            """,
            handler,
            keys,
        )
    )


async def waiting_below(db: Db, handler: str, heads: Sequence[str]) -> list[str]:
    """The keys that begin with one of these and a colon, and whose job is not over."""
    return await db.values(
        """
        select j.key
        from unnest($2::text[]) as below (head)
        join jobs j on j.handler = $1 and j.key > below.head || ':' and j.key < below.head || ';' and j.state = 'queued'
        union
        select j.key
        from unnest($2::text[]) as below (head)
        join jobs j on j.handler = $1 and j.key > below.head || ':' and j.key < below.head || ';' and j.state = 'running'
        """,
        handler,
        heads,
    )


async def start(
    db: Db,
    owner_id: UUID,
    handler: str,
    *,
    job_id: UUID,
    args: Mapping[str, object],
    total: int | None = None,
    result: Mapping[str, object] | None = None,
) -> JobState:
    """Work that somebody asked for and may watch: it has an owner, an id that is known before, and a length."""
    told = None if result is None else dict(result)
    await db.run(
        """
        insert into jobs (id, handler, args, state, run_at, total, result, owner_id, created_at)
        values ($1, $2, $3, 'queued', $4, $5, $6, $7, $4)
        """,
        job_id,
        handler,
        dict(args),
        db.now,
        total,
        told,
        owner_id,
    )
    await db.run("select pg_notify('jobs', '')")
    return JobState(job_id, handler, "queued", 0, total, told, None, db.now, None, dict(args))


async def start_once(db: Db, owner_id: UUID, handler: str, *, args: Mapping[str, object], key: str) -> None:
    """Work that somebody may watch, whose length becomes known on the way. One that still waits will do."""
    await db.run(
        """
        insert into jobs (id, handler, key, args, state, run_at, owner_id, created_at)
        values ($1, $2, $3, $4, 'queued', $5, $6, $5)
        on conflict (handler, key) where state = 'queued' and key is not null
        do update set run_at = jobs.run_at
        """,
        # The update locks the waiting row until we commit: no worker may start it before our change is visible.
        new_id(),
        handler,
        key,
        dict(args),
        db.now,
        owner_id,
    )
    await db.run("select pg_notify('jobs', '')")


async def progress(
    db: Db, job: Job, *, done: int, total: int | None = None, result: Mapping[str, object] | None = None
) -> None:
    """Say how far it is, in the transaction that did the work: an attempt after this one goes on from there.

    Raises JobStopped when the job is not ours any more.
    """
    ours = await db.run(
        """
        update jobs
        set done = $3, total = coalesce($4, total), result = coalesce($5, result)
        where id = $1 and attempts = $2 and state = 'running'
        """,
        job.id,
        job.attempts,
        done,
        total,
        None if result is None else dict(result),
    )
    if not ours:
        raise JobStopped(str(job.id))


async def state_of(db: Db, owner_id: UUID, job_id: UUID) -> JobState | None:
    return await db.one(
        JobState,
        """
        select id, handler, state, done, total, result, error, created_at, finished_at, args
        from jobs
        where id = $1 and owner_id = $2
        """,
        job_id,
        owner_id,
    )


async def jobs_of(db: Db, owner_id: UUID, *, limit: int) -> list[JobState]:
    """The latest first, but those that are not over before all others."""
    return await db.all(
        JobState,
        """
        select id, handler, state, done, total, result, error, created_at, finished_at, args
        from jobs
        where owner_id = $1
        order by state not in ('queued', 'running'), created_at desc, id desc
        limit $2
        """,
        owner_id,
        limit,
    )


async def latest_of(db: Db, owner_id: UUID, handler: str, *, chatbot_id: UUID) -> JobState | None:
    """The last of a kind that somebody asked for and that works on this chatbot."""
    return await db.one(
        JobState,
        """
        select id, handler, state, done, total, result, error, created_at, finished_at, args
        from jobs
        where owner_id = $1 and handler = $2 and args ->> 'chatbot_id' = $3
        order by created_at desc, id desc
        limit 1
        """,
        owner_id,
        handler,
        str(chatbot_id),
    )


async def cancel(db: Db, owner_id: UUID, job_id: UUID) -> bool:
    """Whether there was something to stop. A worker that runs it notices when it next says how far it is."""
    return bool(
        await db.run(
            """
            update jobs
            set state = 'cancelled', leased_until = null, finished_at = $3
            where id = $1 and owner_id = $2 and state in ('queued', 'running')
            """,
            job_id,
            owner_id,
            db.now,
        )
    )


async def hand_over(db: Db, job: Job, handler: str) -> None:
    """Another handler goes on with it, behind what waits there already; the caller then raises JobHandedOver."""
    ours = await db.run(
        """
        update jobs
        set handler = $3, attempts = 0, run_at = $4, leased_until = $4
        where id = $1 and attempts = $2 and state = 'running'
        """,
        job.id,
        job.attempts,
        handler,
        db.now,
    )
    if not ours:
        raise JobStopped(str(job.id))
    await db.run("select pg_notify('jobs', '')")


async def lease(db: Db, handlers: Collection[str]) -> Job | None:
    """The next that is due, or whose worker stopped answering; ours until the lease ends. Of one key, one at a time."""
    return await db.one(
        Job,
        """
        update jobs
        set state = 'running', attempts = attempts + 1, leased_until = $2
        where id = (
            select id
            from jobs
            where handler = any($3)
                and (
                    (state = 'running' and leased_until <= $1)
                    or (
                        state = 'queued' and run_at <= $1
                        and not exists (
                            select 1
                            from jobs busy
                            where busy.handler = jobs.handler and busy.key = jobs.key and busy.state = 'running'
                        )
                    )
                )
            order by run_at
            limit 1
            for update skip locked
        )
        returning id, handler, args, attempts, done, result
        """,
        db.now,
        db.now + LEASE,
        list(handlers),
    )


async def finish(db: Db, job: Job) -> None:
    await db.run(
        """
        update jobs
        set state = 'done', leased_until = null, error = null, finished_at = $3
        where id = $1 and attempts = $2 and state = 'running'
        """,
        job.id,
        job.attempts,
        db.now,
    )


async def fail(db: Db, job: Job, error: str, *, hopeless: bool = False) -> None:
    """Try again later, each time twice as late; after the last attempt the job stays, failed, with its reason."""
    last = hopeless or job.attempts >= ATTEMPTS
    await db.run(
        """
        update jobs
        set state = case when $3 then 'failed' else 'queued' end,
            key = case when $3 then key end,
            leased_until = null,
            run_at = $4,
            error = $5,
            finished_at = case when $3 then $6::timestamptz end
        where id = $1 and attempts = $2 and state = 'running'
        """,
        # A retry gives up its key: an entry with the same key may wait already.
        job.id,
        job.attempts,
        last,
        db.now + timedelta(seconds=2**job.attempts),
        error[:2000],
        db.now,
    )


async def extend(database: Database, job: Job) -> None:
    async with database.transaction() as db:
        await db.run(
            "update jobs set leased_until = $3 where id = $1 and attempts = $2 and state = 'running'",
            job.id,
            job.attempts,
            db.now + LEASE,
        )


async def failed_since(db: Db, moment: datetime) -> dict[str, int]:
    """How many jobs failed for good, by handler."""
    return dict(
        await db.rows(
            "select handler, count(*) from jobs where state = 'failed' and finished_at >= $1 group by handler", moment
        )
    )


async def purge(db: Db, before: datetime) -> int:
    """Forget finished work, so that the table stays small."""
    return await db.run("delete from jobs where state in ('done', 'cancelled') and finished_at < $1", before)
