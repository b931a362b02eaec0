"""POST /api/v1/chats, and the same below /api/v1/orgs/{slug}/: one chat, with what its caller says of it.

docs/api/chats.md is the table of requests and answers that tests play.
"""

from dataclasses import replace
from hashlib import blake2b
from typing import Annotated
from urllib.parse import parse_qs

import msgspec
from fastapi import Request
from msgspec import Meta, Struct
from starlette.types import Scope

from noctule import accounts, chatbots, conversations
from noctule.api.chatlogger.errors import body_of
from noctule.base.bodies import Json, parse
from noctule.base.errors import Denied, Unauthenticated
from noctule.base.ids import new_id
from noctule.chatbots import ChatHome
from noctule.conversations import Capture, Recorded
from noctule.web.callers import authorization, caller_of, organization_key
from noctule.web.forwarded import enrichment_of
from noctule.web.ingest import Door, Origin, repeat_key_in
from noctule.web.services import Services

Tag = Annotated[str, Meta(max_length=256)]
Title = Annotated[str, Meta(max_length=1000)]


class NewChat(Struct):
    title: Title
    tags: Annotated[list[Tag], Meta(max_length=100)] | None = None
    metadata: Json | None = None
    user_id: Annotated[int, Meta(ge=0)] | None = None


class ChatCreated(Struct):
    message: str
    chat_id: int


_decoder = msgspec.json.Decoder(NewChat)


async def admit(services: Services, scope: Scope) -> Origin:
    """Raises Unauthenticated, TooMany, or Denied for the slug of somebody else."""
    request = Request(scope)
    home = await _home_of(services, request)
    slug = scope.get("path_params", {}).get("slug") or _asked_for(scope)
    if slug not in (None, "me", home.org_slug):
        raise Denied("this API key cannot access this organization")
    key = (home.org_id, home.key_id) if home.key_id else None
    now, headers = services.database.clock(), scope["headers"]
    return Origin(home.chatbot_id, now, organization_key=key, repeat_key=repeat_key_in(scope), headers=headers)


def read(body: bytes, origin: Origin) -> Capture:
    """Raises Invalid, naming the field."""
    sent = parse(_decoder, body)
    parts = conversations.parts_of(sent.metadata)
    return Capture(
        chatbot_id=origin.chatbot_id,
        key_hash=None,
        external_id=_name_of(origin),
        turns=(),
        received_at=origin.received_at,
        source="chats",
        person={"id": str(sent.user_id)} if sent.user_id else {},  # 0 and null: nobody in particular
        title=sent.title,
        tags=tuple(sent.tags or ()),
        organization_key=origin.organization_key,
        stated=parts.stated,
        session=parts.session,
        enrichment={**enrichment_of(origin.headers, {}, given=parts.session), **parts.enrichment},
        custom=parts.custom,
    )


def answer(_capture: Capture, recorded: Recorded) -> ChatCreated:
    return ChatCreated("Chat created successfully", recorded.number)


DOOR = Door(
    "Create a chat",
    NewChat,
    ChatCreated,
    admit,
    read,
    answer,
    body_of,
    credential="organizationKey",
    status=201,
    shared=True,
)
DOOR_OF_ORGANIZATION = replace(DOOR, shared=False)  # below /orgs/{slug}/ there are no other methods


async def _home_of(services: Services, request: Request) -> ChatHome:
    """A key of the organization in its own header comes first, also before a session."""
    sent = organization_key(request)
    token = sent or authorization(request)
    if token and (sent or token.startswith(accounts.KEY_START)):
        home = await services.chat_ring.open(token)
        await services.limiter.take(home.key_id.bytes if home.key_id else b"", services.settings.rate_limit)
        return home
    if not token and not request.cookies:
        raise Unauthenticated("API key required")
    caller = await caller_of(request, services)
    caller.must_be("admin")
    async with services.database.transaction() as db:
        return await chatbots.home_of(db, caller)


def _asked_for(scope: Scope) -> str | None:
    """The slug as a query parameter, as the document names it."""
    query = scope.get("query_string", b"")
    return parse_qs(query.decode("latin-1")).get("slug", [None])[0] if b"slug" in query else None


def _name_of(origin: Origin) -> str:
    """A chat has no name of its caller's; a request with a key of its own names the same chat when it comes again."""
    if origin.repeat_key is None:
        return f"chat-{new_id()}"
    return f"chat-{blake2b(origin.repeat_key.encode(), digest_size=16).hexdigest()}"
