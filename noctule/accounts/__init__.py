"""Accounts: organizations, the people in them, their sessions and keys, and the log of who changed what.

Everything else belongs to an organization; this floor says who is asking and in whose name.
"""

from noctule.accounts.audit import note, note_by, read_log
from noctule.accounts.invitations import Newcomer, Opened, accept_invitation, invite, open_invitation, revoke_invitation
from noctule.accounts.keys import PREFIX as KEY_START
from noctule.accounts.keys import create_key, holder_of, is_key_of, revoke_key
from noctule.accounts.letters import INVITATION, RESET, Send, mail_invitation
from noctule.accounts.members import (
    change_role,
    organizations_of,
    remove_member,
    rename_organization,
    switch_organization,
)
from noctule.accounts.models import (
    COMPATIBILITIES,
    AuditEntry,
    Caller,
    Colleague,
    Compatibility,
    Invitation,
    KeyHolder,
    LinkOver,
    LockedOut,
    Member,
    Membership,
    OpenSession,
    OrganizationKey,
    OrgId,
    Role,
    SessionId,
    SignedIn,
    SignUpClosed,
    UserId,
    WrongPassword,
)
from noctule.accounts.profile import Naming, change_password, rename
from noctule.accounts.resets import FORGOT, forgot, mail_reset, new_reset, reset_opens, reset_password
from noctule.accounts.sessions import (
    LIFETIME,
    end_other_sessions,
    end_session,
    login,
    session_in,
    sessions_of,
    sweep,
)
from noctule.accounts.signup import register
from noctule.accounts.store.keys import keys_of, revoked_keys
from noctule.accounts.store.links import invitations_of
from noctule.accounts.store.members import member_of, members_of
from noctule.accounts.store.people import anyone_exists, email_taken, member_of_session

__all__ = [
    "COMPATIBILITIES",
    "FORGOT",
    "INVITATION",
    "KEY_START",
    "LIFETIME",
    "RESET",
    "AuditEntry",
    "Caller",
    "Colleague",
    "Compatibility",
    "Invitation",
    "KeyHolder",
    "LinkOver",
    "LockedOut",
    "Member",
    "Membership",
    "Naming",
    "Newcomer",
    "OpenSession",
    "Opened",
    "OrgId",
    "OrganizationKey",
    "Role",
    "Send",
    "SessionId",
    "SignUpClosed",
    "SignedIn",
    "UserId",
    "WrongPassword",
    "accept_invitation",
    "anyone_exists",
    "change_password",
    "change_role",
    "create_key",
    "email_taken",
    "end_other_sessions",
    "end_session",
    "forgot",
    "holder_of",
    "invitations_of",
    "invite",
    "is_key_of",
    "keys_of",
    "login",
    "mail_invitation",
    "mail_reset",
    "member_of",
    "member_of_session",
    "members_of",
    "new_reset",
    "note",
    "note_by",
    "open_invitation",
    "organizations_of",
    "read_log",
    "register",
    "remove_member",
    "rename",
    "rename_organization",
    "reset_opens",
    "reset_password",
    "revoke_invitation",
    "revoke_key",
    "revoked_keys",
    "session_in",
    "sessions_of",
    "sweep",
    "switch_organization",
]
