"""What each job calls, and the recurring work as one list."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from noctule import accounts, analysis, conversations, people, transfer
from noctule.base import jobs
from noctule.base.db import Database
from noctule.base.jobs import Handler, Job, JobHopeless
from noctule.base.mail import Mail, MailRefused, send


async def sweep_accounts(database: Database, _job: Job) -> None:
    async with database.transaction() as db:
        await accounts.sweep(db)


async def purge_jobs(database: Database, _job: Job) -> None:
    async with database.transaction() as db:
        await jobs.purge(db, db.now - timedelta(days=7))


async def sweep_uploads(database: Database, _job: Job) -> None:
    async with database.transaction() as db:
        await transfer.sweep_uploads(db)


HANDLERS: Mapping[str, Handler] = {
    "sweep_accounts": sweep_accounts,
    "sweep_uploads": sweep_uploads,
    "purge_jobs": purge_jobs,
    transfer.HANDLER: transfer.store_brought,
    people.JOIN: conversations.join_people,
    conversations.DAY_CHANGED: analysis.renew_day,
}

RECURRING: Sequence[tuple[str, timedelta]] = [
    ("sweep_accounts", timedelta(hours=1)),
    ("sweep_uploads", timedelta(minutes=10)),
    ("purge_jobs", timedelta(hours=6)),
]


def handlers(smtp_url: str) -> Mapping[str, Handler]:
    """All of them, also those that send mail."""
    post = partial(_post, smtp_url)
    return {
        **HANDLERS,
        accounts.INVITATION: partial(accounts.mail_invitation, send=post),
        accounts.RESET: partial(accounts.mail_reset, send=post),
    }


async def _post(smtp_url: str, mail: Mail) -> None:
    if not smtp_url:
        raise JobHopeless("NOCTULE_SMTP_URL is not set where this worker runs")
    try:
        await send(smtp_url, mail)
    except MailRefused as error:
        raise JobHopeless(str(error)) from None
