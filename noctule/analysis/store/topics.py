"""SQL on topics: what they are, how they came to be, and figures over their conversations."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from noctule.analysis.topics.models import Grouping, Topic, TopicFigures, TopicId
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId


async def make_grouping(db: Db, chatbot_id: ChatbotId) -> None:
    await db.run(
        """
        insert into groupings (chatbot_id, edition, vectors, strays)
        values ($1, 0, 0, 0)
        on conflict (chatbot_id) do nothing
        """,
        chatbot_id,
    )


async def grouping(db: Db, chatbot_id: ChatbotId) -> Grouping | None:
    return await db.one(
        Grouping,
        "select edition, grouped_at, vectors, strays, job_id from groupings where chatbot_id = $1",
        chatbot_id,
    )


async def lock_grouping(db: Db, chatbot_id: ChatbotId) -> Grouping | None:
    return await db.one(
        Grouping,
        "select edition, grouped_at, vectors, strays, job_id from groupings where chatbot_id = $1 for update",
        chatbot_id,
    )


async def note_edition(db: Db, chatbot_id: ChatbotId) -> None:
    await db.run("update groupings set edition = edition + 1 where chatbot_id = $1", chatbot_id)


async def note_job(db: Db, chatbot_id: ChatbotId, job_id: UUID) -> None:
    await db.run("update groupings set job_id = $2 where chatbot_id = $1", chatbot_id, job_id)


async def note_grouped(db: Db, chatbot_id: ChatbotId, *, vectors: int | None, strays: int) -> None:
    """`vectors` is None where only those were grouped that fitted nowhere."""
    await db.run(
        """
        update groupings
        set edition = edition + 1, strays = $4, vectors = coalesce($3, vectors),
            grouped_at = case when $3::integer is null then grouped_at else $2 end
        where chatbot_id = $1
        """,
        chatbot_id,
        db.now,
        vectors,
        strays,
    )


async def grouped_before(db: Db, moment: datetime) -> list[ChatbotId]:
    """Chatbots whose topics are older and to which conversations have come since."""
    return await db.values(
        """
        select g.chatbot_id
        from groupings g
        where (g.grouped_at is null or g.grouped_at < $1)
            and g.vectors <> (
                select count(*)
                from conversation_meanings m
                where m.chatbot_id = g.chatbot_id and m.vector is not null
            )
        order by g.chatbot_id
        """,
        moment,
    )


async def topics_of(db: Db, chatbot_id: ChatbotId) -> list[Topic]:
    """Those that have not ended, the oldest first."""
    return await db.all(
        Topic,
        """
        select id, phrases, given_name, centres, pinned, hidden, came_from, successor_id, x, y, created_at, ended_at
        from topics
        where chatbot_id = $1 and ended_at is null
        order by created_at, id
        """,
        chatbot_id,
    )


async def topic(db: Db, chatbot_id: ChatbotId, topic_id: TopicId) -> Topic | None:
    """Also one that has ended."""
    return await db.one(
        Topic,
        """
        select id, phrases, given_name, centres, pinned, hidden, came_from, successor_id, x, y, created_at, ended_at
        from topics
        where chatbot_id = $1 and id = $2
        """,
        chatbot_id,
        topic_id,
    )


async def topics_with(db: Db, chatbot_id: ChatbotId, topic_ids: Sequence[TopicId]) -> list[Topic]:
    return await db.all(
        Topic,
        """
        select id, phrases, given_name, centres, pinned, hidden, came_from, successor_id, x, y, created_at, ended_at
        from topics
        where chatbot_id = $1 and id = any($2)
        order by created_at, id
        """,
        chatbot_id,
        list(topic_ids),
    )


async def save_topic(db: Db, chatbot_id: ChatbotId, one: Topic) -> None:
    await db.run(
        """
        insert into topics (
            chatbot_id, id, phrases, given_name, centres, pinned, hidden, came_from, successor_id, x, y, created_at, ended_at
        )
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        on conflict (chatbot_id, id) do update
        set phrases = excluded.phrases, given_name = excluded.given_name, centres = excluded.centres,
            pinned = excluded.pinned, hidden = excluded.hidden, came_from = excluded.came_from,
            successor_id = excluded.successor_id, x = excluded.x, y = excluded.y, ended_at = excluded.ended_at
        """,
        chatbot_id,
        one.id,
        one.phrases,
        one.given_name,
        one.centres,
        one.pinned,
        one.hidden,
        one.came_from,
        one.successor_id,
        one.x,
        one.y,
        one.created_at,
        one.ended_at,
    )


async def topic_of(
    db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]
) -> dict[ConversationId, TopicId]:
    rows = await db.rows(
        """
        select conversation_id, topic_id
        from conversation_meanings
        where chatbot_id = $1 and conversation_id = any($2) and topic_id is not null
        """,
        chatbot_id,
        list(conversation_ids),
    )
    return dict(rows)


async def figures(
    db: Db, chatbot_id: ChatbotId, *, since: datetime | None, middle: datetime, until: datetime | None
) -> list[TopicFigures]:
    """Of each topic that has conversations which began in this time; rates leave open conversations out."""
    return await db.all(
        TopicFigures,
        """
        select m.topic_id, count(*) as conversations, avg(j.sentiment) as sentiment, count(j.sentiment) as scored,
               avg((j.unresolved_probability >= 0.5)::integer)
                   filter (where j.final and j.unresolved_probability is not null)::float8 as unresolved,
               count(j.unresolved_probability) filter (where j.final) as ended,
               avg(j.dissatisfaction) as dissatisfaction,
               count(*) filter (where c.first_message_at >= $3) as latest,
               min(c.first_message_at) as first_at, max(c.last_message_at) as last_at
        from conversation_meanings m
        join conversations c on c.chatbot_id = m.chatbot_id and c.id = m.conversation_id
        left join conversation_judgements j on j.chatbot_id = m.chatbot_id and j.conversation_id = m.conversation_id
        where m.chatbot_id = $1 and m.vector is not null
            and ($2::timestamptz is null or c.first_message_at >= $2)
            and ($4::timestamptz is null or c.first_message_at < $4)
        group by m.topic_id
        """,
        chatbot_id,
        since,
        middle,
        until,
    )
