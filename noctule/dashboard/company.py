"""Whose chatbot it is: product, addresses, industry, and what the product does."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from noctule import chatbots
from noctule.accounts import Member
from noctule.base.errors import Invalid, Problem
from noctule.chatbots import COMPANY, Chatbot
from noctule.dashboard.chatbots import may_change
from noctule.dashboard.forms import Form, InForm, refused
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.rendering import render
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(
    prefix="/b/{chatbot_id}/settings/company",
    include_in_schema=False,
    route_class=CredentialsFirst,
    dependencies=FRAMED,
)


@dataclass(frozen=True)
class CompanyPage:
    member: Member
    chatbot: Chatbot
    form: Form
    longest: dict[str, int]
    may_change: bool
    saved: bool = False


@router.get("")
async def read_company(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, saved: str = ""
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    form = Form(chatbots.company_in(chatbot.settings.get("company")))
    page = CompanyPage(member, chatbot, form, COMPANY, may_change(member), saved=bool(saved))
    return render(request, "chatbots/company.html", page)


@router.post("")
async def change_company(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, sent: InForm
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    member.must_be("admin")
    try:
        await chatbots.change(db, member, chatbot.id, name=None, settings=_changes(chatbot, sent))
    except Invalid as error:
        short = tuple(Problem(one.field.removeprefix("settings.company."), one.message) for one in error.problems)
        form = refused(sent, Invalid(error.message, problems=short))
        page = CompanyPage(member, chatbot, form, COMPANY, may_change(member))
        return render(request, "chatbots/company.html", page, status=422)
    return RedirectResponse(f"/b/{chatbot.id}/settings/company?saved=1", 303)


def _changes(chatbot: Chatbot, sent: Mapping[str, str]) -> dict[str, object]:
    """What differs; what was emptied is not said any more."""
    known = chatbots.company_in(chatbot.settings.get("company"))
    said = {name: sent.get(name, "").replace("\r\n", "\n").strip() for name in COMPANY}
    return {"company": {name: text or None for name, text in said.items() if text != known.get(name, "")}}
