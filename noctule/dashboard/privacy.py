"""Privacy on pages: how long conversations are kept, everything that is known of one person, and erasing them."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from noctule import chatbots, people, privacy
from noctule.accounts import Member
from noctule.base.db import Db
from noctule.base.errors import Invalid
from noctule.chatbots import LONGEST_RETENTION, Chatbot
from noctule.dashboard.chatbots import may_change
from noctule.dashboard.forms import Form, InForm, refused
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.rendering import render
from noctule.people import Person
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paging import whole_number
from noctule.web.paths import chatbot_in
from noctule.web.services import InDatabase, InTransaction

router = APIRouter(prefix="/b/{chatbot_id}", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED)


@dataclass(frozen=True)
class PrivacyPage:
    member: Member
    chatbot: Chatbot
    form: Form
    would_delete: int | None  # when these days are saved; None: nobody asked
    may_change: bool
    saved: bool = False


@dataclass(frozen=True)
class ErasePage:
    chatbot: Chatbot
    person: Person
    form: Form
    may_change: bool


@router.get("/settings/privacy")
async def read_privacy(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, saved: str = ""
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    form = Form({"days": str(_kept(chatbot) or "")})
    page = PrivacyPage(member, chatbot, form, None, may_change(member), saved=bool(saved))
    return render(request, "chatbots/privacy.html", page)


@router.post("/settings/privacy")
async def change_retention(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, sent: InForm
) -> Response:
    """What would be deleted is shown before it is saved: the second time, with the number that was shown."""
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    member.must_be("admin")
    try:
        days = whole_number("days", sent.get("days", "").strip(), default=0, least=1, most=LONGEST_RETENTION)
    except Invalid as error:
        page = PrivacyPage(member, chatbot, refused(sent, error), None, may_change=True)
        return render(request, "chatbots/privacy.html", page, status=422)
    would_delete = await _surprise(db, chatbot, days)
    if would_delete and sent.get("seen") != str(days):
        page = PrivacyPage(member, chatbot, Form({"days": str(days)}), would_delete, may_change=True)
        return render(request, "chatbots/privacy.html", page)
    await chatbots.change(db, member, chatbot.id, name=None, settings={"privacy": {"retentionDays": days or None}})
    return RedirectResponse(f"/b/{chatbot.id}/settings/privacy?saved=1", 303)


@router.get("/users/{person_id}/everything.json")
async def export_person(chatbot_id: str, person_id: str, member: InMember, database: InDatabase) -> Response:
    async with database.transaction() as db:
        chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
        person = await people.person_called(db, chatbot.id, person_id)
    document = await privacy.told_of(database, member, chatbot, person)
    headers = {"content-disposition": f'attachment; filename="user-{person.id}.json"'}
    return StreamingResponse(document, media_type="application/json", headers=headers)


@router.get("/users/{person_id}/erase")
async def ask_erasing(
    request: Request, chatbot_id: str, person_id: str, member: InMember, db: InTransaction
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    person = await people.person_called(db, chatbot.id, person_id)
    return render(request, "people/erase.html", ErasePage(chatbot, person, Form(), may_change(member)))


@router.post("/users/{person_id}/erase")
async def erase_person(
    request: Request, chatbot_id: str, person_id: str, *, member: InMember, db: InTransaction, sent: InForm
) -> Response:
    """The name has to be typed, because what goes does not come back."""
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    person = await people.person_called(db, chatbot.id, person_id)
    member.must_be("admin")
    if sent.get("typed", "").split() != person.shown.split():
        form = Form({}, {"typed": f"must be what they are called here: {person.shown}"})
        return render(request, "people/erase.html", ErasePage(chatbot, person, form, may_change=True), status=422)
    await privacy.begin_erasing(db, member, chatbot, person)
    return RedirectResponse("/jobs", 303)


def _kept(chatbot: Chatbot) -> int | None:
    return chatbots.retention_in(chatbot.settings.get("privacy"))


async def _surprise(db: Db, chatbot: Chatbot, days: int) -> int:
    """Conversations that a shorter span than so far would delete."""
    kept = _kept(chatbot)
    return await privacy.expired(db, chatbot, days) if days and (kept is None or days < kept) else 0
