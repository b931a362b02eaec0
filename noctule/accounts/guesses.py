"""Guesses at a password, counted per e-mail, so that guessing from many addresses is slow too.

The price: somebody who knows an e-mail can keep its owner out for a while; the wait is stated and short.
"""

import asyncio
from datetime import timedelta
from math import ceil
from weakref import WeakValueDictionary

from noctule.accounts.models import LockedOut, UserId, WrongPassword
from noctule.accounts.passwords import password_matches
from noctule.accounts.store import people as store
from noctule.base.db import Database, Db

FREE_GUESSES = 5
FIRST_LOCK, LONGEST_LOCK = timedelta(seconds=30), timedelta(minutes=15)
GUESSES_FADE = timedelta(hours=1)

# Of one e-mail, one guess after the other: else somebody who signs in six times at once would lock himself out.
_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


def turn(email: str) -> asyncio.Lock:
    """To be held from the guess until it is forgotten."""
    return _turns.setdefault(email, asyncio.Lock())


async def check(database: Database, email: str, password: str) -> UserId:
    """Raises WrongPassword or LockedOut; whoever goes on forgets the guesses.

    The guess is counted before it is looked at, so that guesses at the same time cannot all be free.
    """
    async with database.transaction() as db:
        await _count(db, email)
        found = await store.password_of(db, email)
    if not await password_matches(found[1] if found else None, password) or found is None:
        raise WrongPassword("Invalid email or password")
    return found[0]


async def _count(db: Db, email: str) -> None:
    """Raises LockedOut. A guess that was right is forgotten later; the last free one locks until then."""
    guesses = await store.count_guess(db, email, forget_before=db.now - GUESSES_FADE)
    if guesses is None:
        until = await store.locked_until(db, email)
        left = max(1, ceil((until - db.now).total_seconds()))
        raise LockedOut(f"Too many wrong passwords. Please wait {left} seconds and try again.", retry_after=left)
    if guesses >= FREE_GUESSES:
        wait = min(FIRST_LOCK * 2 ** min(guesses - FREE_GUESSES, 10), LONGEST_LOCK)
        await store.lock_login(db, email, db.now + wait)
