"""Server-sent events: a page hears that something of its chatbot has changed, and asks for itself again."""

import asyncio
from collections.abc import AsyncGenerator

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from noctule import chatbots
from noctule.base.errors import AppError
from noctule.web.callers import CredentialsFirst, InMember, caller_of
from noctule.web.paths import chatbot_in
from noctule.web.services import InServices, InTransaction, Services

router = APIRouter(include_in_schema=False, route_class=CredentialsFirst)
_GATHERING = 0.5  # seconds in which several changes become one
_BREATH = 15.0  # seconds after which silence is broken, and looked whether the person is still signed in


@router.get("/b/{chatbot_id}/live")
async def live(
    request: Request, chatbot_id: str, member: InMember, services: InServices, db: InTransaction
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    events = _events(request, services, str(chatbot.id))
    first = await anext(events)  # too many listeners are refused before anything is answered
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_after(first, events), media_type="text/event-stream", headers=headers)


async def _after(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    yield first
    async for one in rest:
        yield one


async def _events(request: Request, services: Services, about: str) -> AsyncGenerator[bytes]:
    with services.news.listening(about) as event:
        yield b"retry: 5000\n\n"
        while True:
            changed = await _wait(event)
            if services.news.is_over or not await _may_listen(request, services):
                return
            yield b"event: changed\ndata:\n\n" if changed else b": still here\n\n"


async def _wait(event: asyncio.Event) -> bool:
    try:
        await asyncio.wait_for(event.wait(), _BREATH)
    except TimeoutError:
        return False
    await asyncio.sleep(_GATHERING)
    event.clear()
    return True


async def _may_listen(request: Request, services: Services) -> bool:
    try:
        await caller_of(request, services)
    except AppError:
        return False
    return True
