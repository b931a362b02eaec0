"""The dashboard: pages made on the server, one route → one page object → one template. They work without JavaScript."""

from fastapi import APIRouter

from noctule.dashboard import (
    access,
    account,
    audit,
    chatbots,
    conversations,
    keys,
    links,
    members,
    organization,
    reference,
    settings,
    transcript,
)
from noctule.dashboard.errors import render_error
from noctule.dashboard.rendering import STATIC
from noctule.web.bounds import KB, Bounds
from noctule.web.errors import Renderer

ROUTERS: list[APIRouter] = [
    access.router,
    chatbots.router,
    conversations.router,
    transcript.router,
    settings.router,
    links.router,
    organization.router,
    members.router,
    keys.router,
    audit.router,
    account.router,
    reference.router,
]
ERRORS: list[tuple[str, Renderer]] = [("", render_error)]
BODIES = {"/sign-in|/sign-up|/setup|/forgot|/reset|/invitations/[^/]+": Bounds(64 * KB)}

__all__ = ["BODIES", "ERRORS", "ROUTERS", "STATIC"]
