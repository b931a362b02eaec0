"""POST /api/v1/chat: a question to an agent, answered as one JSON object or word by word as plain text."""

from collections.abc import AsyncGenerator
from hashlib import blake2b
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from noctule import agents, chatbots, people
from noctule.accounts import Caller, KeyHolder
from noctule.agents import Asked, Exchange, Said
from noctule.api.chatbase.bodies import ChatBody
from noctule.api.chatbase.shapes import ChatReply, Citation
from noctule.base.errors import Invalid
from noctule.base.ids import new_id
from noctule.base.settings import Rate
from noctule.chatbots import Chatbot, agent_in
from noctule.people import PersonId
from noctule.web.callers import InCaller, JsonRoute
from noctule.web.forwarded import enrichment_of
from noctule.web.ingest import repeat_key_in
from noctule.web.paths import chatbot_in
from noctule.web.services import InServices, Services

router = APIRouter(prefix="/api/v1", tags=["agents"], route_class=JsonRoute)
MODEL = "extractive"  # what answers when nobody names a model, and also when somebody does
SOURCE = "agent"


@router.post(
    "/chat",
    response_model=ChatReply,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "The answer"}},
)
async def chat(body: ChatBody, caller: InCaller, services: InServices, request: Request) -> ChatReply | Response:
    """With `stream` the words of the answer as they are made. What goes wrong before the first is said as JSON."""
    if not any(one.role == "user" for one in body.messages):
        raise Invalid.field("messages", "must hold a message of the user")
    async with services.database.transaction() as db:
        chatbot = await chatbots.get(db, caller.org_id, chatbot_in(body.chatbot))
        known = await people.contact_called(db, chatbot.id, body.contactId) if body.contactId else None
    asked = _asked(body, chatbot, caller, request=request, services=services, person_id=known.id if known else None)
    await _refuse_hurry(services, asked, body.contactId or body.conversationId or _address(request))
    exchange = await agents.ask(services.database, services.embedder, asked)
    if body.stream:
        return _stream(exchange, services, as_events="text/event-stream" in request.headers.get("accept", ""))
    await exchange.record(services.recorder, exchange.reply.text)
    return ChatReply(
        text=exchange.reply.text,
        conversationId=asked.conversation,
        messageId=exchange.message,
        answered=exchange.reply.answered,
        confidence=exchange.reply.confidence,
        citations=[Citation(**agents.citation(one)) for one in exchange.reply.quotes],
    )


def _asked(
    body: ChatBody,
    chatbot: Chatbot,
    caller: Caller,
    *,
    request: Request,
    services: Services,
    person_id: PersonId | None,
) -> Asked:
    own = agent_in(chatbot.settings)
    temperature = own.temperature if body.temperature is None else body.temperature
    return Asked(
        chatbot,
        [Said(one.role, one.content) for one in body.messages],
        body.conversationId or _new_conversation(request),
        SOURCE,
        services.database.clock(),
        organization_key=(caller.org_id, caller.id) if isinstance(caller, KeyHolder) else None,
        person_id=person_id,
        enrichment=enrichment_of(request.headers.raw, {}),
        manner={"model": body.model or own.model or MODEL, "temperature": temperature or 0},
        repeat_key=repeat_key_in(request.scope),
        kept=bool(body.conversationId) or "unsaved_chats" not in caller.compatibility,
    )


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _new_conversation(request: Request) -> str:
    """Named by the request's own key when it has one, so that it is the same one when the request comes again."""
    key = repeat_key_in(request.scope)
    return str(new_id()) if key is None else str(UUID(bytes=blake2b(key.encode(), digest_size=16).digest()))


async def _refuse_hurry(services: Services, asked: Asked, visitor: str) -> None:
    """The chatbot's own limit for one visitor. Raises TooMany in its own words."""
    own = agent_in(asked.chatbot.settings)
    if own.ip_limit and own.ip_limit_timeframe:
        rate = Rate(own.ip_limit, own.ip_limit_timeframe)
        key = (
            f"visitor:{asked.chatbot.id}:{rate.requests}:{rate.seconds}:{visitor}"  # with another limit it begins anew
        )
        await services.limiter.take(key.encode(), rate, message=own.ip_limit_message)


def _stream(exchange: Exchange, services: Services, *, as_events: bool) -> Response:
    words = exchange.stream(services.recorder)
    headers = {
        "x-conversation-id": quote(exchange.asked.conversation, safe=" !#$&'()*+,/:;=?@[]~"),
        "x-message-id": exchange.message,
        "x-accel-buffering": "no",  # a proxy that gathers the words would undo it
        "cache-control": "no-store",
    }
    if as_events:
        return _Stream(words, _events(words), media_type="text/event-stream", headers=headers)
    return _Stream(words, words, media_type="text/plain; charset=utf-8", headers=headers)


async def _events(words: AsyncGenerator[str]) -> AsyncGenerator[str]:
    async for word in words:
        yield "".join(f"data: {line}\n" for line in word.split("\n")) + "\n"
    yield "data: [DONE]\n\n"


class _Stream(StreamingResponse):
    """Whoever leaves before the last word stops the making of words at once, and not when somebody tidies up."""

    def __init__(
        self, words: AsyncGenerator[str], content: AsyncGenerator[str], *, media_type: str, headers: dict[str, str]
    ) -> None:
        super().__init__(content, media_type=media_type, headers=headers)
        self._words = words

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._words.aclose()
