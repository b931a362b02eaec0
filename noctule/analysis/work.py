"""The analyser at work: claim due conversations, judge them, say when each is due again.

A worker that dies loses nothing: its claims run out and another worker judges the same conversations anew.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from noctule import chatbots, conversations, people
from noctule.analysis.corrected import with_corrected
from noctule.analysis.models import ConversationJudgement, MessageJudgement
from noctule.analysis.parked import ATTEMPTS
from noctule.analysis.pipeline import JUDGE, Work, asked_in, judge
from noctule.analysis.rows import conversation_row, message_rows
from noctule.analysis.search import index_words
from noctule.analysis.standing import renew_due
from noctule.analysis.stated import with_stated
from noctule.analysis.store import corrections, facts, judgements
from noctule.analysis.topics.embed import embed_soon
from noctule.base import news
from noctule.base.db import Database, Db
from noctule.base.errors import Unavailable
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId, Due, Message
from noctule.people import Identified

BATCH = 64
LEASE = timedelta(minutes=1)
_PAUSE_SECONDS = 0.5
_log = logging.getLogger(__name__)


async def work(database: Database, stop: asyncio.Event) -> None:
    """Judge until `stop`; the batch in hand is finished first."""
    while not stop.is_set():
        try:
            judged = await judge_due(database) + await renew_due(database)
        except Unavailable:
            _log.warning("the analyser waits for the database")
            judged = 0
        if not judged:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _PAUSE_SECONDS)


async def judge_due(database: Database) -> int:
    """One batch of each chatbot where work waits; how many conversations were taken."""
    async with database.transaction() as db:
        waiting = await conversations.chatbots_with_due(db)
    return sum([await judge_some(database, chatbot_id) for chatbot_id in waiting])


async def judge_some(database: Database, chatbot_id: ChatbotId) -> int:
    async with database.transaction() as db:
        claimed = await conversations.claim_due(db, chatbot_id, until=db.now + LEASE, limit=BATCH)
        ids = [due.id for due in claimed]
        said = await conversations.messages_of(db, chatbot_id, ids)
        ingests = await chatbots.ingests_of(db, [chatbot_id])
        now = db.now  # the hour in which it was due, also when the clock is put back meanwhile
    if not claimed or not ingests:
        return 0
    messages: dict[ConversationId, list[Message]] = {conversation_id: [] for conversation_id in ids}
    for message in said:
        messages[message.conversation_id].append(message)
    (ingest,) = ingests
    closes_after = chatbots.silence_in(ingest.lifecycle).closes_after
    asked = asked_in(
        chatbots.analysis_in(ingest.analysis), user=ingest.user_analysis, assistant=ingest.assistant_analysis
    )
    outcomes: list[_Judged | _Failed] = [
        _judged(due, Work(messages[due.id], asked), closes_after, now=now) for due in claimed
    ]
    await _save(database, chatbot_id, outcomes, topics=asked.signal("topics"))
    return len(claimed)


@dataclass(frozen=True)
class _Judged:
    due: Due
    judgement: ConversationJudgement
    messages: list[MessageJudgement]
    said: Sequence[Message]
    next_due: datetime | None


@dataclass(frozen=True)
class _Failed:
    due: Due
    reason: str


def _judged(due: Due, work: Work, closes_after: timedelta, *, now: datetime) -> _Judged | _Failed:
    try:
        judge(work)
    except Exception as error:
        # One conversation that cannot be judged must not keep its neighbours waiting.
        _log.exception("a conversation could not be judged", extra={"conversation": str(due.id)})
        return _Failed(due, f"The analyser failed on this conversation ({type(error).__name__}).")
    closes_at = due.ended_at or due.last_received_at + closes_after
    final = now >= closes_at
    judgement = conversation_row(work, due, final=final, now=now)
    return _Judged(
        due, with_stated(judgement, due.stated), list(message_rows(work)), work.messages, None if final else closes_at
    )


async def _save(
    database: Database, chatbot_id: ChatbotId, outcomes: Sequence[_Judged | _Failed], *, topics: bool
) -> None:
    """What was judged and that it was judged, in one transaction: a worker that is killed has done all of it or nothing.

    Only for conversations that are still ours: a lease that ran out may have passed to another worker.
    """
    dues = [outcome.due for outcome in outcomes]
    async with database.transaction() as db:
        # People before conversations, as whoever records holds them.
        await people.renew_soon(db, chatbot_id, [Identified(due.person_id, due.company_id) for due in dues])
        ours = await conversations.still_leased(db, chatbot_id, [due.id for due in dues], dues[0].leased_until)
        judged = [one for one in outcomes if isinstance(one, _Judged) and one.due.id in ours]
        failed = [one for one in outcomes if isinstance(one, _Failed) and one.due.id in ours]
        ids = [one.due.id for one in judged]
        began = [
            *await facts.began_before(db, chatbot_id, ids),
            *(one.due.first_message_at for one in (*judged, *failed)),
        ]
        await _note_judged(db, chatbot_id, judged)
        next_due = [one.next_due for one in judged] + [await _count_failure(db, chatbot_id, one) for one in failed]
        await facts.note_facts(db, chatbot_id, [one.due.id for one in failed])
        await conversations.settle(db, chatbot_id, [one.due for one in (*judged, *failed)], next_due=next_due)
        await conversations.day_changed(db, chatbot_id, began)
        await news.tell(db, [str(chatbot_id)])
        if topics:
            await embed_soon(db, chatbot_id, [due.id for due in dues])


async def _note_judged(db: Db, chatbot_id: ChatbotId, judged: Sequence[_Judged]) -> None:
    ids = [one.due.id for one in judged]
    said_by_people = await corrections.corrections_of(db, chatbot_id, ids)
    corrected = [with_corrected(one.judgement, said_by_people.get(one.due.id, [])) for one in judged]
    await judgements.save_judgements(db, chatbot_id, corrected)
    await index_words(db, chatbot_id, ids, [said for one in judged for said in one.said])
    rows = [row for one in judged for row in one.messages]
    await judgements.replace_message_judgements(db, chatbot_id, ids, rows)
    await facts.note_facts(db, chatbot_id, ids)


async def _count_failure(db: Db, chatbot_id: ChatbotId, failed: _Failed) -> datetime | None:
    """When to try again; None after the last attempt."""
    attempts = await judgements.count_attempt(db, chatbot_id, failed.due.id, judged_by=JUDGE, reason=failed.reason)
    return db.now + timedelta(seconds=10 * 2**attempts) if attempts < ATTEMPTS else None
