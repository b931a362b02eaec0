"""Who there is: organizations, members and the keys of organizations; and who is asking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, NewType, get_args
from uuid import UUID

from noctule.base.errors import Denied, NotFound, TooMany, Unauthenticated

OrgId = NewType("OrgId", UUID)
UserId = NewType("UserId", UUID)
SessionId = NewType("SessionId", UUID)

Role = Literal["owner", "admin", "member"]
RANK: dict[Role, int] = {"member": 0, "admin": 1, "owner": 2}

Compatibility = Literal["wrapped_lists", "name_alone", "unsaved_chats"]
COMPATIBILITIES: tuple[Compatibility, ...] = get_args(Compatibility)


@dataclass(frozen=True)
class Organization:
    id: OrgId
    name: str
    slug: str
    created_at: datetime


@dataclass(frozen=True)
class User:
    id: UserId
    email: str
    name: str
    first_name: str
    last_name: str
    created_at: datetime


@dataclass(frozen=True)
class Member:
    """A signed-in person, in the organization that the session is about."""

    session_id: SessionId
    org_id: OrgId
    org_name: str
    org_slug: str
    user_id: UserId
    email: str
    name: str
    first_name: str
    last_name: str
    role: Role
    created_at: datetime
    updated_at: datetime
    last_login_at: datetime | None

    kind = "session"
    compatibility: ClassVar[Sequence[Compatibility]] = ()  # that is for programs

    @property
    def id(self) -> UUID:
        return self.user_id

    def must_be(self, least: Role) -> None:
        """Raises Denied for a lower role."""
        if RANK[self.role] < RANK[least]:
            raise Denied(f"This needs the role {least} or higher in {self.org_name}; yours is {self.role}.")


@dataclass(frozen=True)
class KeyHolder:
    """A program that showed the key of an organization."""

    id: UUID
    org_id: OrgId
    org_slug: str
    compatibility: Sequence[Compatibility]

    kind = "organization_key"

    def must_be(self, least: Role) -> None:
        """A program may do what an admin may. Raises Denied for more."""
        if RANK["admin"] < RANK[least]:
            raise Denied(f"This needs the role {least}; a key is no person.")


Caller = Member | KeyHolder


@dataclass(frozen=True)
class OrganizationKey:
    id: UUID
    org_id: OrgId
    label: str
    prefix: str
    compatibility: Sequence[Compatibility]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class SignedIn:
    """A new session: the token goes to the caller once and is not kept."""

    member: Member
    token: str


@dataclass(frozen=True)
class Colleague:
    """A member as the others see him."""

    user_id: UserId
    email: str
    name: str
    role: Role
    joined_at: datetime
    last_seen_at: datetime | None


@dataclass(frozen=True)
class Membership:
    """An organization that a person is in."""

    id: OrgId
    name: str
    slug: str
    role: Role


@dataclass(frozen=True)
class OpenSession:
    id: SessionId
    org_name: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Invitation:
    id: UUID
    org_id: OrgId
    org_name: str
    email: str
    role: Role
    inviter: str | None
    created_at: datetime
    expires_at: datetime
    mailed_at: datetime | None


@dataclass(frozen=True)
class AuditEntry:
    id: UUID
    occurred_at: datetime
    actor_kind: str
    actor_id: UUID | None
    actor_name: str | None  # as it is called now; of a person or a key that is still there
    action: str
    target: str
    details: dict[str, Any]


class WrongPassword(Unauthenticated):
    """The same for an unknown e-mail and a wrong password, so that nobody learns which accounts exist."""


class LockedOut(TooMany):
    """Too many wrong passwords for this e-mail."""


class LinkOver(NotFound):
    """A link that opens nothing (any more): unknown, used, taken back or run out. Which of them is not told."""

    def __init__(self) -> None:
        super().__init__("This link is not valid any more: it was used, taken back, or has run out. Ask for a new one.")


class SignUpClosed(Denied):
    """The server has its owner, and others come by invitation."""
