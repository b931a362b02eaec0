"""SQL on agents and on what people thought of their answers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from noctule.agents.models import Calibration
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId, MessageId


async def calibration(db: Db, chatbot_id: ChatbotId) -> Calibration | None:
    return await db.one(
        Calibration,
        """
        select chatbot_id, threshold, curve, questions, version, calibrated_at, changed_at
        from agents
        where chatbot_id = $1
        """,
        chatbot_id,
    )


async def calibrations_of(db: Db, chatbot_ids: Sequence[ChatbotId]) -> dict[ChatbotId, Calibration]:
    found = await db.all(
        Calibration,
        """
        select chatbot_id, threshold, curve, questions, version, calibrated_at, changed_at
        from agents
        where chatbot_id = any($1)
        """,
        chatbot_ids,
    )
    return {one.chatbot_id: one for one in found}


async def keep_calibration(
    db: Db,
    chatbot_id: ChatbotId,
    *,
    threshold: float | None,
    curve: list[dict[str, float]],
    questions: int,
    version: int,
) -> None:
    await db.run(
        """
        insert into agents (chatbot_id, threshold, curve, questions, version, calibrated_at, changed_at)
        values ($1, $2, $3, $4, $5, $6, $6)
        on conflict (chatbot_id) do update
        set threshold = excluded.threshold, curve = excluded.curve, questions = excluded.questions,
            version = excluded.version, calibrated_at = excluded.calibrated_at
        """,
        chatbot_id,
        threshold,
        curve,
        questions,
        version,
        db.now,
    )


async def note_change(db: Db, chatbot_id: ChatbotId) -> None:
    """Its settings or its name have changed now."""
    await db.run(
        """
        insert into agents (chatbot_id, curve, questions, changed_at)
        values ($1, '[]', 0, $2)
        on conflict (chatbot_id) do update
        set changed_at = excluded.changed_at
        """,
        chatbot_id,
        db.now,
    )


async def answer_named(db: Db, chatbot_id: ChatbotId, name: str) -> tuple[ConversationId, MessageId] | None:
    """A message of the assistant, by our id or by the one that its answer was given."""
    rows = await db.rows(
        """
        select conversation_id, id
        from messages
        where chatbot_id = $1 and role = 'assistant' and (id::text = $2 or external_id = $2)
        order by id
        limit 1
        """,
        chatbot_id,
        name,
    )
    return (rows[0][0], rows[0][1]) if rows else None


async def keep_thumb(
    db: Db, chatbot_id: ChatbotId, conversation_id: ConversationId, *, message_id: MessageId, thumb: int
) -> None:
    await db.run(
        """
        insert into feedback (chatbot_id, conversation_id, message_id, thumb, given_at)
        values ($1, $2, $3, $4, $5)
        on conflict (chatbot_id, conversation_id, message_id) do update
        set thumb = excluded.thumb, given_at = excluded.given_at
        """,
        chatbot_id,
        conversation_id,
        message_id,
        thumb,
        db.now,
    )


async def take_thumb_back(
    db: Db, chatbot_id: ChatbotId, conversation_id: ConversationId, message_id: MessageId
) -> None:
    await db.run(
        "delete from feedback where chatbot_id = $1 and conversation_id = $2 and message_id = $3",
        chatbot_id,
        conversation_id,
        message_id,
    )


async def thumbs_of(db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]) -> dict[UUID, int]:
    """By message: 1 is up, -1 is down."""
    rows: list[tuple[Any, ...]] = await db.rows(
        "select message_id, thumb from feedback where chatbot_id = $1 and conversation_id = any($2)",
        chatbot_id,
        conversation_ids,
    )
    return dict(rows)
