"""SQL on leads."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from noctule.agents.models import Lead
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.people import PersonId


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
    """The newest first; without a person who is gone since."""
    since, until = between
    return await db.all(
        Lead,
        """
        select l.id, l.chatbot_id, p.id as person_id, l.conversation, l.name, l.email, l.phone, l.created_at
        from leads l
        left join people p on p.chatbot_id = l.chatbot_id and p.id = l.person_id
        where l.chatbot_id = $1
            and ($2::timestamptz is null or l.created_at >= $2)
            and ($3::timestamptz is null or l.created_at < $3)
        order by l.created_at desc, l.id desc
        limit $4
        offset $5
        """,
        chatbot_id,
        since,
        until,
        limit,
        offset,
    )


async def leads_with(db: Db, chatbot_id: ChatbotId, person_id: PersonId) -> list[Lead]:
    """Of one person: those that were said to be theirs, and those with their address."""
    return await db.all(
        Lead,
        """
        select l.id, l.chatbot_id, l.person_id, l.conversation, l.name, l.email, l.phone, l.created_at
        from leads l
        where l.chatbot_id = $1
            and (
                l.person_id = $2
                or lower(l.email) = (select p.handle from people p where p.chatbot_id = $1 and p.id = $2)
            )
        order by l.created_at, l.id
        """,
        chatbot_id,
        person_id,
    )


async def with_leads(db: Db, chatbot_id: ChatbotId, ids: Sequence[PersonId]) -> set[PersonId]:
    """Those of these people who left one."""
    return set(
        await db.values(
            """
            select p.id
            from people p
            where p.chatbot_id = $1 and p.id = any($2)
                and (
                    p.id in (select l.person_id from leads l where l.chatbot_id = $1)
                    or p.handle in (select lower(l.email) from leads l where l.chatbot_id = $1)
                )
            """,
            chatbot_id,
            ids,
        )
    )


async def delete_leads(db: Db, chatbot_id: ChatbotId, ids: Sequence[UUID]) -> None:
    await db.run("delete from leads where chatbot_id = $1 and id = any($2)", chatbot_id, ids)
