"""What the files hold that we can read: one shape for each kind of file. What else stands in them is passed over."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from noctule.base.bodies import (
    Content,
    Country,
    Id,
    Json,
    Name,
    OrganizationBody,
    Plan,
    SessionBody,
    Tools,
    Url,
    UserBody,
)

Role = Literal["user", "assistant", "system"]
Time = str | int | float  # ISO 8601, or seconds since 1970
Number = int  # ids of some products
Title = Annotated[str, Meta(max_length=1000)]
Tags = Annotated[list[Name], Meta(max_length=100)]


class ReadMessage(Struct):
    """As our export writes it, and as OpenBat's routes answer it."""

    role: Role
    content: Content
    id: Id | Number | None = None
    external_message_id: Id | None = None
    sent_at: Time | None = None
    created_at: Time | None = None
    received_at: Time | None = None
    evidence: Json | None = None


class ReadConversation(Struct):
    external_conversation_id: Id
    messages: list[ReadMessage]
    source: Name | None = None
    external_user_id: Id | None = None
    last_received_at: Time | None = None
    ended_at: Time | None = None
    more: bool = False  # another part follows
    title: Title | None = None
    tags: Tags | None = None
    user: UserBody | None = None
    organization: OrganizationBody | None = None
    session: SessionBody | None = None
    custom: Json | None = None
    enrichment: Json | None = None
    stated: Json | None = None


class SentMessage(Struct):
    role: Role
    content: Content
    id: Id | None = None
    sentAt: Time | None = None
    tools: Tools | None = None
    reasoning: str | None = None


class SentCapture(Struct):
    """A body of the capture or the track route."""

    conversationId: Id
    messages: Annotated[list[SentMessage], Meta(min_length=1)]
    user: UserBody | None = None
    organization: OrganizationBody | None = None
    session: SessionBody | None = None
    custom: Json | None = None
    metadata: Json | None = None
    userId: Id | None = None
    ended: bool | None = None


class ChatbaseMessage(Struct):
    role: Role
    content: Annotated[str, Meta(max_length=32_000)]  # an empty one is passed over
    id: Id | None = None
    createdAt: Time | None = None
    created_at: Time | None = None
    score: float | None = None


class ChatbaseConversation(Struct):
    id: Id
    messages: list[ChatbaseMessage]
    source: Name | None = None
    title: Title | None = None
    user_id: Number | Id | None = None
    customer: str | None = None
    country: Country | None = None
    created_at: Time | None = None
    createdAt: Time | None = None


class ChatLoggerMessage(Struct):
    role: Role
    content: Annotated[str, Meta(max_length=32_000)]
    id: Number | Id | None = None
    metadata: Json | str | None = None
    created_at: Time | None = None


class ChatLoggerChat(Struct):
    id: Number | Id
    messages: list[ChatLoggerMessage] | None = None
    title: Title | None = None
    tags: Tags | str | None = None  # its lists are JSON in a text
    metadata: Json | str | None = None
    user_id: Number | Id | None = None
    created_at: Time | None = None


class CsvRow(Struct):
    conversation_id: Id
    role: Role
    content: Content
    message_id: Id | None = None
    sent_at: str | None = None
    title: Title | None = None
    user_id: Id | None = None
    user_name: Name | None = None
    user_email: Name | None = None
    user_plan: Plan | None = None
    user_industry: Name | None = None
    user_mrr: float | None = None
    organization_id: Id | None = None
    organization_name: Name | None = None
    organization_plan: Plan | None = None
    organization_industry: Name | None = None
    organization_mrr: float | None = None
    page_url: Url | None = None
    referrer: Url | None = None
    device: Name | None = None
    country: Country | None = None
    token_count: int | None = None
    latency: float | None = None
