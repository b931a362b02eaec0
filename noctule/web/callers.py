"""Who is calling, as a type in the signature of a route: `InMember` for people, `InCaller` also for programs.

The session token counts as the cookie `auth_token` or as a bearer token. A request that acts with the cookie must
come from our own pages (docs/decisions/0004-cross-origin-check.md).
"""

import ipaddress
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, cast
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute

from noctule import accounts
from noctule.accounts import Caller, KeyHolder, Member
from noctule.base.errors import Denied, Unauthenticated
from noctule.web.services import Services, services

COOKIE = "auth_token"
_SAFE = {"GET", "HEAD", "OPTIONS"}
_GOES_OUT = {"/sign-out", "/api/v1/auth/logout"}


class CredentialsFirst(APIRoute):
    """FastAPI reads the body before it asks who is calling; here a stranger learns nothing about his body."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def ask_who_then_answer(request: Request) -> Response:
            request.state.caller = await caller_of(request, services(request))
            return await answer(request)

        return ask_who_then_answer


class JsonBody(APIRoute):
    """A body is JSON whatever its Content-Type says: clients of other products say nothing, or something else."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def read_as_json(request: Request) -> Response:
            others = [(name, value) for name, value in request.scope["headers"] if name != b"content-type"]
            scope = {**request.scope, "headers": [*others, (b"content-type", b"application/json")]}
            return await answer(Request(scope, request.receive))

        return read_as_json


class JsonRoute(CredentialsFirst, JsonBody):
    """An ordinary route of the API."""


async def caller_of(request: Request, known: Services) -> Caller:
    """Raises Unauthenticated, Denied for a foreign page that uses our cookie, or TooMany for a program in a hurry."""
    sent = organization_key(request) or authorization(request)
    token = sent or request.cookies.get(COOKIE)
    if not token:
        raise Unauthenticated("Please sign in, or send a session token or an organization key as a bearer token.")
    if not sent:
        refuse_foreign_page(request, known)
    caller = await _who_holds(token, known)
    if caller is None or not _came_as_it_may(request, caller, sent=sent):
        raise Unauthenticated("The session or key is not valid (any more).")
    _only_look(request, caller, known)
    if isinstance(caller, KeyHolder):  # people are bounded when they sign in, programs by the rate of their key
        await known.limiter.take(caller.id.bytes, known.settings.rate_limit)
    return caller


def _came_as_it_may(request: Request, caller: Caller, *, sent: str | None) -> bool:
    """A cookie holds a session and nothing else, the header of an organization a key and nothing else."""
    if isinstance(caller, KeyHolder):
        return bool(sent)
    return organization_key(request) is None


def _only_look(request: Request, caller: Caller, known: Services) -> None:
    """Whose password stands on the page changes nothing, not even himself. Raises Denied."""
    if known.visitor is None or not isinstance(caller, Member) or caller.email != known.visitor.email:
        return
    if request.method not in _SAFE and request.url.path not in _GOES_OUT:
        raise Denied("This is a demo: look at everything, but nothing can be changed.")


async def member_if_any(request: Request, known: Services) -> Member | None:
    """For a route that is open to strangers too. Raises Denied as `caller_of` does."""
    refuse_foreign_page(request, known)
    try:
        caller = await caller_of(request, known)
    except Unauthenticated:  # a cookie may have run out
        return None
    return caller if isinstance(caller, Member) else None


async def refuse_hurry(request: Request, known: Services) -> None:
    """For a route that takes e-mails or tokens of links from strangers: who tries many is stopped. Raises TooMany.

    An IPv6 network counts as one: whoever has one address of it has all of them. It opens a transaction of its own.
    """
    host = request.client.host if request.client else ""
    await known.limiter.take(b"stranger:" + _network_of(host), known.strangers)


def _network_of(host: str) -> bytes:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host.encode()
    return address.packed[:8] if address.version == 6 else address.packed


def organization_key(request: Request) -> str | None:
    """From the header in which clients of ChatLogger send it; it comes before all others."""
    return request.headers.get("x-organization-api-key", "").strip() or None


def authorization(request: Request) -> str | None:
    """The token of the header, with the word Bearer before it or bare."""
    sent = request.headers.get("authorization", "").strip()
    scheme, _, token = sent.partition(" ")
    return (token.strip() if scheme.lower() == "bearer" else "" if token else sent) or None


def refuse_foreign_page(request: Request, known: Services) -> None:
    """Browsers say where a request comes from; only a request that changes something is asked. Raises Denied."""
    if request.method in _SAFE:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site in ("same-origin", "none"):
        return
    if site is not None or (origin is not None and not _is_ours(request, known, origin=origin)):
        raise Denied("This request was sent by a page of another site.")


def _is_ours(request: Request, known: Services, *, origin: str) -> bool:
    base_url = known.settings.base_url
    ours = {request.headers.get("host", "").lower(), urlsplit(base_url).netloc.lower()}
    try:
        return urlsplit(origin).netloc.lower() in ours - {""}
    except ValueError:  # no address at all, such as half an IPv6 one
        return False


async def _who_holds(token: str, known: Services) -> Caller | None:
    session_id = accounts.session_in(token, secret=known.secret)
    async with known.database.transaction() as db:
        if session_id is not None:
            return await accounts.member_of_session(db, session_id)
        return await accounts.holder_of(db, token)


def _caller(request: Request) -> Caller:
    return cast("Caller", request.state.caller)


def _member(request: Request) -> Member:
    caller = _caller(request)
    if not isinstance(caller, Member):
        raise Unauthenticated("This needs a signed-in person; an organization key is not enough.")
    return caller


InCaller = Annotated[Caller, Depends(_caller)]
InMember = Annotated[Member, Depends(_member)]


def set_session_cookie(request: Request, response: Response, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(accounts.LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=services(request).settings.base_url.startswith("https://"),
    )
