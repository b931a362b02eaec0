"""SQL on the vectors of conversations: which are still to be made, what they are made of, and which topic each is in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from noctule.analysis.models import Found, Sought
from noctule.analysis.topics.models import Reading, TopicId
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId


@dataclass(frozen=True)
class Unread:
    """A conversation whose vector is still to be made."""

    conversation_id: ConversationId
    revision: int
    language: str | None
    said: list[str]  # by the user, each message cut short


@dataclass(frozen=True)
class Meaning:
    conversation_id: ConversationId
    vector: bytes
    topic_id: TopicId | None


async def note_due(db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]) -> int:
    """Of these the ones that have changed since their vector was made; how many."""
    return await db.run(
        """
        insert into meanings_due (chatbot_id, conversation_id, revision)
        select j.chatbot_id, j.conversation_id, j.revision
        from conversation_judgements j
        left join conversation_meanings m on m.chatbot_id = j.chatbot_id and m.conversation_id = j.conversation_id
        where j.chatbot_id = $1 and j.conversation_id = any($2) and j.status = 'done'
            and m.revision is distinct from j.revision
        order by j.conversation_id
        on conflict (chatbot_id, conversation_id) do update
        set revision = excluded.revision
        """,
        chatbot_id,
        list(conversation_ids),
    )


async def chatbots_with_meanings_due(db: Db) -> list[ChatbotId]:
    return await db.values("select distinct chatbot_id from meanings_due order by chatbot_id")


async def due(db: Db, chatbot_id: ChatbotId, limit: int) -> list[Unread]:
    return await db.all(
        Unread,
        """
        select d.conversation_id, d.revision, j.language,
               array(
                   select left(m.content, 400)
                   from messages m
                   where m.chatbot_id = d.chatbot_id and m.conversation_id = d.conversation_id and m.role = 'user'
                   order by m.placed_at, m.placed_rank, m.id
                   limit 60
               ) as said
        from meanings_due d
        left join conversation_judgements j on j.chatbot_id = d.chatbot_id and j.conversation_id = d.conversation_id
        where d.chatbot_id = $1
        order by d.conversation_id
        limit $2
        """,
        chatbot_id,
        limit,
    )


async def said_in(
    db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]
) -> dict[ConversationId, list[str]]:
    """By the user, each message cut short, in the order of the transcript."""
    rows = await db.rows(
        """
        select m.conversation_id, array_agg(left(m.content, 400) order by m.placed_at, m.placed_rank, m.id)
        from messages m
        where m.chatbot_id = $1 and m.conversation_id = any($2) and m.role = 'user'
        group by m.conversation_id
        """,
        chatbot_id,
        list(conversation_ids),
    )
    return {row[0]: row[1] for row in rows}


async def save_meanings(
    db: Db,
    chatbot_id: ChatbotId,
    read: Sequence[Unread],
    *,
    vectors: Sequence[bytes | None],
    topics: Sequence[tuple[TopicId | None, float | None]],
) -> None:
    """What has been deleted meanwhile is left out."""
    await db.run(
        """
        insert into conversation_meanings (chatbot_id, conversation_id, revision, vector, topic_id, likeness)
        select $1, given.conversation_id, given.revision, given.vector, given.topic_id, given.likeness
        from unnest($2::uuid[], $3::integer[], $4::bytea[], $5::uuid[], $6::real[])
            as given (conversation_id, revision, vector, topic_id, likeness)
        join conversations c on c.chatbot_id = $1 and c.id = given.conversation_id
        on conflict (chatbot_id, conversation_id) do update
        set revision = excluded.revision, vector = excluded.vector, topic_id = excluded.topic_id,
            likeness = excluded.likeness
        """,
        chatbot_id,
        [one.conversation_id for one in read],
        [one.revision for one in read],
        list(vectors),
        [topic_id for topic_id, _ in topics],
        [likeness for _, likeness in topics],
    )
    await db.run(
        """
        delete from meanings_due d
        using unnest($2::uuid[], $3::integer[]) as given (conversation_id, revision)
        where d.chatbot_id = $1 and d.conversation_id = given.conversation_id and d.revision = given.revision
        """,
        chatbot_id,
        [one.conversation_id for one in read],
        [one.revision for one in read],
    )


async def count_due(db: Db, chatbot_id: ChatbotId) -> int:
    return await db.value("select count(*) from meanings_due where chatbot_id = $1", chatbot_id)


async def meanings(db: Db, chatbot_id: ChatbotId) -> list[Meaning]:
    """All that have a vector, in one order."""
    return await db.all(
        Meaning,
        """
        select conversation_id, vector, topic_id
        from conversation_meanings
        where chatbot_id = $1 and vector is not null
        order by conversation_id
        """,
        chatbot_id,
    )


async def put_into_topics(
    db: Db,
    chatbot_id: ChatbotId,
    conversation_ids: Sequence[ConversationId],
    topics: Sequence[tuple[TopicId | None, float | None]],
) -> None:
    await db.run(
        """
        update conversation_meanings m
        set topic_id = given.topic_id, likeness = given.likeness
        from unnest($2::uuid[], $3::uuid[], $4::real[]) as given (conversation_id, topic_id, likeness)
        where m.chatbot_id = $1 and m.conversation_id = given.conversation_id
            and (m.topic_id, m.likeness) is distinct from (given.topic_id, given.likeness)
        """,
        chatbot_id,
        list(conversation_ids),
        [topic_id for topic_id, _ in topics],
        [likeness for _, likeness in topics],
    )


async def move_all(db: Db, chatbot_id: ChatbotId, topic_id: TopicId, into: TopicId) -> None:
    await db.run(
        "update conversation_meanings set topic_id = $3 where chatbot_id = $1 and topic_id = $2",
        chatbot_id,
        topic_id,
        into,
    )


async def leave_ended(db: Db, chatbot_id: ChatbotId) -> None:
    """Conversations that came to a topic while it was ending go on to the one that follows it."""
    await db.run(
        """
        update conversation_meanings m
        set topic_id = t.successor_id
        from topics t
        where m.chatbot_id = $1 and t.chatbot_id = $1 and t.id = m.topic_id and t.ended_at is not null
        """,
        chatbot_id,
    )


async def told_wrong(
    db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId] | None
) -> list[datetime]:
    """The quarters of hours in which conversations began whose facts name another topic than their vector's row."""
    return await db.values(
        """
        select distinct date_bin('15 minutes', told.began_at, 'epoch') as began
        from conversation_facts told
        join conversation_meanings m on m.chatbot_id = told.chatbot_id and m.conversation_id = told.conversation_id
        where told.chatbot_id = $1 and ($2::uuid[] is null or told.conversation_id = any($2))
            and (told.facts ->> 'topic') is distinct from m.topic_id::text
        """,
        chatbot_id,
        conversation_ids,
    )


async def tell_facts(db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId] | None) -> None:
    """Facts say of these conversations, or of all, what their vectors' rows say. Locked in one order, as `note_facts` does."""
    await db.run(
        """
        update conversation_facts f
        set facts = case
                when wrong.topic_id is null then f.facts - 'topic'
                else jsonb_set(f.facts, '{topic}', to_jsonb(wrong.topic_id))
            end
        from (
            select told.conversation_id, m.topic_id
            from conversation_facts told
            join conversation_meanings m on m.chatbot_id = told.chatbot_id and m.conversation_id = told.conversation_id
            where told.chatbot_id = $1 and ($2::uuid[] is null or told.conversation_id = any($2))
                and (told.facts ->> 'topic') is distinct from m.topic_id::text
            order by told.conversation_id
            for update of told
        ) as wrong
        where f.chatbot_id = $1 and f.conversation_id = wrong.conversation_id
        """,
        chatbot_id,
        conversation_ids,
    )


async def reading(db: Db, chatbot_id: ChatbotId) -> Reading:
    found = await db.one(
        Reading,
        """
        select count(vector) as analysed, count(topic_id) as assigned,
               (select count(*) from meanings_due where chatbot_id = $1) as waiting,
               count(*) filter (where vector is null) as untold
        from conversation_meanings
        where chatbot_id = $1
        """,
        chatbot_id,
    )
    return found or Reading(0, 0, 0, 0)


async def not_in_topics(db: Db, chatbot_id: ChatbotId) -> tuple[int, int, int]:
    """Those that wait for a vector, that have one and fit nowhere, and that have none; by indexes alone."""
    ((waiting, strays, loose),) = await db.rows(
        """
        select (select count(*) from meanings_due where chatbot_id = $1) as waiting,
               (
                   select count(*)
                   from conversation_meanings
                   where chatbot_id = $1 and topic_id is null and vector is not null
               ) as strays,
               (select count(*) from conversation_meanings where chatbot_id = $1 and topic_id is null) as loose
        """,
        chatbot_id,
    )
    return waiting, strays, loose - strays


async def topic_assignments(db: Db, chatbot_id: ChatbotId) -> dict[str, TopicId | None]:
    """By the caller's own ids."""
    rows = await db.rows(
        """
        select c.external_id, m.topic_id
        from conversations c
        left join conversation_meanings m on m.chatbot_id = c.chatbot_id and m.conversation_id = c.id
        where c.chatbot_id = $1
        """,
        chatbot_id,
    )
    return dict(rows)


async def topic_examples(db: Db, chatbot_id: ChatbotId, topic_id: TopicId, limit: int) -> list[ConversationId]:
    """The conversations that are most like their topic."""
    return await db.values(
        """
        select conversation_id
        from conversation_meanings
        where chatbot_id = $1 and topic_id = $2
        order by likeness desc nulls last, conversation_id
        limit $3
        """,
        chatbot_id,
        topic_id,
        limit,
    )


async def vectors_between(
    db: Db, chatbot_id: ChatbotId, sought: Sought, *, most: int
) -> list[tuple[ConversationId, bytes]]:
    """Of the latest conversations that began in this time and of which this is known."""
    return await db.rows(
        """
        select m.conversation_id, m.vector
        from conversations c
        join conversation_meanings m on m.chatbot_id = c.chatbot_id and m.conversation_id = c.id
        left join conversation_facts f on f.chatbot_id = c.chatbot_id and f.conversation_id = c.id
        where c.chatbot_id = $1 and m.vector is not null
            and ($2::timestamptz is null or c.first_message_at >= $2)
            and ($3::timestamptz is null or c.first_message_at < $3)
            and ($4::jsonpath is null or f.facts @@ $4)
        order by c.first_message_at desc
        limit $5
        """,
        chatbot_id,
        sought.since,
        sought.until,
        sought.path,
        most,
    )


async def openings_of(db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]) -> list[Found]:
    """Of each the longest of its user's first three messages, which says most of what its vector is made of."""
    return await db.all(
        Found,
        """
        select c.id as conversation_id, said.id as message_id, said.role, said.placed_at as said_at, said.content,
               c.external_id, coalesce(c.title, j.title) as title, mj.sentiment
        from conversations c
        cross join lateral (
            select first.id, first.role, first.placed_at, first.content
            from (
                select m.id, m.role, m.placed_at, m.content
                from messages m
                where m.chatbot_id = c.chatbot_id and m.conversation_id = c.id and m.role = 'user'
                order by m.placed_at, m.placed_rank, m.id
                limit 3
            ) first
            order by length(first.content) desc, first.id
            limit 1
        ) said
        left join conversation_judgements j on j.chatbot_id = c.chatbot_id and j.conversation_id = c.id
        left join message_judgements mj
            on mj.chatbot_id = c.chatbot_id and mj.conversation_id = c.id and mj.message_id = said.id
        where c.chatbot_id = $1 and c.id = any($2)
        """,
        chatbot_id,
        conversation_ids,
    )
