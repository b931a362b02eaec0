"""SQL that tells whom conversations were with which are older than the knowledge of people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations.models import ConversationId
from noctule.people import Identified


@dataclass(frozen=True, slots=True)
class Unmet:
    """What its caller said about whom a conversation was with."""

    id: ConversationId
    person: dict[str, Any]
    organization: dict[str, Any]
    first_message_at: datetime
    last_received_at: datetime


async def unmet(
    db: Db, chatbot_id: ChatbotId, *, until: datetime, after: ConversationId | None, limit: int
) -> list[Unmet]:
    """Stored before `until`, in the order of their ids."""
    return await db.all(
        Unmet,
        """
        select id, person, organization, first_message_at, last_received_at
        from conversations
        where chatbot_id = $1 and created_at < $2 and ($3::uuid is null or id > $3)
            and person_id is null and company_id is null and (person <> '{}' or organization <> '{}')
        order by id
        limit $4
        """,
        chatbot_id,
        until,
        after,
        limit,
    )


async def tell_whom(db: Db, chatbot_id: ChatbotId, ids: Sequence[ConversationId], whom: Sequence[Identified]) -> None:
    """Unless somebody was met there meanwhile."""
    await db.run(
        """
        update conversations c
        set person_id = u.person_id, company_id = u.company_id
        from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as u (id, person_id, company_id)
        where c.chatbot_id = $1 and c.id = u.id and c.person_id is null and c.company_id is null
        """,
        chatbot_id,
        ids,
        [one.person_id for one in whom],
        [one.company_id for one in whom],
    )
