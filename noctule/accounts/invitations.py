"""Invitations: a link that takes one person into an organization, once, within a week.

The link may be handed over in any way, so nobody needs a mail server. It is for one e-mail: whoever opens it becomes that
account, is that account and proves it, or is told whom it is for. Links are kept as hashes (docs/decisions/0008-members-and-links.md).
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from noctule.accounts import audit, guesses, letters
from noctule.accounts.members import acting_as
from noctule.accounts.models import Invitation, LinkOver, Member, Role, SignedIn, UserId, WrongPassword
from noctule.accounts.passwords import LONGEST, check_password, hash_password
from noctule.accounts.sessions import start_session
from noctule.accounts.signup import add_user, check_name
from noctule.accounts.store import links, members, people
from noctule.base.crypto import digest, random_hex
from noctule.base.db import Database, Db
from noctule.base.errors import Conflict, Denied, Invalid, NotFound, TooMany
from noctule.base.ids import new_id
from noctule.base.text import is_email, storable

LASTS = timedelta(days=7)
MOST_AN_HOUR = 50


@dataclass(frozen=True)
class Newcomer:
    """What somebody says who opens a link and is not signed in: a name for a new account, or the password of his own."""

    name: str
    password: str


@dataclass(frozen=True)
class Opened:
    """What a link opens, and whether its e-mail has an account already."""

    invitation: Invitation
    has_account: bool


async def invite(db: Db, member: Member, email: str, *, role: Role, address: str | None) -> tuple[Invitation, str]:
    """The invitation and the token of its link, which is never to be had again. An earlier one to the same e-mail ends.

    `address` is where this server is, when a mail shall go out. Raises Invalid, Denied, Conflict or TooMany.
    """
    acting = await acting_as(db, member, "admin")
    email = email.strip().lower()
    if not is_email(email):
        raise Invalid.field("email", "must be an e-mail address")
    if "owner" in (role, await links.role_invited(db, acting.org_id, email)):
        acting.must_be("owner")
    if await members.has_member(db, acting.org_id, email):
        raise Conflict("Somebody with this e-mail is a member already.")
    if await links.invitations_since(db, acting.org_id, db.now - timedelta(hours=1)) >= MOST_AN_HOUR:
        raise TooMany(f"An organization can invite {MOST_AN_HOUR} times an hour.", retry_after=3600)
    token = random_hex(64)
    row = Invitation(
        new_id(), acting.org_id, acting.org_name, email, role, acting.name, db.now, db.now + LASTS, mailed_at=None
    )
    await links.put_invitation(db, row, link_hash=digest(token), invited_by=acting.user_id)
    await audit.note(db, acting, action="invitation.made", target=row.id, email=email, role=role)
    if address:
        await letters.post_invitation(db, row, address)
    return row, token


async def revoke_invitation(db: Db, member: Member, invitation_id: UUID) -> None:
    """Raises Denied or NotFound."""
    acting = await acting_as(db, member, "admin")
    found = await links.invitation(db, acting.org_id, invitation_id)
    if found is None:
        raise NotFound("There is no such invitation.")
    if found.role == "owner":
        acting.must_be("owner")
    await links.take_invitation(db, acting.org_id, found.id)
    await audit.note(db, acting, action="invitation.revoked", target=found.id, email=found.email)


async def open_invitation(db: Db, token: str) -> Opened:
    """Raises LinkOver."""
    found = await links.invitation_with(db, digest(token))
    if found is None:
        raise LinkOver
    return Opened(found, await people.email_taken(db, found.email))


async def accept_invitation(
    database: Database, token: str, newcomer: Newcomer, *, member: Member | None, secret: str
) -> SignedIn:
    """Raises LinkOver, Denied for somebody else's link, Invalid, WrongPassword or LockedOut."""
    async with database.transaction() as db:
        opened = await open_invitation(db, token)
    email = opened.invitation.email
    if member is not None and member.email != email:
        raise Denied(f"This invitation is for {email}, and you are signed in as {member.email}.")
    if member is not None:
        return await _enter(database, opened.invitation, member.user_id, left=member, secret=secret)
    if opened.has_account:
        user_id = await _prove(database, email, newcomer.password)
        return await _enter(database, opened.invitation, user_id, secret=secret)
    check_name(newcomer.name, field="name")
    check_password(newcomer.password)
    password_hash = await hash_password(newcomer.password)
    return await _enter(database, opened.invitation, (newcomer.name.strip(), password_hash), secret=secret)


async def _prove(database: Database, email: str, password: str) -> UserId:
    if problem := storable(password):
        raise Invalid.field("password", problem)
    if len(password) > LONGEST:
        raise WrongPassword("Invalid email or password")
    async with guesses.turn(email):
        user_id = await guesses.check(database, email, password)
        async with database.transaction() as db:
            await people.forget_guesses(db, email)
        return user_id


async def _enter(
    database: Database,
    invitation: Invitation,
    who: UserId | tuple[str, str],
    *,
    left: Member | None = None,
    secret: str,
) -> SignedIn:
    """`who` is somebody with an account, or the name and the password's hash of a new one; `left` is the session before."""
    async with database.transaction() as db:
        if not await links.take_invitation(db, invitation.org_id, invitation.id):
            raise LinkOver
        user_id = await _new_user(db, invitation.email, *who) if isinstance(who, tuple) else who
        await members.add_member(db, invitation.org_id, user_id, invitation.role)
        if left is not None:
            await people.delete_session(db, left.org_id, left.session_id)
        signed_in = await start_session(db, invitation.org_id, user_id, secret=secret)
        await audit.note(
            db, signed_in.member, action="invitation.accepted", target=invitation.id,
            email=invitation.email, role=signed_in.member.role,
        )  # fmt: skip
        return signed_in


async def _new_user(db: Db, email: str, name: str, password_hash: str) -> UserId:
    await people.lock_sign_up(db)
    if await people.email_taken(db, email):
        raise Conflict("There is an account with this e-mail already.")
    return await add_user(db, email, name, password_hash=password_hash)
