"""What is done to several conversations of a list at once: those whose boxes are ticked."""

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from noctule import analysis, chatbots
from noctule.base.errors import Invalid
from noctule.dashboard.forms import InForm
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.remarks import conversation_in, place_after
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(
    prefix="/b/{chatbot_id}/conversations", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED
)
_BOX = "on."  # before the id, in the name of a box


@router.post("/review")
async def review(chatbot_id: str, member: InMember, db: InTransaction, sent: InForm) -> Response:
    """All of them or none."""
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    member.must_be("admin")
    picked = sorted(name.removeprefix(_BOX) for name in sent if name.startswith(_BOX))
    if not picked:
        raise Invalid("No conversation is ticked.")
    ids = [(await conversation_in(db, member, chatbot_id, conversation_id=one)).id for one in picked]
    await analysis.review(db, member, chatbot.id, ids, reviewed=bool(sent.get("reviewed")))
    return RedirectResponse(place_after(f"/b/{chatbot.id}/conversations", chatbot.id, sent), 303)
