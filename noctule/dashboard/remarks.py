"""What people say of the conversation they are reading: reviewed or not, and notes. Each form leads back to where it stood."""

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from noctule import analysis, chatbots, conversations
from noctule.accounts import Member
from noctule.base.db import Db
from noctule.base.errors import NotFound
from noctule.base.ids import parse_id
from noctule.chatbots import ChatbotId
from noctule.conversations import Conversation, ConversationId
from noctule.dashboard.access import own_path
from noctule.dashboard.forms import InForm
from noctule.dashboard.frame import FRAMED
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(
    prefix="/b/{chatbot_id}/conversations/{conversation_id}",
    include_in_schema=False,
    route_class=CredentialsFirst,
    dependencies=FRAMED,
)


@router.post("/review")
async def review(chatbot_id: str, conversation_id: str, member: InMember, db: InTransaction, sent: InForm) -> Response:
    found = await conversation_in(db, member, chatbot_id, conversation_id=conversation_id)
    await analysis.review(db, member, found.chatbot_id, [found.id], reviewed=bool(sent.get("reviewed")))
    return back_to(found, sent)


@router.post("/notes")
async def write_note(
    chatbot_id: str, conversation_id: str, member: InMember, db: InTransaction, sent: InForm
) -> Response:
    found = await conversation_in(db, member, chatbot_id, conversation_id=conversation_id)
    text = sent.get("text", "").replace("\r\n", "\n")
    await conversations.write_note(db, member, found.chatbot_id, conversation_id=found.id, text=text)
    return back_to(found, sent, place="#notes")


@router.post("/notes/{note_id}/delete")
async def delete_note(
    chatbot_id: str, conversation_id: str, note_id: str, member: InMember, db: InTransaction, *, sent: InForm
) -> Response:
    found = await conversation_in(db, member, chatbot_id, conversation_id=conversation_id)
    parsed = parse_id(note_id)
    if parsed is None:
        raise NotFound("There is no such note.")
    await conversations.delete_note(db, member, found.chatbot_id, conversation_id=found.id, note_id=parsed)
    return back_to(found, sent, place="#notes")


async def conversation_in(db: Db, member: Member, chatbot_id: str, *, conversation_id: str) -> Conversation:
    """Raises NotFound, also for another organization's."""
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    parsed = parse_id(conversation_id)
    found = parsed and await conversations.conversation(db, [chatbot.id], ConversationId(parsed))
    if not found:
        raise NotFound("There is no such conversation.")
    return found


def back_to(conversation: Conversation, sent: InForm, *, place: str = "") -> Response:
    """The page that sent the form, which is the list or the page of the conversation."""
    own = f"/b/{conversation.chatbot_id}/conversations/{conversation.id}"
    return RedirectResponse(place_after(own, conversation.chatbot_id, sent) + place, 303)


def place_after(own: str, chatbot_id: ChatbotId, sent: InForm) -> str:
    """Where the form says that it stood, within the pages of the chatbot; else `own`."""
    wanted = own_path(sent.get("next", own))
    return wanted if wanted.startswith(f"/b/{chatbot_id}/") else own
