"""Who is meant by a name in an address."""

from noctule.base.db import Db
from noctule.base.errors import NotFound
from noctule.base.ids import parse_id
from noctule.base.text import storable
from noctule.chatbots import ChatbotId
from noctule.people.models import Person, PersonId
from noctule.people.store import people as store


async def person_called(db: Db, chatbot_id: ChatbotId, name: str) -> Person:
    """By our id or the caller's own. Raises NotFound."""
    parsed = parse_id(name)
    found = await store.person(db, chatbot_id, PersonId(parsed)) if parsed else None
    if found is None and storable(name) is None:
        named = await store.person_named(db, chatbot_id, name)
        found = await store.person(db, chatbot_id, named) if named else None
    if found is None:
        raise NotFound("There is no such user.")
    return found
