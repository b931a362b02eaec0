"""Forgetting a person: their leads, and what webhooks were told about them."""

from collections.abc import Sequence

from noctule.agents.models import Lead
from noctule.agents.store import leads, webhooks
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.people import PersonId


async def forget_leads(db: Db, chatbot_id: ChatbotId, person_id: PersonId) -> list[Lead]:
    """Those that were."""
    found = await leads.leads_with(db, chatbot_id, person_id)
    await leads.delete_leads(db, chatbot_id, [one.id for one in found])
    return found


async def forget_told(db: Db, chatbot_id: ChatbotId, words: Sequence[str]) -> None:
    """Deliveries that hold one of these words; a job that was to send one finds nothing to send."""
    if words:
        await webhooks.delete_told(db, chatbot_id, words)
