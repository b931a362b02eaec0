"""Passwords with argon2id (RFC 9106), at the library's recommended cost, off the event loop: one takes tens of ms."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from noctule.base.errors import Invalid
from noctule.base.text import storable

SHORTEST, LONGEST = 8, 256
_hasher = PasswordHasher()
# Checked when there is no such account, so that an answer takes equally long either way.
_NOBODY = _hasher.hash("nobody has this password")


def check_password(password: str, *, field: str = "password") -> None:
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid.field(field, f"must have {SHORTEST} to {LONGEST} characters")
    if problem := storable(password):
        raise Invalid.field(field, problem)


async def hash_password(password: str) -> str:
    return await asyncio.to_thread(_hasher.hash, password)


async def password_matches(password_hash: str | None, password: str) -> bool:
    return await asyncio.to_thread(_matches, password_hash, password)


def _matches(password_hash: str | None, password: str) -> bool:
    try:
        return _hasher.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
