"""Leads: visitors who left an address. Each is a person too, and the team's servers hear of it."""

from noctule import conversations, people
from noctule.agents.models import Lead
from noctule.agents.store import leads as store
from noctule.agents.webhooks import LEAD_SUBMITTED, fire
from noctule.base.db import Db
from noctule.base.errors import Invalid
from noctule.base.ids import new_id
from noctule.base.text import is_email, storable
from noctule.chatbots import Chatbot, ChatbotArchived
from noctule.people import Seen

_LONGEST = 256


async def submit_lead(
    db: Db, chatbot: Chatbot, *, name: str | None, email: str | None, phone: str | None, conversation: str | None
) -> Lead:
    """At least one of name, email and phone. Raises Invalid or ChatbotArchived."""
    if chatbot.archived_at is not None:
        raise ChatbotArchived
    parts = {"name": name, "email": email, "phone": phone, "conversationId": conversation}
    said = {field: _checked(field, value) for field, value in parts.items()}
    if not (said["name"] or said["email"] or said["phone"]):
        raise Invalid.field("email", "or a name or a phone number is required")
    if said["email"] and not is_email(said["email"]):
        raise Invalid.field("email", "must be an e-mail address")
    person = {field: said[field] for field in ("name", "email", "phone") if said[field]}
    [whom] = await people.identify(db, [Seen(chatbot.id, person, {}, db.now)])
    lead = Lead(
        new_id(), chatbot.id, whom.person_id, said["conversationId"], said["name"], said["email"], said["phone"], db.now
    )
    await store.insert_lead(db, lead)
    if lead.conversation and whom.person_id:
        await conversations.meet(db, chatbot.id, lead.conversation, whom.person_id)
    payload = {
        "conversationId": lead.conversation or "",
        "customerEmail": lead.email or "",
        "customerName": lead.name or "",
        "customerPhone": lead.phone or "",
    }
    await fire(db, chatbot.id, LEAD_SUBMITTED, payload)
    return lead


def _checked(field: str, value: str | None) -> str | None:
    text = (value or "").strip()
    if len(text) > _LONGEST or storable(text):
        raise Invalid.field(field, f"must be a text of at most {_LONGEST} characters")
    return text or None
