"""The analyser at work: claim due conversations, judge them, say when each is due again.

A worker that dies loses nothing: its claims run out and another worker judges the same conversations anew.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from noctule import chatbots, conversations
from noctule.analysis import sentiment, store
from noctule.analysis.models import ConversationJudgement, MessageJudgement
from noctule.analysis.pipeline import Work, chunk_rows, judge
from noctule.analysis.stated import with_stated
from noctule.base.db import Database
from noctule.base.errors import Unavailable
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId, Due, Message

BATCH = 64
LEASE = timedelta(minutes=1)
ATTEMPTS = 3
_PAUSE_SECONDS = 0.5
_log = logging.getLogger(__name__)


async def work(database: Database, stop: asyncio.Event) -> None:
    """Judge until `stop`; the batch in hand is finished first."""
    while not stop.is_set():
        try:
            judged = await judge_due(database)
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
    return sum([await _judge_some(database, chatbot_id) for chatbot_id in waiting])


async def _judge_some(database: Database, chatbot_id: ChatbotId) -> int:
    async with database.transaction() as db:
        claimed = await conversations.claim_due(db, chatbot_id, until=db.now + LEASE, limit=BATCH)
        ids = [due.id for due in claimed]
        said = await conversations.messages_of(db, chatbot_id, ids)
        ingests = await chatbots.ingests_of(db, [chatbot_id])
    if not claimed or not ingests:
        return 0
    messages: dict[ConversationId, list[Message]] = {conversation_id: [] for conversation_id in ids}
    for message in said:
        messages[message.conversation_id].append(message)
    closes_after = chatbots.silence_in(ingests[0].lifecycle).closes_after
    verdicts = [
        _verdict(due, Work(messages[due.id], ingests[0].user_analysis), closes_after, now=database.clock())
        for due in claimed
    ]
    await _save(database, chatbot_id, claimed, verdicts)
    return len(claimed)


class _Verdict:
    """What came of judging one conversation: a judgement with its messages, or the reason why there is none."""

    def __init__(self, due: Due, closes_after: timedelta) -> None:
        self.due = due
        self.over_at = due.ended_at or due.last_received_at + closes_after
        self.judgement: ConversationJudgement | None = None
        self.messages: list[MessageJudgement] = []
        self.failure: str | None = None


def _verdict(due: Due, work: Work, closes_after: timedelta, *, now: datetime) -> _Verdict:
    verdict = _Verdict(due, closes_after)
    try:
        judge(work)
    except Exception as error:
        # One conversation that cannot be judged must not keep its neighbours waiting.
        _log.exception("a conversation could not be judged", extra={"conversation": str(due.id)})
        verdict.failure = f"The analyser failed on this conversation ({type(error).__name__})."
        return verdict
    judgement = ConversationJudgement(
        conversation_id=due.id,
        status="done",
        final=now >= verdict.over_at,
        judged_by=sentiment.JUDGE,
        judged_at=now,
        messages_judged=len(work.messages),
        language=work.language.code if work.language else None,
        language_confidence=work.language.confidence if work.language else None,
        sentiment=work.sentiment,
        reason=work.reason,
    )
    verdict.judgement = with_stated(judgement, due.stated)
    verdict.messages = [
        MessageJudgement(
            due.id, message.id, message.said_at, sentiment.JUDGE, sentiment.score_of(chunks), chunk_rows(chunks)
        )
        for message, chunks in work.chunks.items()
    ]
    return verdict


async def _save(
    database: Database, chatbot_id: ChatbotId, claimed: Sequence[Due], verdicts: Sequence[_Verdict]
) -> None:
    judged = [verdict for verdict in verdicts if verdict.judgement is not None]
    async with database.transaction() as db:
        await store.save_judgements(db, chatbot_id, [v.judgement for v in judged if v.judgement is not None])
        rows = [row for verdict in judged for row in verdict.messages]
        await store.replace_message_judgements(db, chatbot_id, [verdict.due.id for verdict in judged], rows)
        next_due: dict[ConversationId, datetime | None] = {
            v.due.id: None if v.judgement and v.judgement.final else v.over_at for v in judged
        }
        for verdict in verdicts:
            if verdict.failure is not None:
                attempts = await store.count_attempt(
                    db, chatbot_id, verdict.due.id, judged_by=sentiment.JUDGE, reason=verdict.failure
                )
                next_due[verdict.due.id] = db.now + timedelta(seconds=10 * 2**attempts) if attempts < ATTEMPTS else None
        await conversations.settle(
            db, chatbot_id, list(next_due), leased_until=claimed[0].leased_until, next_due=list(next_due.values())
        )
