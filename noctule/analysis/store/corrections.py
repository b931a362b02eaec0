"""Corrections: what people said of conversations instead of what was judged."""

from collections import defaultdict
from collections.abc import Sequence

from noctule.analysis.models import Correction
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId


async def corrections_of(
    db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]
) -> dict[ConversationId, list[Correction]]:
    """By signal."""
    rows = await db.all(
        Correction,
        """
        select k.conversation_id, k.signal, k.value, k.was, k.was_by, k.corrected_by, u.name as corrector, k.corrected_at
        from conversation_corrections k
        left join users u on u.id = k.corrected_by
        where k.chatbot_id = $1 and k.conversation_id = any($2)
        order by k.conversation_id, k.signal
        """,
        chatbot_id,
        conversation_ids,
    )
    found: dict[ConversationId, list[Correction]] = defaultdict(list)
    for row in rows:
        found[row.conversation_id].append(row)
    return found


async def save_corrections(db: Db, chatbot_id: ChatbotId, rows: Sequence[Correction]) -> None:
    """In place of what people said before of the same."""
    await db.run(
        """
        insert into conversation_corrections (
            chatbot_id, conversation_id, signal, value, was, was_by, corrected_by, corrected_at
        )
        select $1, u.conversation_id, u.signal, u.value, coalesce(u.was, 'null'), u.was_by, u.corrected_by, u.corrected_at
        from jsonb_to_recordset($2::jsonb) as u (
            conversation_id uuid, signal text, value jsonb, was jsonb, was_by text, corrected_by uuid,
            corrected_at timestamptz
        )
        on conflict (chatbot_id, conversation_id, signal) do update
        set value = excluded.value,
            was = excluded.was,
            was_by = excluded.was_by,
            corrected_by = excluded.corrected_by,
            corrected_at = excluded.corrected_at
        """,
        chatbot_id,
        list(rows),
    )


async def delete_correction(db: Db, chatbot_id: ChatbotId, conversation_id: ConversationId, signal: str) -> None:
    await db.run(
        "delete from conversation_corrections where chatbot_id = $1 and conversation_id = $2 and signal = $3",
        chatbot_id,
        conversation_id,
        signal,
    )
