"""The mails about accounts. A job names what the mail is about; the token of the link in it is made when it is sent, so
that it stands in the mail, as a hash in its row, and nowhere else.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID

from noctule.accounts.models import Invitation, OrgId
from noctule.accounts.store import links
from noctule.base import jobs
from noctule.base.crypto import digest, random_hex
from noctule.base.db import Database, Db
from noctule.base.jobs import Job
from noctule.base.mail import Mail
from noctule.base.text import one_line

INVITATION, RESET = "mail_invitation", "mail_reset"
Send = Callable[[Mail], Awaitable[None]]


async def post_invitation(db: Db, invitation: Invitation, address: str) -> None:
    args = {"org_id": str(invitation.org_id), "invitation_id": str(invitation.id), "address": address}
    await jobs.enqueue(db, INVITATION, args, key=str(invitation.id))


async def post_reset(db: Db, email: str, address: str) -> None:
    await jobs.enqueue(db, RESET, {"email": email, "address": address}, key=email)


async def mail_invitation(database: Database, job: Job, *, send: Send) -> None:
    org_id, invitation_id = OrgId(UUID(job.args["org_id"])), UUID(job.args["invitation_id"])
    token = random_hex(64)
    async with database.transaction() as db:
        invitation = await links.invitation(db, org_id, invitation_id)
        if invitation is None or invitation.expires_at <= db.now:
            return
        await links.set_mail_link(db, org_id, invitation_id, mail_hash=digest(token))
    await send(_invitation(invitation, f"{job.args['address']}/invitations/{token}"))
    async with database.transaction() as db:
        await links.note_mailed(db, org_id, invitation_id)


def reset_letter(email: str, link: str) -> Mail:
    return Mail(
        to=email,
        subject="Your password for Noctule",
        text=f"""Somebody, probably you, has asked for a new password for {email}.

Set it here, within an hour:
{link}

All your devices are signed out then. If it was not you, leave this mail alone: nothing changes.
""",
    )


def _invitation(invitation: Invitation, link: str) -> Mail:
    organization, inviter = one_line(invitation.org_name, 100), one_line(invitation.inviter or "Somebody", 100)
    return Mail(
        to=invitation.email,
        subject=f"{inviter} invites you to {organization}",
        text=f"""{inviter} invites you to join {organization} on Noctule as {invitation.role}.

Accept it here, until {invitation.expires_at:%d %B %Y}:
{link}

The link works once. If you do not know what this is about, leave this mail alone.
""",
    )
