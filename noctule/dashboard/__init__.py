"""The dashboard: pages made on the server, one route → one page object → one template. They work without JavaScript."""

from fastapi import APIRouter

from noctule.dashboard import (
    access,
    account,
    assets,
    audit,
    chatbots,
    company,
    conversations,
    corrections,
    export,
    fields,
    find,
    gallery,
    keys,
    links,
    members,
    organization,
    overview,
    people,
    reference,
    remarks,
    search,
    settings,
    transcript,
    views,
    work,
)
from noctule.dashboard.errors import render_error
from noctule.web.bounds import KB, Bounds
from noctule.web.errors import Renderer

ROUTERS: list[APIRouter] = [
    access.router,
    chatbots.router,
    overview.router,
    conversations.router,
    export.router,
    transcript.router,
    remarks.router,
    corrections.router,
    views.router,
    search.router,
    people.router,
    settings.router,
    company.router,
    fields.router,
    links.router,
    organization.router,
    members.router,
    keys.router,
    audit.router,
    account.router,
    find.router,
    work.router,
    gallery.router,
    reference.router,
]
ERRORS: list[tuple[str, Renderer]] = [("", render_error)]
STATIC = assets.static
BODIES = {"/sign-in|/sign-up|/setup|/forgot|/reset|/invitations/[^/]+": Bounds(64 * KB)}

__all__ = ["BODIES", "ERRORS", "ROUTERS", "STATIC"]
