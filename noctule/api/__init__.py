"""The HTTP API: one sub-package per audience, each with its own routes, shapes and errors, over the same verbs.

This page is the whole list: which router serves what, and which face words the errors of a path.
"""

from fastapi import APIRouter

from noctule.api import native, openbat
from noctule.web.errors import Renderer

ROUTERS: list[APIRouter] = [
    native.operate.router,
    native.accounts.router,
    native.keys.router,
    native.jobs.router,
    native.transfers.router,
    openbat.chatbots.router,
    openbat.conversations.router,
    openbat.analytics.router,
]

# The first start of a path that fits is taken.
ERRORS: list[tuple[str, Renderer]] = [
    ("/api/v1/chatbots", openbat.errors.render),
    ("/api/v1/capture", openbat.errors.render),
    ("/api/v1/conversations", openbat.errors.render),
    ("/api/v1/analytics", openbat.errors.render),
    ("/api/v1/export", openbat.errors.render),
    ("/api/", native.errors.render),
    ("/health", native.errors.render),
    ("/version", native.errors.render),
    ("/metrics", native.errors.render),
]

# Plain ASGI in front of the routers.
DOORS = {
    "/api/v1/capture": openbat.capture.DOOR,
    "/v1/track": openbat.track.DOOR,
    "/api/v1/track": openbat.track.DOOR,
}
IngestFront = openbat.ingest.IngestFront

__all__ = ["DOORS", "ERRORS", "ROUTERS", "IngestFront"]
