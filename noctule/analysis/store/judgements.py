"""All SQL about judgements, of messages and of conversations: what analysers said, and nothing else, is written here."""

from collections.abc import Sequence

import msgspec

from noctule.analysis.models import ConversationJudgement, MessageJudgement
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId, Message, MessageId


async def replace_message_judgements(
    db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId], rows: Sequence[MessageJudgement]
) -> None:
    """What was said before about these conversations is forgotten."""
    await db.run(
        "delete from message_judgements where chatbot_id = $1 and conversation_id = any($2)",
        chatbot_id,
        conversation_ids,
    )
    await db.run(
        """
        insert into message_judgements (chatbot_id, conversation_id, message_id, said_at, judged_by, sentiment, chunks)
        select $1, u.conversation_id, u.message_id, u.said_at, u.judged_by, u.sentiment, u.chunks::jsonb
        from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[], $6::float8[], $7::text[])
            as u (conversation_id, message_id, said_at, judged_by, sentiment, chunks)
        on conflict (chatbot_id, conversation_id, message_id) do nothing
        """,
        chatbot_id,
        [row.conversation_id for row in rows],
        [row.message_id for row in rows],
        [row.said_at for row in rows],
        [row.judged_by for row in rows],
        [row.sentiment for row in rows],
        [msgspec.json.encode(row.chunks).decode() for row in rows],
    )


async def save_judgements(db: Db, chatbot_id: ChatbotId, rows: Sequence[ConversationJudgement]) -> None:
    """One judgement per conversation; a later one takes the place of an earlier one."""
    await db.run(
        """
        insert into conversation_judgements as j (
            chatbot_id, conversation_id, status, final, judged_by, judged_at, messages_judged, language,
            language_confidence, sentiment, reason, intent, escalated, by_caller, revision
        )
        select $1, u.conversation_id, u.status, u.final, u.judged_by, u.judged_at, u.messages_judged, u.language,
               u.language_confidence, u.sentiment, u.reason, u.intent, u.escalated, u.by_caller::jsonb,
               u.revision
        from unnest(
            $2::uuid[], $3::text[], $4::boolean[], $5::text[], $6::timestamptz[], $7::int[], $8::text[], $9::float8[],
            $10::float8[], $11::text[], $12::text[], $13::boolean[], $14::text[], $15::int[]
        ) as u (
            conversation_id, status, final, judged_by, judged_at, messages_judged, language, language_confidence,
            sentiment, reason, intent, escalated, by_caller, revision
        )
        on conflict (chatbot_id, conversation_id) do update
        set status = excluded.status,
            final = excluded.final,
            judged_by = excluded.judged_by,
            judged_at = excluded.judged_at,
            messages_judged = excluded.messages_judged,
            language = excluded.language,
            language_confidence = excluded.language_confidence,
            sentiment = excluded.sentiment,
            reason = excluded.reason,
            intent = excluded.intent,
            escalated = excluded.escalated,
            by_caller = excluded.by_caller,
            revision = excluded.revision,
            attempts = 0
        """,
        chatbot_id,
        [row.conversation_id for row in rows],
        [row.status for row in rows],
        [row.final for row in rows],
        [row.judged_by for row in rows],
        [row.judged_at for row in rows],
        [row.messages_judged for row in rows],
        [row.language for row in rows],
        [row.language_confidence for row in rows],
        [row.sentiment for row in rows],
        [row.reason for row in rows],
        [row.intent for row in rows],
        [row.escalated for row in rows],
        [msgspec.json.encode(row.by_caller).decode() for row in rows],
        [row.revision for row in rows],
    )


async def count_attempt(
    db: Db, chatbot_id: ChatbotId, conversation_id: ConversationId, *, judged_by: str, reason: str
) -> int:
    """A judgement that failed: the attempts in a row. What was judged before stays in words and numbers."""
    return await db.value(
        """
        insert into conversation_judgements as j (
            chatbot_id, conversation_id, status, final, judged_by, judged_at, messages_judged, reason, attempts
        )
        values ($1, $2, 'failed', false, $3, $4, 0, $5, 1)
        on conflict (chatbot_id, conversation_id) do update
        set status = 'failed', reason = excluded.reason, judged_at = excluded.judged_at, attempts = j.attempts + 1
        returning attempts
        """,
        chatbot_id,
        conversation_id,
        judged_by,
        db.now,
        reason,
    )


async def judgements_of(
    db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]
) -> dict[ConversationId, ConversationJudgement]:
    rows = await db.all(
        ConversationJudgement,
        """
        select conversation_id, status, final, judged_by, judged_at, messages_judged, revision, language,
               language_confidence, sentiment, reason, intent, escalated, by_caller
        from conversation_judgements
        where chatbot_id = $1 and conversation_id = any($2)
        """,
        chatbot_id,
        conversation_ids,
    )
    return {row.conversation_id: row for row in rows}


async def message_judgements_of(
    db: Db, chatbot_id: ChatbotId, messages: Sequence[Message], *, most_chunks: int = 100_000
) -> dict[MessageId, MessageJudgement]:
    """Of messages of one or more conversations, each with at most its first `most_chunks`."""
    rows = await db.all(
        MessageJudgement,
        """
        select conversation_id, message_id, said_at, judged_by, sentiment,
               jsonb_path_query_array(chunks, '$[0 to $last]', jsonb_build_object('last', $4::integer - 1)) as chunks,
               jsonb_array_length(chunks) as chunks_found
        from message_judgements
        where chatbot_id = $1 and conversation_id = any($2) and message_id = any($3)
        """,
        chatbot_id,
        list({message.conversation_id for message in messages}),
        [message.id for message in messages],
        most_chunks,
    )
    return {row.message_id: row for row in rows}
