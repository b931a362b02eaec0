"""The HTTP API: one sub-package per audience, each with its own routes, shapes and errors, over the same verbs.

This page is the whole list: which router serves what, and which face words the errors of a path.
"""

from fastapi import APIRouter

from noctule.api import chatbase, chatlogger, native, openbat
from noctule.web.bounds import GB, KB, MB, Bounds
from noctule.web.errors import Renderer
from noctule.web.ingest import Door, IngestFront

ROUTERS: list[APIRouter] = [
    native.operate.router,
    native.accounts.router,
    native.passwords.router,
    native.members.router,
    native.invitations.router,
    native.audit.router,
    native.keys.router,
    native.fields.router,
    native.views.router,
    native.people.router,
    native.privacy.router,
    native.search.router,
    native.knowledge.router,
    native.topics.router,
    native.analysis.router,
    native.agents.router,
    native.jobs.router,
    native.transfers.router,
    openbat.chatbots.router,
    openbat.remarks.router,
    openbat.conversations.router,
    openbat.analytics.router,
    chatlogger.chats.router,
    chatlogger.messages.router,
    chatbase.chat.router,
    chatbase.chatbots.router,
    chatbase.history.router,
    chatbase.contacts.router,
    chatbase.attributes.router,
]

# The first start of a path that fits is taken; a start is a pattern.
ERRORS: list[tuple[str, Renderer]] = [
    ("/api/v1/chatbots/[^/]+/(contacts|custom-attributes)(/|$)", chatbase.errors.render),
    (
        "/api/v1/(chat|(create|delete)-chatbot|update-chatbot-(data|settings)|get-(chatbots|conversations|leads))$",
        chatbase.errors.render,
    ),
    ("/api/v1/chatbots", openbat.errors.render),
    ("/api/v1/capture", openbat.errors.render),
    ("/api/v1/conversations", openbat.errors.render),
    ("/api/v1/analytics", openbat.errors.render),
    ("/api/v1/(orgs/[^/]+/)?chats(/|$)", chatlogger.errors.render),
    ("/api/v1/track", openbat.errors.render_track),
    ("/v1/track", openbat.errors.render_track),
    ("/v1/", native.errors.render),
    ("/api/v1/export", openbat.errors.render),
    ("/api/", native.errors.render),
    ("/health", native.errors.render),
    ("/version", native.errors.render),
    ("/metrics", native.errors.render),
]

# Plain ASGI in front of the routers.
DOORS: dict[str, Door] = {
    "/api/v1/capture": openbat.capture.DOOR,
    "/v1/track": openbat.track.DOOR,
    "/api/v1/track": openbat.track.DOOR,
    "/api/v1/chats": chatlogger.create.DOOR,
    "/api/v1/orgs/{slug}/chats": chatlogger.create.DOOR_OF_ORGANIZATION,
}
# Paths whose bodies are not bounded like all others, as patterns.
BODIES = {
    "/api/v1/(auth/.*|invitations/accept)": Bounds(64 * KB),
    "/api/v1/chatbots/[^/]+/sources(/[^/]+)?": Bounds(48 * MB, seconds=600),
    "/api/v1/(create-chatbot|update-chatbot-data)": Bounds(24 * MB, seconds=600),
    "/api/v1/chatbots/[^/]+/import": Bounds(1 * GB, seconds=3600),
}

__all__ = ["BODIES", "DOORS", "ERRORS", "ROUTERS", "IngestFront"]
