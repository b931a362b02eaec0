"""A forgotten password: a link that sets a new one, once, within an hour, mailed or printed by a command.

Whoever asks learns nothing: the question is only noted, and a worker finds out whether there is such an account.
"""

from datetime import timedelta
from uuid import UUID

from noctule.accounts import audit, letters
from noctule.accounts.letters import Send
from noctule.accounts.models import LinkOver, UserId
from noctule.accounts.passwords import check_password, hash_password
from noctule.accounts.store import links, members, people
from noctule.base.crypto import digest, random_hex
from noctule.base.db import Database, Db
from noctule.base.errors import Invalid
from noctule.base.jobs import Job
from noctule.base.text import is_email

FORGOT = "If there is an account with this e-mail, a link to set a new password is on its way."
LASTS = timedelta(hours=1)
MOST_MAILS_AN_HOUR = 3


async def forgot(db: Db, email: str, *, address: str | None) -> None:
    """Without an `address` no mail goes out. Raises Invalid."""
    email = email.strip().lower()
    if not is_email(email):
        raise Invalid.field("email", "must be an e-mail address")
    if address:
        await letters.post_reset(db, email, address)


async def new_reset(db: Db, email: str, *, most: int | None = None) -> str | None:
    """The token of a new link; None when there is no such account, or when there were `most` links this hour."""
    found = await people.password_of(db, email.strip().lower())
    if found is None:
        return None
    user_id, _ = found
    if most is not None and await links.resets_since(db, user_id, db.now - timedelta(hours=1)) >= most:
        return None
    token = random_hex(64)
    await links.insert_reset(db, digest(token), user_id, expires_at=db.now + LASTS)
    await _note(db, user_id, "user.reset_link_made", actor=("server", None))
    return token


async def mail_reset(database: Database, job: Job, *, send: Send) -> None:
    """Nothing is sent to an e-mail without an account."""
    email = job.args["email"]
    is_first = job.attempts == 1 and not job.args.get("rounds")  # what is repeated is not counted again
    async with database.transaction() as db:
        token = await new_reset(db, email, most=MOST_MAILS_AN_HOUR if is_first else None)
    if token:
        await send(letters.reset_letter(email, f"{job.args['address']}/reset?token={token}"))


async def reset_opens(db: Db, token: str) -> bool:
    return await links.reset_opens(db, digest(token))


async def reset_password(database: Database, token: str, password: str) -> None:
    """Ends all sessions of the person and all his links. Raises LinkOver or Invalid."""
    check_password(password)
    async with database.transaction() as db:
        if not await reset_opens(db, token):
            raise LinkOver
    password_hash = await hash_password(password)
    async with database.transaction() as db:
        user_id = await links.take_reset(db, digest(token))
        if user_id is None:
            raise LinkOver
        await links.forget_resets(db, user_id)
        await people.set_password(db, user_id, password_hash)
        await people.forget_guesses_of(db, user_id)
        ended = await members.end_sessions(db, user_id)
        await _note(db, user_id, "user.password_reset", actor=("reset_link", user_id), sessions_ended=ended)


async def _note(db: Db, user_id: UserId, action: str, *, actor: tuple[str, UUID | None], **details: object) -> None:
    """In the log of each organization that the person is in."""
    for organization in await members.memberships_of(db, user_id):
        await audit.note_by(db, organization.id, actor, action=action, target=user_id, **details)
