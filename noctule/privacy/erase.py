"""Forgetting a person: their conversations with every word, judgement, vector and note, their leads and what was sent about
them, and at last themselves. Aggregates are counted anew; what is left names nobody.
"""

from uuid import UUID

import msgspec

from noctule import accounts, agents, conversations, people
from noctule.accounts import Caller
from noctule.base import jobs
from noctule.base.db import Database, Db
from noctule.base.ids import new_id
from noctule.base.jobs import Job, JobState
from noctule.chatbots import Chatbot, ChatbotId
from noctule.people import Person, PersonId

ERASE = "erase_person"
_BATCH = 200  # conversations in one transaction


async def begin_erasing(db: Db, caller: Caller, chatbot: Chatbot, person: Person) -> JobState:
    """A job, because there may be many conversations. The audit log says that it was asked for, and not of whom."""
    caller.must_be("admin")
    args = {"chatbot_id": str(chatbot.id), "person_id": str(person.id)}
    job = await jobs.start(
        db, caller.org_id, ERASE, job_id=new_id(), args=args, total=person.conversations, result=None
    )
    await accounts.note(db, caller, action="person.erased", target=person.id, chatbot=str(chatbot.id))
    return job


async def erase_person(database: Database, job: Job) -> None:
    """The job. Whoever is gone already is no trouble."""
    chatbot_id, person_id = ChatbotId(UUID(job.args["chatbot_id"])), PersonId(UUID(job.args["person_id"]))
    done = job.done
    while True:
        async with database.transaction() as db:
            gone = await conversations.remove_of(db, chatbot_id, person_id, limit=_BATCH)
            await agents.forget_told(db, chatbot_id, [_quoted(one.external_id) for one in gone])
            done += len(gone)
            await jobs.progress(db, job, done=done)
            if not gone:
                await _forget(db, chatbot_id, person_id)
                return


async def _forget(db: Db, chatbot_id: ChatbotId, person_id: PersonId) -> None:
    leads = await agents.forget_leads(db, chatbot_id, person_id)
    told = {word for lead in leads for word in (lead.email, lead.phone) if word}
    await agents.forget_told(db, chatbot_id, [_quoted(word) for word in sorted(told)])
    await people.forget_people(db, chatbot_id, [person_id])


def _quoted(word: str) -> str:
    """As it stands in the body that was sent."""
    return msgspec.json.encode(word).decode()
