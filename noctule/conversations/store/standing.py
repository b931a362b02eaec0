"""How chatbots stand: how much was said, when last, and how many conversations are going on."""

from collections.abc import Sequence
from datetime import date, datetime

from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations.models import Standing


async def standings_of(db: Db, chatbot_ids: Sequence[ChatbotId], *, most: int) -> dict[ChatbotId, Standing]:
    """The count is exact below `most`."""
    rows = await db.all(
        Standing,
        """
        select asked.id as chatbot_id,
               (
                   select count(*)
                   from (select 1 from conversations where chatbot_id = asked.id limit $2) counted
               ) as conversations,
               (
                   select last_message_at
                   from conversations
                   where chatbot_id = asked.id
                   order by last_message_at desc, id desc
                   limit 1
               ) as last_message_at
        from unnest($1::uuid[]) as asked (id)
        """,
        chatbot_ids,
        most,
    )
    return {row.chatbot_id: row for row in rows}


async def count_talking(db: Db, chatbot_id: ChatbotId, *, since: datetime) -> int:
    """Conversations in which something was said lately and which have not ended."""
    return await db.value(
        """
        select count(*)
        from conversations
        where chatbot_id = $1 and last_message_at >= $2 and ended_at is null
        """,
        chatbot_id,
        since,
    )


async def days_begun_since(db: Db, chatbot_ids: Sequence[ChatbotId], moment: datetime) -> list[tuple[ChatbotId, date]]:
    """Days (UTC) of each chatbot on which conversations began, then or later."""
    return await db.rows(
        """
        select distinct chatbot_id, (first_message_at at time zone 'UTC')::date as day
        from conversations
        where chatbot_id = any($1) and first_message_at >= $2
        """,
        chatbot_ids,
        moment,
    )


async def forget_arrivals(db: Db, chatbot_ids: Sequence[ChatbotId], before: datetime) -> int:
    return await db.run("delete from arrivals where chatbot_id = any($1) and hour < $2", chatbot_ids, before)
