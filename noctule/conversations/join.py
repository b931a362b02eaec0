"""Joining people: somebody known by an address alone turns out to be somebody with an id; meeting and parting with somebody."""

from datetime import datetime
from uuid import UUID

from noctule import people
from noctule.accounts import Caller
from noctule.base.db import Database, Db
from noctule.base.jobs import Job
from noctule.chatbots import Chatbot, ChatbotId
from noctule.conversations.news import day_changed, facts_changed
from noctule.conversations.store import meeting, writing
from noctule.people import Contact, Identified, PersonId, Seen

_BATCH = 500  # conversations in one transaction


async def meet(db: Db, chatbot_id: ChatbotId, external_id: str, person_id: PersonId) -> None:
    """A conversation that was with nobody known is with this person; one with somebody else stays as it is."""
    named = await writing.name_person(db, chatbot_id, external_id, person_id)
    if named is not None:
        conversation_id, began = named
        await people.renew_soon(db, chatbot_id, [Identified(person_id)])
        await day_changed(db, chatbot_id, [began])
        await facts_changed(db, chatbot_id, [conversation_id])


async def part_with(db: Db, caller: Caller, chatbot: Chatbot, contact: Contact) -> None:
    """A contact goes; their conversations stay, with nobody in particular. Raises NotFound."""
    await people.delete_contact(db, caller, chatbot, contact)
    await writing.forget_person(db, chatbot.id, contact.id)


async def join_people(database: Database, job: Job) -> None:
    """The job: their conversations move, a batch at a time, and then the one without an id goes."""
    chatbot_id = ChatbotId(UUID(job.args["chatbot_id"]))
    while True:
        async with database.transaction() as db:
            found = await people.doubles(db, chatbot_id, limit=1)
            if not found:
                return
            ((nameless, named),) = found
            moved = await writing.move_conversations(db, chatbot_id, nameless, into=named, limit=_BATCH)
            await day_changed(db, chatbot_id, [began for _, began in moved])
            await facts_changed(db, chatbot_id, [conversation_id for conversation_id, _ in moved])
            if len(moved) < _BATCH:
                await people.absorb(db, chatbot_id, nameless, into=named)


async def meet_people(database: Database, job: Job) -> None:
    """The job: whom conversations were with that were stored before people were known, a batch at a time."""
    chatbot_id, until = ChatbotId(UUID(job.args["chatbot_id"])), datetime.fromisoformat(job.args["until"])
    after = None
    while True:
        async with database.transaction() as db:
            found = await meeting.unmet(db, chatbot_id, until=until, after=after, limit=_BATCH)
            if not found:
                return
            seen = [Seen(chatbot_id, one.person, one.organization, one.last_received_at) for one in found]
            whom = await people.identify(db, seen)
            ids = [one.id for one in found]
            await meeting.tell_whom(db, chatbot_id, ids, whom)
            await people.renew_soon(db, chatbot_id, whom)
            await day_changed(db, chatbot_id, [one.first_message_at for one in found])
            await facts_changed(db, chatbot_id, ids)
        after = ids[-1]
