"""Sign-in and sessions. The token is a JWT that carries only the id of a session row: deleting the row ends it.

Wrong passwords are counted per e-mail, so that guessing from many addresses is slow too. The price: somebody who
knows an e-mail can keep its owner out for a while; the wait is stated and short.
"""

from datetime import timedelta
from math import ceil

from noctule.accounts import audit, store
from noctule.accounts.models import LockedOut, Member, OrgId, SessionId, SignedIn, UserId, WrongPassword
from noctule.accounts.passwords import LONGEST, password_matches
from noctule.base.crypto import sign, signed_claims
from noctule.base.db import Database, Db
from noctule.base.errors import Invalid, Unauthenticated
from noctule.base.ids import new_id, parse_id
from noctule.base.text import storable

LIFETIME = timedelta(days=30)
FREE_FAILURES = 5
FIRST_LOCK, LONGEST_LOCK = timedelta(seconds=30), timedelta(minutes=15)
FAILURES_FADE = timedelta(hours=1)


async def login(database: Database, email: str, password: str, *, secret: str) -> SignedIn:
    """Raises WrongPassword or LockedOut."""
    email = email.strip().lower()
    if problem := storable(email) or storable(password):
        raise Invalid.field("email" if storable(email) else "password", problem)
    if len(email) > LONGEST or len(password) > LONGEST:
        raise WrongPassword("Invalid email or password")
    async with database.transaction() as db:
        await _refuse_while_locked(db, email)
        found = await store.password_of(db, email)
    if not await password_matches(found[1] if found else None, password) or found is None:
        async with database.transaction() as db:
            await _count_failure(db, email)
        raise WrongPassword("Invalid email or password")
    async with database.transaction() as db:
        user_id = found[0]
        org_id = await store.first_organization_of(db, user_id)
        if org_id is None:
            raise WrongPassword("Invalid email or password")
        await store.forget_failures(db, email)
        await store.note_login(db, user_id)
        signed_in = await start_session(db, org_id, user_id, secret=secret)
        await audit.note(db, signed_in.member, action="session.started", target=user_id)
        return signed_in


async def start_session(db: Db, org_id: OrgId, user_id: UserId, *, secret: str) -> SignedIn:
    session_id, expires_at = SessionId(new_id()), db.now + LIFETIME
    await store.insert_session(db, session_id, org_id, user_id, expires_at=expires_at)
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


async def sweep(db: Db) -> None:
    """Forget what has run out."""
    await store.delete_expired(db, failures_before=db.now - FAILURES_FADE)


async def _refuse_while_locked(db: Db, email: str) -> None:
    until = await store.locked_until(db, email)
    if until is not None and until > db.now:
        wait = ceil((until - db.now).total_seconds())
        raise LockedOut(f"Too many wrong passwords. Please wait {wait} seconds and try again.", retry_after=wait)


async def _count_failure(db: Db, email: str) -> None:
    failures = await store.count_failure(db, email, forget_before=db.now - FAILURES_FADE)
    if failures >= FREE_FAILURES:
        wait = min(FIRST_LOCK * 2 ** min(failures - FREE_FAILURES, 10), LONGEST_LOCK)
        await store.lock_login(db, email, db.now + wait)
