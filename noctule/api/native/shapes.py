"""What native clients send and read."""

from typing import Any, Literal

from pydantic import BaseModel, Field, field_validator

from noctule.accounts import Compatibility

FieldType = Literal["string", "number", "boolean"]


def not_null(value: object) -> object:
    """For what may be left out of a change."""
    if value is None:
        raise ValueError("must not be null; leave it out to keep it")
    return value


class Registration(BaseModel):
    email: str
    password: str
    name: str | None = None
    organization: str | None = None


class OrganizationShape(BaseModel):
    id: str
    name: str
    slug: str


class Registered(BaseModel):
    message: str = "User registered successfully"
    user_id: str
    organization: OrganizationShape


class Credentials(BaseModel):
    email: str
    password: str


class UserShape(BaseModel):
    id: str
    email: str
    name: str
    first_name: str
    last_name: str
    role: Literal["owner", "admin", "member"]
    organization_id: str
    organization: OrganizationShape
    created_at: str
    updated_at: str
    last_login_at: str | None


class UserChange(BaseModel):
    first_name: str | None = None
    last_name: str | None = None
    name: str | None = Field(None, description="What is shown. Without it, it follows the first and the last name.")

    @field_validator("first_name", "last_name", "name", mode="before")
    @classmethod
    def _not_null(cls, value: object) -> object:
        return not_null(value)


class PasswordChange(BaseModel):
    current_password: str
    new_password: str


class LoggedIn(BaseModel):
    message: str = "Login successful"
    user: UserShape
    token: str


class Said(BaseModel):
    message: str


class NewKey(BaseModel):
    label: str
    compatibility: list[Compatibility] = Field([], description="what a client of Chatbase needs to be different")


class KeyMade(BaseModel):
    message: str = "Organization key created. It is shown only once."
    key: str
    label: str
    id: str
    compatibility: list[Compatibility]


class KeyShape(BaseModel):
    id: str
    organization_id: str
    label: str
    prefix: str
    compatibility: list[Compatibility]
    created_at: str
    last_used_at: str | None
    revoked_at: str | None


class NewField(BaseModel):
    key: str
    label: str | None = None
    type: FieldType


class FieldChange(BaseModel):
    status: Literal["track", "accept", "deny"] | None = Field(
        None, description="Keep and check it; offer it as a filter too; or drop it from what comes in."
    )
    label: str | None = Field(None, description="null takes it away.")
    type: FieldType | None = None

    @field_validator("status", "type", mode="before")
    @classmethod
    def _not_null(cls, value: object) -> object:
        return not_null(value)


class FieldShape(BaseModel):
    key: str
    label: str | None
    type: FieldType
    status: Literal["discovered", "track", "accept", "deny"]
    sample: bool | int | float | str | None
    occurrences: int = Field(description="Exact up to 1,000, beyond within a few per cent.")
    created_at: str
    last_seen_at: str | None


class FieldList(BaseModel):
    fields: list[FieldShape]


RoleName = Literal["owner", "admin", "member"]


class ColleagueShape(BaseModel):
    user_id: str
    email: str
    name: str
    role: RoleName
    joined_at: str
    last_seen_at: str | None = Field(description="Signed in to this organization, or switched to it.")


class ColleagueList(BaseModel):
    members: list[ColleagueShape]


class RoleChange(BaseModel):
    role: RoleName


class NewInvitation(BaseModel):
    email: str
    role: RoleName = "member"


class InvitationShape(BaseModel):
    id: str
    email: str
    role: RoleName
    invited_by: str | None
    created_at: str
    expires_at: str
    expired: bool
    mailed_at: str | None


class InvitationList(BaseModel):
    invitations: list[InvitationShape]


class InvitationMade(BaseModel):
    message: str = "Invitation made. Its link is shown only once."
    invitation: InvitationShape
    link: str
    token: str
    mail: bool = Field(description="Whether a mail with a link of its own is on its way.")


class Acceptance(BaseModel):
    token: str
    name: str | None = Field(None, description="For a new account.")
    password: str | None = Field(
        None, description="For a new account, or that of the account with this e-mail; not needed when signed in."
    )


class MembershipShape(BaseModel):
    id: str
    name: str
    slug: str
    role: RoleName
    current: bool


class MembershipList(BaseModel):
    organizations: list[MembershipShape]


class OrganizationChoice(BaseModel):
    organization_id: str


class OrganizationChange(BaseModel):
    name: str


class Forgotten(BaseModel):
    email: str


class NewPassword(BaseModel):
    token: str
    password: str


class ActorShape(BaseModel):
    kind: str = Field(description="session, organization_key, reset_link or server")
    id: str | None
    name: str | None


class EntryShape(BaseModel):
    id: str
    occurred_at: str
    actor: ActorShape
    action: str
    target: str
    details: dict[str, Any]


class EntryList(BaseModel):
    entries: list[EntryShape]
    next: str | None = Field(description="What to send as `after` for those before them; null at the end.")


class SessionShape(BaseModel):
    organization: str
    created_at: str
    expires_at: str
    current: bool


class SessionList(BaseModel):
    sessions: list[SessionShape]
