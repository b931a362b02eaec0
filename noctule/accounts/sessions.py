"""Sign-in and sessions. The token is a JWT that carries only the id of a session row: deleting the row ends it."""

from datetime import timedelta

from noctule.accounts import audit, guesses
from noctule.accounts.models import Member, OpenSession, OrgId, SessionId, SignedIn, UserId, WrongPassword
from noctule.accounts.passwords import LONGEST
from noctule.accounts.store import links, members
from noctule.accounts.store import people as store
from noctule.base.crypto import sign, signed_claims
from noctule.base.db import Database, Db
from noctule.base.errors import Invalid, Unauthenticated
from noctule.base.ids import new_id, parse_id
from noctule.base.text import storable

LIFETIME = timedelta(days=30)
INVITATIONS_SHOWN = timedelta(days=30)  # after they have run out


async def login(database: Database, email: str, password: str, *, secret: str) -> SignedIn:
    """Raises WrongPassword or LockedOut."""
    email = email.strip().lower()
    if problem := storable(email) or storable(password):
        raise Invalid.field("email" if storable(email) else "password", problem)
    if len(email) > LONGEST or len(password) > LONGEST:
        raise WrongPassword("Invalid email or password")
    async with guesses.turn(email):
        user_id = await guesses.check(database, email, password)
        return await _welcome(database, email, user_id, secret=secret)


async def start_session(db: Db, org_id: OrgId, user_id: UserId, *, secret: str) -> SignedIn:
    session_id, expires_at = SessionId(new_id()), db.now + LIFETIME
    await store.insert_session(db, session_id, org_id, user_id, expires_at=expires_at)
    await members.note_seen(db, org_id, user_id)
    token = sign({"sid": str(session_id), "exp": int(expires_at.timestamp())}, secret)
    member = await store.member_of_session(db, session_id)
    if member is None:
        raise Unauthenticated("You are not a member of this organization any more.")
    return SignedIn(member, token)


def session_in(token: str, *, secret: str) -> SessionId | None:
    """The session a token names; None for any text that is not our token. Whether it still lives, its row says."""
    claims = signed_claims(token, secret)
    session_id = parse_id(str(claims.get("sid"))) if claims else None
    return None if session_id is None else SessionId(session_id)


async def end_session(db: Db, member: Member) -> None:
    await store.delete_session(db, member.org_id, member.session_id)
    await audit.note(db, member, action="session.ended", target=member.user_id)


async def end_other_sessions(db: Db, member: Member) -> int:
    """How many there were, in whichever organization."""
    ended = await store.delete_other_sessions(db, member.user_id, keep=member.session_id)
    await audit.note(db, member, action="session.others_ended", target=member.user_id, sessions_ended=ended)
    return ended


async def sessions_of(db: Db, member: Member) -> list[OpenSession]:
    """All of the person, the latest first."""
    return await members.sessions_of(db, member.user_id)


async def sweep(db: Db) -> None:
    """Forget what has run out."""
    await store.delete_expired(db, guesses_before=db.now - guesses.GUESSES_FADE)
    await links.delete_expired_links(db, invitations_before=db.now - INVITATIONS_SHOWN)


async def _welcome(database: Database, email: str, user_id: UserId, *, secret: str) -> SignedIn:
    async with database.transaction() as db:
        org_id = await store.first_organization_of(db, user_id)
        if org_id is None:
            raise WrongPassword("Invalid email or password")
        await store.forget_guesses(db, email)
        await store.note_login(db, user_id)
        signed_in = await start_session(db, org_id, user_id, secret=secret)
        await audit.note(db, signed_in.member, action="session.started", target=user_id)
        return signed_in
