"""Everything that is known of one person, as one JSON document: what they told of themselves, their leads, every conversation
with its judgements, and what the team noted.
"""

from collections.abc import AsyncIterator

import msgspec

from noctule import accounts, agents, conversations, people, transfer
from noctule.accounts import Caller
from noctule.base.clock import iso
from noctule.base.db import Database
from noctule.chatbots import Chatbot
from noctule.people import Person
from noctule.transfer import Wanted


async def told_of(database: Database, caller: Caller, chatbot: Chatbot, person: Person) -> AsyncIterator[bytes]:
    """The document, piece by piece. Raises Denied before the first."""
    caller.must_be("admin")
    async with database.transaction() as db:
        contact = await people.contact_called(db, chatbot.id, str(person.id))
        leads = await agents.leads_with(db, chatbot.id, person.id)
        notes = await conversations.notes_about(db, chatbot.id, person.id)
        await accounts.note(db, caller, action="person.exported", target=person.id, chatbot=str(chatbot.id))
        exported_at = iso(db.now)
    head = {
        "exported_at": exported_at,
        "chatbot": {"id": str(chatbot.id), "name": chatbot.name},
        "user": {
            "id": str(person.id),
            "external_id": person.external_id,
            "traits": person.traits,
            "attributes": contact.attributes if contact else {},
            "organization": person.company_name or person.company_external_id,
            "first_seen_at": person.first_seen_at,
            "last_seen_at": person.last_seen_at,
        },
        "leads": [
            {"name": one.name, "email": one.email, "phone": one.phone, "created_at": one.created_at} for one in leads
        ],
        "notes": [
            {"conversation": str(one.conversation_id), "text": one.text, "written_at": one.written_at} for one in notes
        ],
    }
    return _document(database, msgspec.json.encode(head), Wanted(chatbot, "jsonl", analysis=True, person_id=person.id))


async def _document(database: Database, head: bytes, wanted: Wanted) -> AsyncIterator[bytes]:
    yield head[:-1] + b',"conversations":['
    before = b"\n"
    async for line in transfer.export(database, wanted):
        yield before + line.rstrip(b"\n")
        before = b",\n"
    yield b"\n]}\n"
