"""One conversation on a page of its own, a stretch at a time."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from noctule import chatbots
from noctule.accounts import Member
from noctule.chatbots import Chatbot
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.reading import Reading, Stretch, reading_of
from noctule.dashboard.rendering import render
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(
    prefix="/b/{chatbot_id}/conversations/{conversation_id}",
    include_in_schema=False,
    route_class=CredentialsFirst,
    dependencies=FRAMED,
)
_PAGE = 200


@dataclass(frozen=True)
class TranscriptPage:
    member: Member
    chatbot: Chatbot
    reading: Reading
    here_now: str  # the address of this stretch


@router.get("")
async def read_conversation(
    request: Request,
    chatbot_id: str,
    conversation_id: str,
    member: InMember,
    db: InTransaction,
    *,
    stretch: Annotated[Stretch, Depends()],
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    reading = await reading_of(db, chatbot, conversation_id, stretch=stretch, most=_PAGE)
    if stretch.before and stretch.before != "end" and not reading.earlier:  # so few that they are the start of it
        return RedirectResponse(request.url.path, 303)
    return render(request, "conversations/show.html", TranscriptPage(member, chatbot, reading, address_now(request)))


def address_now(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
