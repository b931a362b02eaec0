"""What clients of Chatbase send, in every spelling that its documents have had. Unknown fields are left alone."""

from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, Field, field_validator, model_validator

from noctule.base.errors import Invalid
from noctule.base.text import TOO_DEEP, too_deep, unstorable_in

MOST_MESSAGES = 1000
Text = Annotated[str, Field(max_length=32_000)]
Short = Annotated[str, Field(max_length=256)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Body(BaseModel):
    @model_validator(mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Raises Invalid for what JSON allows and a database does not."""
        if too_deep(value):
            raise Invalid.field("body", TOO_DEEP)
        bad = unstorable_in(value, "")
        if bad is not None:
            raise Invalid.field(bad[0] or "body", bad[1])
        return value


class OfChatbot(Body):
    """A body that names its chatbot."""

    chatbotId: str | None = Field(None, description="The ID of the chatbot; also as chatId or chatbot_id.")
    chatId: str | None = Field(None, exclude=True)
    chatbot_id: str | None = Field(None, exclude=True)

    @property
    def named(self) -> str | None:
        return self.chatbotId or self.chatId or self.chatbot_id

    @property
    def chatbot(self) -> str:
        """Raises Invalid when it is missing."""
        if not self.named:
            raise Invalid.field("chatbotId", "is required")
        return self.named


class MessageBody(Body):
    role: Literal["user", "assistant"]
    content: Text


class ChatBody(OfChatbot):
    messages: list[MessageBody] = Field(min_length=1, description=f"of more than {MOST_MESSAGES:,} the latest count")
    conversationId: Short | None = None
    contactId: Short | None = None
    stream: bool | None = None
    temperature: Share | None = None
    model: Annotated[str, Field(max_length=100)] | None = None

    @field_validator("messages", mode="before")
    @classmethod
    def latest(cls, value: Any) -> Any:
        return cast("list[Any]", value)[-MOST_MESSAGES:] if isinstance(value, list) else value


class CreateBody(Body):
    chatbotName: str
    sourceText: str | None = None
    urlsToScrape: list[str] | None = None


class UpdateBody(OfChatbot):
    chatbotName: str | None = None
    sourceText: str | None = None
    urlsToScrape: list[str] | None = None


class SettingsBody(OfChatbot):
    chatbotName: str | None = None
    name: str | None = None
    model: str | None = None
    temperature: float | None = None
    temp: float | None = None
    instructions: str | None = None
    visibility: Literal["private", "public"] | None = None
    initialMessages: list[str] | None = None
    suggestedMessages: list[str] | None = None
    onlyAllowOnAddedDomains: bool | None = None
    domains: list[str] | None = None
    ipLimit: int | None = None
    ipLimitTimeframe: int | None = None
    ipLimitMessage: str | None = None
    styles: dict[str, Any] | None = None
    collectCustomerInformation: dict[str, Any] | None = None


class ContactBody(Body):
    """What is null is taken away, what is missing stays."""

    external_id: str | None = None
    externalId: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    phonenumber: str | None = None
    stripe_accounts: list[dict[str, Any]] | None = Field(None, max_length=20)
    customAttributes: dict[str, Any] | None = None
    custom_attributes: dict[str, Any] | None = None


class ContactsBody(Body):
    contacts: list[ContactBody] | None = None
    users: list[ContactBody] | None = None


class ContactChange(ContactBody):
    data: ContactBody | None = None


class AttributeBody(Body):
    name: str | None = None
    type: str | None = None
    label: Short | None = None
    description: Annotated[str, Field(max_length=1000)] | None = None
    archived: bool | None = None
