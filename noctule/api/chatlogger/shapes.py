"""What ChatLogger's clients send and read, apart from the new chat, which is decoded by msgspec beside its door."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, field_validator

from noctule.base.text import storable, unstorable_in

Tag = Annotated[str, StringConstraints(max_length=256)]


class ChatChange(BaseModel):
    """Tags and metadata take the place of the old ones; an empty title changes nothing."""

    title: Annotated[str, StringConstraints(max_length=1000)] | None = None
    tags: Annotated[list[Tag], Field(max_length=100)] | None = None
    metadata: dict[str, Any] | None = None

    @field_validator("title", "tags", "metadata")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        if bad := unstorable_in(value, ""):
            raise ValueError(bad[1])
        return value


class MessageMetadata(BaseModel):
    token_count: Annotated[int, Field(ge=0, le=2**53, strict=True)] | None = None
    response_time: Annotated[float, Field(ge=0, le=1e15)] | None = Field(None, description="Milliseconds.")


class NewMessage(BaseModel):
    role: Literal["user", "assistant", "system"]
    content: Annotated[str, StringConstraints(min_length=1, max_length=32_000)]
    metadata: MessageMetadata | None = None

    @field_validator("content")
    @classmethod
    def _storable(cls, value: str) -> str:
        if problem := storable(value):
            raise ValueError(problem)
        return value


class MessageCreated(BaseModel):
    message: str = "Message created successfully"
    message_id: int


class MessageShape(BaseModel):
    id: int
    chat_id: int
    role: Literal["user", "assistant", "system"]
    content: str
    metadata: dict[str, Any]
    created_at: str


class ChatShape(BaseModel):
    id: int
    organization_id: str
    user_id: int | str | None = Field(description="As it was sent; null for an anonymous chat.")
    title: str
    tags: list[str]
    metadata: dict[str, Any]
    created_at: str
    updated_at: str


class ChatWithMessages(ChatShape):
    messages: list[MessageShape]


class Said(BaseModel):
    message: str
