"""SQL on leads."""

from datetime import datetime

from noctule.agents.models import Lead
from noctule.base.db import Db
from noctule.chatbots import ChatbotId


async def insert_lead(db: Db, lead: Lead) -> None:
    await db.run(
        """
        insert into leads (chatbot_id, id, person_id, conversation, name, email, phone, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        lead.chatbot_id,
        lead.id,
        lead.person_id,
        lead.conversation,
        lead.name,
        lead.email,
        lead.phone,
        lead.created_at,
    )


async def leads_of(
    db: Db, chatbot_id: ChatbotId, *, between: tuple[datetime | None, datetime | None], limit: int, offset: int
) -> list[Lead]:
    """The newest first."""
    since, until = between
    return await db.all(
        Lead,
        """
        select id, chatbot_id, person_id, conversation, name, email, phone, created_at
        from leads
        where chatbot_id = $1
            and ($2::timestamptz is null or created_at >= $2)
            and ($3::timestamptz is null or created_at < $3)
        order by created_at desc, id desc
        limit $4
        offset $5
        """,
        chatbot_id,
        since,
        until,
        limit,
        offset,
    )
