"""What native clients send and read."""

from typing import Literal

from pydantic import BaseModel, Field, field_validator

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


class KeyMade(BaseModel):
    message: str = "Organization key created. It is shown only once."
    key: str
    label: str
    id: str


class KeyShape(BaseModel):
    id: str
    organization_id: str
    label: str
    prefix: str
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
