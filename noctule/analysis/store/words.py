"""Messages by their words, the latest first. A place in the list is a moment and an id."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from noctule.analysis.models import Found, Sought
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId, Message, MessageId


async def messages_with_words(
    db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]
) -> set[MessageId]:
    """Those that are indexed already: words of a message never change."""
    return set(
        await db.values(
            "select message_id from message_words where chatbot_id = $1 and conversation_id = any($2)",
            chatbot_id,
            conversation_ids,
        )
    )


async def note_words(db: Db, chatbot_id: ChatbotId, said: Sequence[tuple[Message, str]]) -> None:
    """Each message with its words as a tsvector."""
    await db.run(
        """
        insert into message_words (chatbot_id, conversation_id, message_id, role, said_at, words)
        select m.chatbot_id, m.conversation_id, m.id, m.role, m.placed_at, u.words::tsvector
        from unnest($2::uuid[], $3::uuid[], $4::text[]) as u (conversation_id, message_id, words)
        join messages m on m.chatbot_id = $1 and m.conversation_id = u.conversation_id and m.id = u.message_id
        on conflict (chatbot_id, conversation_id, message_id) do nothing
        """,
        chatbot_id,
        [message.conversation_id for message, _ in said],
        [message.id for message, _ in said],
        [words for _, words in said],
    )


async def count_hits(db: Db, chatbot_id: ChatbotId, sought: Sought, *, most: int) -> int:
    """How many messages have the words, or `most`."""
    return await db.value(
        """
        select count(*)
        from (
            select 1
            from message_words w
            where w.chatbot_id = $1 and w.words @@ $2::tsquery
                and ($3::timestamptz is null or w.said_at >= $3)
                and ($4::timestamptz is null or w.said_at < $4)
            limit $5
        ) hits
        """,
        chatbot_id,
        sought.condition,
        sought.since,
        sought.until,
        most,
    )


async def few_hits(
    db: Db, chatbot_id: ChatbotId, sought: Sought, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[Found]:
    """All of them are looked up by their words, and then put in order."""
    return await db.all(
        Found,
        """
        with hits as materialized (
            select w.conversation_id, w.message_id, w.role, w.said_at
            from message_words w
            where w.chatbot_id = $1 and w.words @@ $2::tsquery
                and ($3::timestamptz is null or w.said_at >= $3)
                and ($4::timestamptz is null or w.said_at < $4)
        ),
        page as (
            select hits.conversation_id, hits.message_id, hits.role, hits.said_at
            from hits
            left join conversation_facts f on f.chatbot_id = $1 and f.conversation_id = hits.conversation_id
            where ($5::jsonpath is null or f.facts @@ $5) and ($6::text is null or hits.role = $6)
                and ($7::timestamptz is null or (hits.said_at, hits.message_id) < ($7, $8))
            order by hits.said_at desc, hits.message_id desc
            limit $9
        )
        select page.conversation_id, page.message_id, page.role, page.said_at, m.content, c.external_id,
               coalesce(c.title, j.title) as title, mj.sentiment
        from page
        join messages m on m.chatbot_id = $1 and m.conversation_id = page.conversation_id and m.id = page.message_id
        join conversations c on c.chatbot_id = $1 and c.id = page.conversation_id
        left join conversation_judgements j on j.chatbot_id = $1 and j.conversation_id = page.conversation_id
        left join message_judgements mj
            on mj.chatbot_id = $1 and mj.conversation_id = page.conversation_id and mj.message_id = page.message_id
        order by page.said_at desc, page.message_id desc
        """,
        chatbot_id,
        sought.condition,
        sought.since,
        sought.until,
        sought.path,
        sought.role,
        *(after or (None, None)),
        limit,
    )


async def many_hits(
    db: Db, chatbot_id: ChatbotId, sought: Sought, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[Found]:
    """Messages are walked from the latest on until enough have the words: cheap where many have."""
    return await db.all(
        Found,
        """
        with page as (
            select w.conversation_id, w.message_id, w.role, w.said_at
            from message_words w
            left join conversation_facts f on f.chatbot_id = w.chatbot_id and f.conversation_id = w.conversation_id
            where w.chatbot_id = $1
                -- Said like this, the index of words cannot serve it, which would bring them all first.
                and coalesce(w.words, '') @@ $2::tsquery
                and ($3::timestamptz is null or w.said_at >= $3)
                and ($4::timestamptz is null or w.said_at < $4)
                and ($5::jsonpath is null or f.facts @@ $5) and ($6::text is null or w.role = $6)
                and ($7::timestamptz is null or (w.said_at, w.message_id) < ($7, $8))
            order by w.said_at desc, w.message_id desc
            limit $9
        )
        select page.conversation_id, page.message_id, page.role, page.said_at, m.content, c.external_id,
               coalesce(c.title, j.title) as title, mj.sentiment
        from page
        join messages m on m.chatbot_id = $1 and m.conversation_id = page.conversation_id and m.id = page.message_id
        join conversations c on c.chatbot_id = $1 and c.id = page.conversation_id
        left join conversation_judgements j on j.chatbot_id = $1 and j.conversation_id = page.conversation_id
        left join message_judgements mj
            on mj.chatbot_id = $1 and mj.conversation_id = page.conversation_id and mj.message_id = page.message_id
        order by page.said_at desc, page.message_id desc
        """,
        chatbot_id,
        sought.condition,
        sought.since,
        sought.until,
        sought.path,
        sought.role,
        *(after or (None, None)),
        limit,
    )
