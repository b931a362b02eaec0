"""Judging again what was judged before: after a new version of the analysers, or a change of a chatbot's settings.

What was said before stays until its conversation is judged anew. Figures are taken before and after, so that people see
what the new version changes. Safe to repeat: an attempt that died is continued, and nothing is judged twice.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from noctule import conversations
from noctule.accounts import Caller, note
from noctule.analysis.pipeline import JUDGE
from noctule.analysis.store import judgements as store
from noctule.analysis.work import judge_some
from noctule.base import jobs
from noctule.base.db import Database, Db
from noctule.base.ids import new_id
from noctule.base.jobs import Job, JobState
from noctule.chatbots import Chatbot, ChatbotArchived, ChatbotId

HANDLER = "reanalyse"
_PATIENCE = 0.5  # seconds, while other workers have the rest
Tell = Callable[[Db, int, dict[str, Any]], Awaitable[None]]


async def ask_again(db: Db, caller: Caller, chatbot: Chatbot) -> JobState:
    """Judge everything of a chatbot anew; a job that still waits does this too. Raises Denied."""
    caller.must_be("admin")
    if chatbot.archived_at is not None:
        raise ChatbotArchived
    last = await last_asked(db, chatbot)
    if last is not None and last.state == "queued":
        return last
    await note(db, caller, action="analysis.reanalysed", target=chatbot.id)
    total = (await store.standing(db, chatbot.id)).conversations
    args = {"chatbot_id": str(chatbot.id)}
    return await jobs.start(db, chatbot.org_id, HANDLER, job_id=new_id(), args=args, total=total)


async def last_asked(db: Db, chatbot: Chatbot) -> JobState | None:
    """With `before` and `after` in its result, as far as they are known; forgotten after some days."""
    return await jobs.latest_of(db, chatbot.org_id, HANDLER, chatbot_id=chatbot.id)


async def run_reanalysis(database: Database, job: Job) -> None:
    """The job: `chatbot_id` in its arguments, `before` and `after` in its result."""

    async def tell(db: Db, done: int, found: dict[str, Any]) -> None:
        await jobs.progress(db, job, done=done, result=found)

    await reanalyse(database, ChatbotId(UUID(job.args["chatbot_id"])), tell, begun=job.result)


async def reanalyse(
    database: Database, chatbot_id: ChatbotId, tell: Tell, *, begun: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The figures before and after, by the version that judged. `begun` is what an earlier attempt told."""
    found: dict[str, Any] = dict(begun or {})
    if "before" not in found:
        async with database.transaction() as db:
            found = {
                "judged_by": JUDGE,
                "since": db.now.isoformat(),
                "before": asdict(await store.standing(db, chatbot_id)),
            }
            await conversations.make_due(db, chatbot_id, await store.judged_before(db, chatbot_id, before=db.now))
            await tell(db, 0, found)
    since = datetime.fromisoformat(found["since"])
    while await _some(database, chatbot_id, since, tell=tell, found=found):
        pass
    async with database.transaction() as db:
        found["after"] = asdict(await store.standing(db, chatbot_id))
        await tell(db, found["after"]["conversations"], found)
    return found


async def _some(
    database: Database, chatbot_id: ChatbotId, since: datetime, *, tell: Tell, found: dict[str, Any]
) -> bool:
    """Whether there is more. Others judge beside us; what they hold is waited for, so that the figures tell of all."""
    taken = await judge_some(database, chatbot_id)
    async with database.transaction() as db:
        left = await store.judged_before(db, chatbot_id, before=since)
        await tell(db, found["before"]["conversations"] - len(left), found)
        under_way = await conversations.under_way(db, chatbot_id, left)
    if under_way and not taken:
        await asyncio.sleep(_PATIENCE)
    return under_way > 0
