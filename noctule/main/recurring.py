"""What each job calls, and the recurring work as one list."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from noctule import accounts, agents, analysis, chatbots, conversations, demo, knowledge, people, privacy, transfer
from noctule.base import jobs
from noctule.base.db import Database
from noctule.base.egress import Egress
from noctule.base.embed import Embedder
from noctule.base.jobs import Handler, Job, JobHopeless
from noctule.base.mail import Mail, MailDelayed, MailRefused, send
from noctule.base.settings import Settings
from noctule.web import ratelimit


async def sweep_accounts(database: Database, _job: Job) -> None:
    async with database.transaction() as db:
        await accounts.sweep(db)


async def purge_jobs(database: Database, _job: Job) -> None:
    async with database.transaction() as db:
        await jobs.purge(db, db.now - timedelta(days=7))


async def sweep_rates(database: Database, _job: Job) -> None:
    async with database.transaction() as db:
        await ratelimit.sweep(db)


async def sweep_uploads(database: Database, _job: Job) -> None:
    async with database.transaction() as db:
        await transfer.sweep_uploads(db)


async def sweep_arrivals(database: Database, _job: Job) -> None:
    """The ledger is for what happened lately."""
    async with database.transaction() as db:
        await conversations.forget_arrivals(db, await chatbots.every_chatbot(db), db.now - timedelta(days=30))


async def embed_waiting(database: Database, _job: Job) -> None:
    async with database.transaction() as db:
        await analysis.embed_waiting(db)


async def group_nightly(database: Database, _job: Job) -> None:
    async with database.transaction() as db:
        await analysis.group_nightly(db)


async def align_days(database: Database, _job: Job) -> None:
    async with database.transaction() as db:
        await analysis.align_days(db)


_MAIL_ROUNDS, _MAIL_PAUSE = 12, timedelta(minutes=15)

HANDLERS: Mapping[str, Handler] = {
    "sweep_accounts": sweep_accounts,
    "sweep_rates": sweep_rates,
    "sweep_uploads": sweep_uploads,
    "sweep_arrivals": sweep_arrivals,
    "purge_jobs": purge_jobs,
    transfer.HANDLER: transfer.store_brought,
    demo.HANDLER: demo.store_demo,
    people.JOIN: conversations.join_people,
    "meet_people": conversations.meet_people,
    conversations.DAY_CHANGED: analysis.renew_day,
    conversations.FACTS_CHANGED: analysis.renew_facts,
    chatbots.CALENDAR_CHANGED: analysis.count_anew,
    analysis.HANDLER: analysis.run_reanalysis,
    analysis.SPLIT: analysis.run_split,
    "embed_waiting": embed_waiting,
    "group_nightly": group_nightly,
    "align_days": align_days,
    "expire_conversations": privacy.expire_conversations,
    privacy.ERASE: privacy.erase_person,
}


def learning(embedder: Embedder, settings: Settings) -> Mapping[str, Handler]:
    """The jobs that need more than the database."""
    egress = Egress(allow_private=settings.allow_private_hosts)
    reader = knowledge.Reader(egress)
    return {
        knowledge.HANDLER: partial(_then_calibrate, knowledge.training(embedder, reader)),
        knowledge.EMBED: partial(_then_calibrate, knowledge.embedding(embedder)),
        analysis.EMBED: analysis.embedding(embedder),
        analysis.GROUP: analysis.regrouping(embedder),
        agents.HANDLER: agents.calibration_job(embedder),
        agents.DELIVER: agents.delivering(egress),
    }


_TEACHING = (knowledge.HANDLER,)
_MEANING = (knowledge.EMBED, agents.HANDLER)
_TOPICS = (analysis.EMBED, analysis.GROUP)


def lanes(known: Mapping[str, Handler]) -> Sequence[Mapping[str, Handler]]:
    """What runs side by side in a worker, one job of each lane at a time: so a changed text is learned while the model
    still reads another one, and no mail waits for either. There may be two trainings at once, one of them a long one.
    """
    apart = [_TEACHING, _TEACHING, _MEANING, _TOPICS]
    named = {name for names in apart for name in names}
    rest = {name: handler for name, handler in known.items() if name not in named}
    return [*({name: known[name] for name in names} for names in apart), rest]


async def _then_calibrate(handler: Handler, database: Database, job: Job) -> None:
    """What is known has changed, so how sure an agent must be has too."""
    await handler(database, job)
    async with database.transaction() as db:
        chatbot_id = job.args["chatbot_id"]
        await jobs.enqueue(db, agents.HANDLER, {"chatbot_id": chatbot_id}, key=chatbot_id)


RECURRING: Sequence[tuple[str, timedelta]] = [
    ("sweep_accounts", timedelta(hours=1)),
    ("sweep_rates", timedelta(hours=6)),
    ("sweep_uploads", timedelta(minutes=10)),
    ("sweep_arrivals", timedelta(days=1)),
    ("purge_jobs", timedelta(hours=6)),
    ("embed_waiting", timedelta(minutes=1)),
    ("group_nightly", timedelta(hours=1)),
    ("align_days", timedelta(hours=1)),
    ("expire_conversations", timedelta(days=1)),
]


def handlers(smtp_url: str) -> Mapping[str, Handler]:
    """All of them, also those that send mail."""
    post = partial(_post, smtp_url)
    return {
        **HANDLERS,
        accounts.INVITATION: partial(_patiently, partial(accounts.mail_invitation, send=post)),
        accounts.RESET: partial(_patiently, partial(accounts.mail_reset, send=post)),
    }


async def _patiently(handler: Handler, database: Database, job: Job) -> None:
    """A mail server may be away for longer than a job is repeated: then there is another job, for three hours or so."""
    rounds = int(job.args.get("rounds", 0))
    try:
        await handler(database, job)
    except MailDelayed:
        if job.attempts == jobs.ATTEMPTS and rounds < _MAIL_ROUNDS:
            async with database.transaction() as db:
                await jobs.enqueue(db, job.handler, {**job.args, "rounds": rounds + 1}, after=_MAIL_PAUSE)
        raise


async def _post(smtp_url: str, mail: Mail) -> None:
    if not smtp_url:
        raise JobHopeless("NOCTULE_SMTP_URL is not set where this worker runs")
    try:
        await send(smtp_url, mail)
    except MailRefused as error:
        raise JobHopeless(str(error)) from None
