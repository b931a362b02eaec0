"""Sign-in and sessions. The token is a JWT that carries only the id of a session row: deleting the row ends it.

Wrong passwords are counted per e-mail, so that guessing from many addresses is slow too. The price: somebody who
knows an e-mail can keep its owner out for a while; the wait is stated and short.
"""

import asyncio
from datetime import timedelta
from math import ceil
from weakref import WeakValueDictionary

from noctule.accounts import audit, store
from noctule.accounts.models import LockedOut, Member, OrgId, SessionId, SignedIn, UserId, WrongPassword
from noctule.accounts.passwords import LONGEST, password_matches
from noctule.base.crypto import sign, signed_claims
from noctule.base.db import Database, Db
from noctule.base.errors import Invalid, Unauthenticated
from noctule.base.ids import new_id, parse_id
from noctule.base.text import storable

LIFETIME = timedelta(days=30)
FREE_GUESSES = 5
FIRST_LOCK, LONGEST_LOCK = timedelta(seconds=30), timedelta(minutes=15)
GUESSES_FADE = timedelta(hours=1)

# Of one e-mail, one sign-in after the other: else somebody who signs in six times at once would lock himself out.
_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


async def login(database: Database, email: str, password: str, *, secret: str) -> SignedIn:
    """Raises WrongPassword or LockedOut."""
    email = email.strip().lower()
    if problem := storable(email) or storable(password):
        raise Invalid.field("email" if storable(email) else "password", problem)
    if len(email) > LONGEST or len(password) > LONGEST:
        raise WrongPassword("Invalid email or password")
    async with _turns.setdefault(email, asyncio.Lock()):
        user_id = await _check(database, email, password)
        return await _welcome(database, email, user_id, secret=secret)


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
    await store.delete_expired(db, guesses_before=db.now - GUESSES_FADE)


async def _check(database: Database, email: str, password: str) -> UserId:
    """The guess is counted before it is looked at, so that guesses at the same time cannot all be free."""
    async with database.transaction() as db:
        await _count_guess(db, email)
        found = await store.password_of(db, email)
    if not await password_matches(found[1] if found else None, password) or found is None:
        raise WrongPassword("Invalid email or password")
    return found[0]


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


async def _count_guess(db: Db, email: str) -> None:
    """Raises LockedOut. A guess that was right is forgotten later; the last free one locks until then."""
    guesses = await store.count_guess(db, email, forget_before=db.now - GUESSES_FADE)
    if guesses is None:
        until = await store.locked_until(db, email)
        left = max(1, ceil((until - db.now).total_seconds()))
        raise LockedOut(f"Too many wrong passwords. Please wait {left} seconds and try again.", retry_after=left)
    if guesses >= FREE_GUESSES:
        wait = min(FIRST_LOCK * 2 ** min(guesses - FREE_GUESSES, 10), LONGEST_LOCK)
        await store.lock_login(db, email, db.now + wait)
