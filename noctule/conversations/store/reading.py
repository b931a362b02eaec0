"""Questions about conversations. A list is asked for the chatbots that the caller may see."""

from collections.abc import Sequence
from datetime import datetime

from noctule.base.db import Db
from noctule.chatbots import ChatbotId, Scalar
from noctule.conversations.models import Conversation, ConversationId, Message


async def conversation(
    db: Db, chatbot_ids: Sequence[ChatbotId], conversation_id: ConversationId
) -> Conversation | None:
    return await db.one(
        Conversation,
        """
        select chatbot_id, id, number, external_id, external_user_id, source, title, tags, message_count,
               first_message_at, last_message_at, last_received_at, ended_at, reopened, created_at, person,
               organization, session, custom, enrichment, stated, revision, person_id, company_id
        from conversations
        where chatbot_id = any($1) and id = $2
        """,
        chatbot_ids,
        conversation_id,
    )


async def conversation_named(db: Db, chatbot_id: ChatbotId, external_id: str) -> Conversation | None:
    return await db.one(
        Conversation,
        """
        select chatbot_id, id, number, external_id, external_user_id, source, title, tags, message_count,
               first_message_at, last_message_at, last_received_at, ended_at, reopened, created_at, person,
               organization, session, custom, enrichment, stated, revision, person_id, company_id
        from conversations
        where chatbot_id = $1 and external_id = $2
        """,
        chatbot_id,
        external_id,
    )


async def conversation_numbered(db: Db, chatbot_id: ChatbotId, number: int) -> Conversation | None:
    return await db.one(
        Conversation,
        """
        select chatbot_id, id, number, external_id, external_user_id, source, title, tags, message_count,
               first_message_at, last_message_at, last_received_at, ended_at, reopened, created_at, person,
               organization, session, custom, enrichment, stated, revision, person_id, company_id
        from conversations
        where chatbot_id = $1 and number = $2
        """,
        chatbot_id,
        number,
    )


async def conversations_newest(db: Db, chatbot_id: ChatbotId, *, limit: int, offset: int) -> list[Conversation]:
    """By when they were made and not by what was said last."""
    return await db.all(
        Conversation,
        """
        select chatbot_id, id, number, external_id, external_user_id, source, title, tags, message_count,
               first_message_at, last_message_at, last_received_at, ended_at, reopened, created_at, person,
               organization, session, custom, enrichment, stated, revision, person_id, company_id
        from conversations
        where chatbot_id = $1
        order by number desc
        limit $2
        offset $3
        """,
        chatbot_id,
        limit,
        offset,
    )


async def count_conversations(
    db: Db,
    chatbot_ids: Sequence[ChatbotId],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    custom: dict[str, Scalar] | None = None,
) -> int:
    return await db.value(
        """
        select count(*)
        from conversations
        where chatbot_id = any($1)
            and ($2::timestamptz is null or first_message_at >= $2)
            and ($3::timestamptz is null or first_message_at < $3)
            and ($4::jsonb is null or custom @> $4::jsonb)
        """,
        chatbot_ids,
        since,
        until,
        custom,
    )


async def count_up_to(db: Db, chatbot_id: ChatbotId, most: int) -> int:
    """Exact below `most`; counting a million rows for a headline costs more than the page."""
    return await db.value(
        "select count(*) from (select 1 from conversations where chatbot_id = $1 limit $2) counted", chatbot_id, most
    )


async def conversations_page(
    db: Db,
    chatbot_ids: Sequence[ChatbotId],
    *,
    limit: int,
    offset: int,
    since: datetime | None = None,
    until: datetime | None = None,
    custom: dict[str, Scalar] | None = None,
) -> list[Conversation]:
    """Latest first, by page number, as the OpenBat clients ask for it; those that began in this time and carry all of
    `custom`.
    """
    return await db.all(
        Conversation,
        """
        select chatbot_id, id, number, external_id, external_user_id, source, title, tags, message_count,
               first_message_at, last_message_at, last_received_at, ended_at, reopened, created_at, person,
               organization, session, custom, enrichment, stated, revision, person_id, company_id
        from conversations
        where chatbot_id = any($1)
            and ($4::timestamptz is null or first_message_at >= $4)
            and ($5::timestamptz is null or first_message_at < $5)
            and ($6::jsonb is null or custom @> $6::jsonb)
        order by last_message_at desc, id desc
        limit $2
        offset $3
        """,
        chatbot_ids,
        limit,
        offset,
        since,
        until,
        custom,
    )


async def conversations_before(
    db: Db, chatbot_id: ChatbotId, *, moment: datetime | None, conversation_id: ConversationId | None, limit: int
) -> list[Conversation]:
    """Latest first, older than a place in the list; any depth costs the same."""
    return await db.all(
        Conversation,
        """
        select chatbot_id, id, number, external_id, external_user_id, source, title, tags, message_count,
               first_message_at, last_message_at, last_received_at, ended_at, reopened, created_at, person,
               organization, session, custom, enrichment, stated, revision, person_id, company_id
        from conversations
        where chatbot_id = $1
            and ($2::timestamptz is null or (last_message_at, id) < ($2, $3))
        order by last_message_at desc, id desc
        limit $4
        """,
        chatbot_id,
        moment,
        conversation_id,
        limit,
    )


async def conversations_begun(
    db: Db,
    chatbot_id: ChatbotId,
    *,
    between: tuple[datetime | None, datetime | None],
    channels: Sequence[str] | None,
    limit: int,
    offset: int,
) -> list[Conversation]:
    """That began in a stretch of time and came by one of these channels, as clients of Chatbase call them; newest first."""
    since, until = between
    return await db.all(
        Conversation,
        """
        select chatbot_id, id, number, external_id, external_user_id, source, title, tags, message_count,
               first_message_at, last_message_at, last_received_at, ended_at, reopened, created_at, person,
               organization, session, custom, enrichment, stated, revision, person_id, company_id
        from conversations
        where chatbot_id = $1
            and ($2::timestamptz is null or first_message_at >= $2)
            and ($3::timestamptz is null or first_message_at < $3)
            and (
                $4::text[] is null
                or case source when 'widget' then 'Widget or Iframe' when 'playground' then 'Playground' else 'API' end
                    = any($4)
            )
        order by first_message_at desc, id desc
        limit $5
        offset $6
        """,
        chatbot_id,
        since,
        until,
        channels,
        limit,
        offset,
    )


async def conversations_in_order(
    db: Db, chatbot_id: ChatbotId, *, after: ConversationId | None, limit: int
) -> list[Conversation]:
    """In the order of their ids, which never change: for whoever wants to see each one once."""
    return await db.all(
        Conversation,
        """
        select chatbot_id, id, number, external_id, external_user_id, source, title, tags, message_count,
               first_message_at, last_message_at, last_received_at, ended_at, reopened, created_at, person,
               organization, session, custom, enrichment, stated, revision, person_id, company_id
        from conversations
        where chatbot_id = $1 and ($2::uuid is null or id > $2)
        order by id
        limit $3
        """,
        chatbot_id,
        after,
        limit,
    )


async def messages_of(db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]) -> list[Message]:
    """In the order of the transcript, conversation by conversation."""
    return await db.all(
        Message,
        """
        select conversation_id, id, number, role, content, external_id, sent_at, received_at, evidence
        from messages
        where chatbot_id = $1 and conversation_id = any($2)
        order by conversation_id, placed_at, placed_rank, id
        """,
        chatbot_id,
        conversation_ids,
    )


async def opening_words(db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]) -> list[Message]:
    """The first message of the user in each conversation, cut short: what a list shows until there is a title."""
    return await db.all(
        Message,
        """
        select m.conversation_id, m.id, m.number, m.role, left(m.content, 200) as content, m.external_id, m.sent_at,
               m.received_at, null::jsonb as evidence
        from unnest($2::uuid[]) as asked (id)
        cross join lateral (
            select conversation_id, id, number, role, content, external_id, sent_at, received_at
            from messages
            where chatbot_id = $1 and conversation_id = asked.id and role = 'user'
            order by placed_at, placed_rank, id
            limit 1
        ) m
        """,
        chatbot_id,
        conversation_ids,
    )
