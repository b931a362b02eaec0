"""Accounts: organizations, the people in them, their sessions and keys, and the log of who changed what.

Everything else belongs to an organization; this floor says who is asking and in whose name.
"""

from noctule.accounts.audit import note
from noctule.accounts.keys import PREFIX as KEY_START
from noctule.accounts.keys import create_key, holder_of, revoke_key
from noctule.accounts.models import (
    Caller,
    KeyHolder,
    LockedOut,
    Member,
    OrganizationKey,
    OrgId,
    SessionId,
    SignedIn,
    SignUpClosed,
    UserId,
    WrongPassword,
)
from noctule.accounts.sessions import LIFETIME, end_session, login, session_in, sweep
from noctule.accounts.signup import register
from noctule.accounts.store.keys import keys_of, revoked_keys
from noctule.accounts.store.people import anyone_exists, member_of_session

__all__ = [
    "KEY_START",
    "LIFETIME",
    "Caller",
    "KeyHolder",
    "LockedOut",
    "Member",
    "OrgId",
    "OrganizationKey",
    "SessionId",
    "SignUpClosed",
    "SignedIn",
    "UserId",
    "WrongPassword",
    "anyone_exists",
    "create_key",
    "end_session",
    "holder_of",
    "keys_of",
    "login",
    "member_of_session",
    "note",
    "register",
    "revoke_key",
    "revoked_keys",
    "session_in",
    "sweep",
]
