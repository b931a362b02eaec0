"""Demo data for an organization: three chatbots, and a job for each that stores its conversations, the last ones first.

Everything goes through the one door for words and is judged like any other conversation. Deleting the chatbots deletes it.
"""

from uuid import UUID

from noctule import chatbots
from noctule.accounts import Member, note
from noctule.base import jobs
from noctule.base.clock import iso, moment
from noctule.base.db import Database, Db
from noctule.base.errors import Conflict
from noctule.base.ids import new_id
from noctule.base.jobs import Job, JobHopeless
from noctule.chatbots import ChatbotArchived, ChatbotId, FieldType, KeyRevoked
from noctule.demo import scripts, store
from noctule.demo.drafts import drafts
from noctule.transfer import Intake, Tally

HANDLER = "load_demo"
_FIELDS: dict[str, list[tuple[str, str, FieldType]]] = {
    "shop": [("basket_value", "Basket value", "number"), ("prompt_version", "Prompt", "string")],
    "helpdesk": [("workspace_seats", "Seats", "number"), ("prompt_version", "Prompt", "string")],
    "people": [("department", "Department", "string"), ("prompt_version", "Prompt", "string")],
}


async def load(db: Db, member: Member) -> None:
    """Into an organization without chatbots, so that nobody mistakes it for his own. Raises Denied or Conflict."""
    member.must_be("owner")
    await store.lock_organization(db, member.org_id)
    if await chatbots.chatbots_of(db, member.org_id):
        raise Conflict("Demo data can be loaded while there is no chatbot yet.")
    for slug in scripts.BOTS:
        bot = scripts.bot(slug)
        chatbot, _ = await chatbots.create(db, member, bot.name)
        for key, label, kind in _FIELDS[slug]:
            await chatbots.declare_field(db, member, chatbot.id, key=key, label=label, kind=kind)
            await chatbots.change_field(db, member, chatbot.id, key, changes={"status": "accept"})
        args = {"chatbot_id": str(chatbot.id), "bot": slug, "until": iso(db.now)}
        await jobs.start(db, member.org_id, HANDLER, job_id=new_id(), args=args, total=bot.share)
    await note(db, member, action="demo.loaded", target=member.org_id)


async def store_demo(database: Database, job: Job) -> None:
    """The job: goes on where an earlier attempt came to."""
    chatbot_id = ChatbotId(UUID(job.args["chatbot_id"]))

    async def tell(db: Db, tally: Tally) -> None:
        await jobs.progress(db, job, done=tally.conversations, result=tally.told())

    told = job.result or {}
    tally = Tally(job.done, told.get("messages_stored", 0), told.get("messages_repeated", 0))
    intake = Intake(database, chatbot_id, judged=True, tell=tell, tally=tally)
    try:
        for number, draft in enumerate(drafts(job.args["bot"], moment(job.args["until"], "until"))):
            if number >= job.done:
                await intake.take(draft)
        await intake.store()
    except KeyRevoked:
        raise JobHopeless("The chatbot is gone.") from None
    except ChatbotArchived:
        raise JobHopeless("The chatbot was archived meanwhile.") from None
