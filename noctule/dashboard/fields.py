"""The custom fields of a chatbot: what conversations were seen to carry, and what the team says about it."""

from dataclasses import dataclass
from typing import get_args

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from noctule import chatbots
from noctule.accounts import Member
from noctule.base.db import Db
from noctule.base.errors import Conflict, Invalid
from noctule.chatbots import Chatbot, CustomField, FieldType
from noctule.dashboard.chatbots import may_change
from noctule.dashboard.forms import Form, InForm, refused
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.rendering import render
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(
    prefix="/b/{chatbot_id}/settings/fields",
    include_in_schema=False,
    route_class=CredentialsFirst,
    dependencies=FRAMED,
)
_TYPES: tuple[FieldType, ...] = get_args(FieldType)
_SAID = ("track", "accept", "deny")


@dataclass(frozen=True)
class FieldsPage:
    member: Member
    chatbot: Chatbot
    discovered: list[CustomField]
    declared: list[CustomField]
    types: tuple[FieldType, ...]
    form: Form
    may_change: bool


@router.get("")
async def list_fields(request: Request, chatbot_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    return render(request, "chatbots/fields.html", await _page(db, member, chatbot, Form({"type": "string"})))


@router.post("")
async def declare_field(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, sent: InForm
) -> Response:
    """One that is not seen yet."""
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    member.must_be("admin")
    kind: FieldType = next((one for one in _TYPES if one == sent.get("type")), "string")
    try:
        await chatbots.declare_field(
            db, member, chatbot.id, key=sent.get("key", "").strip(), label=sent.get("label"), kind=kind
        )
    except (Invalid, Conflict) as error:
        page = await _page(db, member, chatbot, refused(sent, error))
        return render(request, "chatbots/fields.html", page, status=422)
    return RedirectResponse(f"/b/{chatbot.id}/settings/fields", 303)


@router.post("/status")
async def say_what_it_is(chatbot_id: str, member: InMember, db: InTransaction, sent: InForm) -> Response:
    """The key comes in the form, because it may hold anything."""
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    member.must_be("admin")
    status = sent.get("status", "")
    if status not in _SAID:
        raise Invalid.field("status", f"must be one of {', '.join(_SAID)}")
    await chatbots.change_field(db, member, chatbot.id, sent.get("key", ""), changes={"status": status})
    return RedirectResponse(f"/b/{chatbot.id}/settings/fields", 303)


async def _page(db: Db, member: Member, chatbot: Chatbot, form: Form) -> FieldsPage:
    known = await chatbots.fields_of(db, member.org_id, chatbot.id)
    return FieldsPage(
        member,
        chatbot,
        discovered=[one for one in known if one.status == "discovered"],
        declared=[one for one in known if one.status != "discovered"],
        types=_TYPES,
        form=form,
        may_change=may_change(member),
    )
