"""All SQL about judgements, of messages and of conversations: what analysers said, and nothing else, is written here."""

from collections.abc import Sequence
from datetime import datetime

from noctule.analysis.models import ConversationJudgement, MessageJudgement, Standing
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
        insert into message_judgements (
            chatbot_id, conversation_id, message_id, said_at, judged_by, sentiment, chunks, dissatisfaction, flags,
            behavior, behavior_confidence, behavior_reason, outcome, quality
        )
        select $1, u.conversation_id, u.message_id, u.said_at, u.judged_by, u.sentiment, u.chunks, u.dissatisfaction,
               u.flags, u.behavior, u.behavior_confidence, u.behavior_reason, u.outcome, u.quality
        from jsonb_to_recordset($2::jsonb) as u (
            conversation_id uuid, message_id uuid, said_at timestamptz, judged_by text, sentiment float8, chunks jsonb,
            dissatisfaction float8, flags jsonb, behavior text, behavior_confidence float8, behavior_reason text,
            outcome text, quality jsonb
        )
        on conflict (chatbot_id, conversation_id, message_id) do nothing
        """,
        chatbot_id,
        list(rows),
    )


async def save_judgements(db: Db, chatbot_id: ChatbotId, rows: Sequence[ConversationJudgement]) -> None:
    """One judgement per conversation; a later one takes the place of an earlier one."""
    await db.run(
        """
        insert into conversation_judgements as j (
            chatbot_id, conversation_id, status, final, judged_by, judged_at, messages_judged, language,
            language_confidence, sentiment, reason, intent, escalated, by_caller, revision, intent_confidence,
            dissatisfaction, outcome, outcome_reason, unresolved_probability, flags, unanswered, title, summary, by_human,
            switched_off
        )
        select $1, u.conversation_id, u.status, u.final, u.judged_by, u.judged_at, u.messages_judged, u.language,
               u.language_confidence, u.sentiment, u.reason, u.intent, u.escalated, u.by_caller, u.revision,
               u.intent_confidence, u.dissatisfaction, u.outcome, u.outcome_reason, u.unresolved_probability, u.flags,
               u.unanswered, u.title, u.summary, u.by_human, u.switched_off
        from jsonb_to_recordset($2::jsonb) as u (
            conversation_id uuid, status text, final boolean, judged_by text, judged_at timestamptz, messages_judged int,
            language text, language_confidence float8, sentiment float8, reason text, intent text, escalated boolean,
            by_caller jsonb, revision int, intent_confidence float8, dissatisfaction float8, outcome text,
            outcome_reason text, unresolved_probability float8, flags jsonb, unanswered boolean, title text,
            summary text, by_human jsonb, switched_off jsonb
        )
        on conflict (chatbot_id, conversation_id) do update
        set status = excluded.status, final = excluded.final,
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
            intent_confidence = excluded.intent_confidence,
            dissatisfaction = excluded.dissatisfaction,
            outcome = excluded.outcome,
            outcome_reason = excluded.outcome_reason,
            unresolved_probability = excluded.unresolved_probability,
            flags = excluded.flags,
            unanswered = excluded.unanswered,
            title = excluded.title,
            summary = excluded.summary,
            by_human = excluded.by_human,
            switched_off = excluded.switched_off,
            attempts = 0
        """,
        chatbot_id,
        list(rows),
    )


async def update_corrected(db: Db, chatbot_id: ChatbotId, corrected: ConversationJudgement) -> None:
    """What people can correct, and nothing else."""
    await db.run(
        """
        update conversation_judgements
        set sentiment = $3, outcome = $4, intent = $5, escalated = $6, language = $7, flags = $8, by_human = $9
        where chatbot_id = $1 and conversation_id = $2
        """,
        chatbot_id,
        corrected.conversation_id,
        corrected.sentiment,
        corrected.outcome,
        corrected.intent,
        corrected.escalated,
        corrected.language,
        corrected.flags,
        corrected.by_human,
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
               language_confidence, sentiment, reason, intent, escalated, by_caller, by_human, intent_confidence,
               dissatisfaction, outcome, outcome_reason, unresolved_probability, flags, unanswered, title, summary,
               switched_off
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
               jsonb_array_length(chunks) as chunks_found, dissatisfaction, flags, behavior, behavior_confidence,
               behavior_reason, outcome, quality
        from message_judgements
        where chatbot_id = $1 and conversation_id = any($2) and message_id = any($3)
        """,
        chatbot_id,
        list({message.conversation_id for message in messages}),
        [message.id for message in messages],
        most_chunks,
    )
    return {row.message_id: row for row in rows}


async def judged_before(db: Db, chatbot_id: ChatbotId, *, before: datetime) -> list[ConversationId]:
    """Conversations whose latest judgement, or failure, is older."""
    return await db.values(
        "select conversation_id from conversation_judgements where chatbot_id = $1 and judged_at < $2",
        chatbot_id,
        before,
    )


async def judged_chatbots(db: Db) -> list[ChatbotId]:
    return await db.values("select distinct chatbot_id from conversation_judgements order by chatbot_id")


async def standing(db: Db, chatbot_id: ChatbotId) -> Standing:
    found = await db.one(
        Standing,
        """
        with judged as (
            select judged_by, sentiment, dissatisfaction, unresolved_probability, outcome, flags
            from conversation_judgements
            where chatbot_id = $1 and status = 'done'
        )
        select count(*) as conversations,
               coalesce((
                   select jsonb_object_agg(v.judged_by, v.many)
                   from (select judged_by, count(*) as many from judged group by judged_by) v
               ), '{}') as versions,
               round(avg(sentiment)::numeric, 4)::float8 as sentiment,
               round(avg(dissatisfaction)::numeric, 4)::float8 as dissatisfaction,
               round(avg(unresolved_probability)::numeric, 4)::float8 as unresolved,
               coalesce((
                   select jsonb_object_agg(o.outcome, o.many)
                   from (select outcome, count(*) as many from judged where outcome is not null group by outcome) o
               ), '{}') as outcomes,
               count(*) filter (where flags <> '[]') as flagged
        from judged
        """,
        chatbot_id,
    )
    return found or Standing(0, {}, None, None, None, {}, 0)


async def flags_found(db: Db, chatbot_id: ChatbotId) -> dict[str, int]:
    """How many conversations carry each flag."""
    return dict(
        await db.rows(
            """
            select flag ->> 'name', count(*)
            from conversation_judgements
            cross join lateral jsonb_array_elements(flags) flag
            where chatbot_id = $1 and flags <> '[]'
            group by 1
            """,
            chatbot_id,
        )
    )
