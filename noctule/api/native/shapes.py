"""What native clients send and read."""

from typing import Literal

from pydantic import BaseModel


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
    role: Literal["owner", "admin", "member"]
    organization_id: str
    organization: OrganizationShape
    created_at: str


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
