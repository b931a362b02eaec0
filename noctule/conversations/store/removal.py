"""SQL that takes many conversations away, and that finds those of one person."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations.models import Conversation, ConversationId, Gone, NoteOf
from noctule.people import PersonId


async def count_before(db: Db, chatbot_id: ChatbotId, moment: datetime) -> int:
    return await db.value(
        "select count(*) from conversations where chatbot_id = $1 and last_message_at < $2", chatbot_id, moment
    )


async def last_said_before(db: Db, chatbot_id: ChatbotId, moment: datetime, *, limit: int) -> list[Gone]:
    """The oldest first."""
    return await db.all(
        Gone,
        """
        select id, external_id, first_message_at, last_message_at, person_id, company_id, custom
        from conversations
        where chatbot_id = $1 and last_message_at < $2
        order by last_message_at, id
        limit $3
        """,
        chatbot_id,
        moment,
        limit,
    )


async def some_with(db: Db, chatbot_id: ChatbotId, person_id: PersonId, *, limit: int) -> list[Gone]:
    return await db.all(
        Gone,
        """
        select id, external_id, first_message_at, last_message_at, person_id, company_id, custom
        from conversations
        where chatbot_id = $1 and person_id = $2
        order by id
        limit $3
        """,
        chatbot_id,
        person_id,
        limit,
    )


async def hold_some(
    db: Db, chatbot_id: ChatbotId, ids: Sequence[ConversationId], last_message_at: Sequence[datetime]
) -> list[ConversationId]:
    """Nobody adds to them any more. One in which something was said meanwhile is left out."""
    return await db.values(
        """
        select c.id
        from conversations c
        join unnest($2::uuid[], $3::timestamptz[]) as u (id, last_message_at)
            on c.chatbot_id = $1 and c.id = u.id and c.last_message_at = u.last_message_at
        order by c.id
        for update of c
        """,
        chatbot_id,
        ids,
        last_message_at,
    )


async def delete_some(db: Db, chatbot_id: ChatbotId, ids: Sequence[ConversationId], *, lane: UUID) -> None:
    """Of those that are held. Everything below them goes with them, by the foreign keys; of how many messages, is noted in the
    hours of these: those of their ids (RFC 9562, section 5.7), as far back as arrivals are known.
    """
    await db.run(
        """
        with gone as (
            delete from conversations where chatbot_id = $1 and id = any($2)
        ), said as (
            select timestamptz 'epoch' + interval '1 hour'
                       * (('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 3600000) as hour,
                   count(*)::int as messages
            from messages
            where chatbot_id = $1 and conversation_id = any($2)
            group by 1
        )
        insert into arrivals as d (chatbot_id, hour, lane, accepted, stored, deleted)
        select $1, said.hour, $3, 0, 0, said.messages
        from said
        where exists (select 1 from arrivals came where came.chatbot_id = $1 and came.hour = said.hour)
        order by said.hour
        on conflict (chatbot_id, hour, lane) do update
        set deleted = d.deleted + excluded.deleted
        """,
        chatbot_id,
        ids,
        lane,
    )


async def conversations_with(
    db: Db, chatbot_id: ChatbotId, person_id: PersonId, *, after: ConversationId | None, limit: int
) -> list[Conversation]:
    """All of one person, in the order of their ids, judged or not."""
    return await db.all(
        Conversation,
        """
        select chatbot_id, id, number, external_id, external_user_id, source, title, tags, message_count,
               first_message_at, last_message_at, last_received_at, ended_at, reopened, created_at, person, organization,
               session, custom, enrichment, stated, revision, person_id, company_id
        from conversations
        where chatbot_id = $1 and person_id = $2 and ($3::uuid is null or id > $3)
        order by id
        limit $4
        """,
        chatbot_id,
        person_id,
        after,
        limit,
    )


async def notes_about(db: Db, chatbot_id: ChatbotId, person_id: PersonId) -> list[NoteOf]:
    """What the team wrote about conversations with this person, the oldest first."""
    return await db.all(
        NoteOf,
        """
        select n.conversation_id, n.text, n.written_at
        from conversations c
        join conversation_notes n on n.chatbot_id = c.chatbot_id and n.conversation_id = c.id
        where c.chatbot_id = $1 and c.person_id = $2
        order by n.written_at, n.id
        """,
        chatbot_id,
        person_id,
    )
