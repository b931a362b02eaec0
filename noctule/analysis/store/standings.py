"""Figures over the conversations of people and companies."""

from collections.abc import Sequence

from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.people import CompanyId, PersonId, Standing


async def standings_of_people(db: Db, chatbot_id: ChatbotId, ids: Sequence[PersonId]) -> list[Standing]:
    return await db.all(
        Standing,
        """
        select c.person_id as id, 1 as people, count(*)::int as conversations, sum(c.message_count)::int as messages,
               avg(j.sentiment) as sentiment, min(c.first_message_at) as first_seen_at,
               max(c.last_message_at) as last_seen_at
        from conversations c
        left join conversation_judgements j on j.chatbot_id = c.chatbot_id and j.conversation_id = c.id
        where c.chatbot_id = $1 and c.person_id = any($2)
        group by c.person_id
        """,
        chatbot_id,
        ids,
    )


async def standings_of_companies(db: Db, chatbot_id: ChatbotId, ids: Sequence[CompanyId]) -> list[Standing]:
    return await db.all(
        Standing,
        """
        select c.company_id as id, count(distinct c.person_id)::int as people, count(*)::int as conversations,
               sum(c.message_count)::int as messages, avg(j.sentiment) as sentiment,
               min(c.first_message_at) as first_seen_at, max(c.last_message_at) as last_seen_at
        from conversations c
        left join conversation_judgements j on j.chatbot_id = c.chatbot_id and j.conversation_id = c.id
        where c.chatbot_id = $1 and c.company_id = any($2)
        group by c.company_id
        """,
        chatbot_id,
        ids,
    )
