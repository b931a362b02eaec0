"""The dashboard: pages made on the server, one route → one page object → one template. They work without JavaScript."""

from fastapi import APIRouter

from noctule.dashboard import (
    access,
    account,
    analysis,
    assets,
    audit,
    chatbots,
    company,
    contacts,
    conversations,
    corrections,
    export,
    fields,
    find,
    flags,
    gallery,
    keys,
    ledger,
    links,
    live,
    members,
    organization,
    overview,
    people,
    picked,
    playground,
    privacy,
    reference,
    remarks,
    search,
    settings,
    sources,
    topics,
    training,
    transcript,
    views,
    went,
    work,
)
from noctule.dashboard.errors import render_error
from noctule.web.bounds import KB, MB, Bounds
from noctule.web.errors import Renderer

ROUTERS: list[APIRouter] = [
    access.router,
    chatbots.router,
    overview.router,
    conversations.router,
    export.router,
    transcript.router,
    remarks.router,
    picked.router,
    corrections.router,
    views.router,
    search.router,
    live.router,
    people.router,
    topics.router,
    went.router,
    playground.router,
    sources.router,
    training.router,
    contacts.router,
    settings.router,
    company.router,
    fields.router,
    analysis.router,
    flags.router,
    privacy.router,
    ledger.router,
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
BODIES = {
    "/b/[^/]+/sources/new": Bounds(26 * MB, seconds=600),
    "/sign-in|/sign-up|/setup|/forgot|/reset|/invitations/[^/]+": Bounds(64 * KB),
}

__all__ = ["BODIES", "ERRORS", "ROUTERS", "STATIC"]
