"""What clients of Chatbase read: each field under every name that its documents have given it."""

from typing import Any

from pydantic import BaseModel, Field


class Citation(BaseModel):
    source_id: str
    external_id: str | None
    title: str | None
    url: str | None
    quote: str = Field(description="as it stands in the source, character by character")
    start: int
    end: int


class ChatReply(BaseModel):
    text: str
    conversationId: str
    messageId: str = Field(description="by which the answer can be rated")
    answered: bool = Field(description="false: no source knows, and `text` says so")
    confidence: float = Field(description="0 to 1; from 0.5 on it answers")
    citations: list[Citation]


class ChatbotShape(BaseModel):
    chatbotId: str
    id: str
    chatbotName: str
    name: str
    model: str
    temperature: float
    temp: float
    instructions: str
    visibility: str
    status: str = Field(description="training, ready or failed")
    createdAt: str
    created_at: str
    updatedAt: str
    updated_at: str
    last_message_at: str | None
    last_trained_at: str | None
    num_of_characters: int
    initial_messages: list[str]
    suggested_messages: list[str]
    only_allow_on_added_domains: bool
    domains: list[str]
    ip_limit: int | None
    ip_limit_timeframe: int | None
    ip_limit_message: str | None
    styles: dict[str, Any]
    collect_customer_information: dict[str, Any]


class ChatbotSaved(ChatbotShape):
    message: str = "Your changes are saved."


class WrappedChatbots(BaseModel):
    """As the live service answers, unlike its documents."""

    data: list[ChatbotShape]
    error: str | None = None


class ChatbotList(BaseModel):
    chatbots: list[ChatbotShape] | WrappedChatbots = Field(description="wrapped for a key with `wrapped_lists`")


class Status(BaseModel):
    status: str = "success"
    message: str = "Deleted successfully"


class MessageShape(BaseModel):
    id: str
    role: str
    content: str
    type: str = "text"
    createdAt: str
    score: float | None = Field(None, description="how sure the agent was, of its answers")
    feedback: str | None = Field(None, description="up or down")


class ConversationShape(BaseModel):
    id: str
    chatbotId: str
    chatbot_id: str
    source: str
    createdAt: str
    created_at: str
    updatedAt: str
    updated_at: str
    last_message_at: str
    customer: str | None
    country: str | None
    title: str | None
    min_score: float | None
    form_submission: dict[str, Any] | None
    messages: list[MessageShape]


class ConversationsShape(BaseModel):
    data: list[ConversationShape]


class LeadShape(BaseModel):
    id: str
    chatbotId: str
    chatbot_id: str
    account_id: str
    conversationId: str | None
    name: str = ""
    email: str = ""
    phone: str = ""
    createdAt: str
    created_at: str


class WrappedLeads(BaseModel):
    data: list[LeadShape]


class LeadsShape(BaseModel):
    data: list[LeadShape]
    collectedCustomers: list[LeadShape] | WrappedLeads = Field(description="wrapped for a key with `wrapped_lists`")


class ContactShape(BaseModel):
    """A name, an e-mail and a phone number that nobody gave are left out."""

    id: str
    external_id: str | None
    externalId: str | None
    name: str = ""
    email: str = ""
    phone: str = ""
    phonenumber: str | None
    customAttributes: dict[str, Any]
    custom_attributes: dict[str, Any]
    stripe_accounts: list[dict[str, Any]]
    createdAt: str
    updatedAt: str
    created_at: int
    updated_at: int


class OneContact(ContactShape):
    message: str
    data: ContactShape


class DeletedContact(Status):
    data: ContactShape


class ContactsTaken(BaseModel):
    message: str
    data: list[ContactShape]


class Pages(BaseModel):
    page: int
    per_page: int
    total_pages: int


class Pagination(BaseModel):
    cursor: str | None
    hasMore: bool
    total: int


class ContactList(ContactsTaken):
    total: int
    pages: Pages
    pagination: Pagination
    nextCursor: str | None


class AttributeShape(BaseModel):
    name: str
    type: str
    label: str
    description: str | None
    archived: bool


class OneAttribute(AttributeShape):
    message: str
    data: AttributeShape


class AttributeList(BaseModel):
    message: str
    data: list[AttributeShape]
