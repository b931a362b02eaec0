"""The settings of a chatbot: its name, what is analysed, when a conversation is over; and deleting it for good."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from noctule import chatbots
from noctule.accounts import Member
from noctule.base.calendar import zone_names
from noctule.base.errors import Invalid, Problem
from noctule.chatbots import Chatbot
from noctule.dashboard.chatbots import may_change
from noctule.dashboard.forms import Form, InForm, refused
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.rendering import render
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paging import whole_number
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/b/{chatbot_id}", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED)
_SWITCHES = {"user_analysis": "userAnalysisEnabled", "assistant_analysis": "assistantAnalysisEnabled"}
_MINUTES = {"idle": "idleAfterMinutes", "close": "closeAfterMinutes"}
_LONGEST = 30 * 24 * 60


def zones() -> list[tuple[str, list[str]]]:
    """Region by region. Old names without a region are understood, but not offered."""
    found = groupby([name for name in zone_names() if "/" in name], key=lambda name: name.partition("/")[0])
    return [(region, list(names)) for region, names in found]


@dataclass(frozen=True)
class SettingsPage:
    member: Member
    chatbot: Chatbot
    form: Form
    may_change: bool
    saved: bool = False
    zones: list[tuple[str, list[str]]] = field(default_factory=zones)


@router.get("/settings")
async def read_settings(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, saved: str = ""
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    page = SettingsPage(member, chatbot, Form(values_of(chatbot)), may_change(member), saved=bool(saved))
    return render(request, "chatbots/settings.html", page)


@router.post("/settings")
async def change_settings(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, sent: InForm
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    member.must_be("admin")
    try:
        settings = _changes(values_of(chatbot), sent)
        await chatbots.change(db, member, chatbot.id, name=sent.get("name", ""), settings=settings)
    except Invalid as error:
        short = tuple(Problem(one.field.removeprefix("settings."), one.message) for one in error.problems)
        form = refused(sent, Invalid(error.message, problems=short))
        page = SettingsPage(member, chatbot, form, may_change(member))
        return render(request, "chatbots/settings.html", page, status=422)
    return RedirectResponse(f"/b/{chatbot.id}/settings?saved=1", 303)


@router.post("/delete")
async def delete_chatbot(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, sent: InForm
) -> Response:
    """The name has to be typed, because what goes does not come back."""
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    if may_change(member) and sent.get("typed", "").split() != chatbot.name.split():
        form = Form(values_of(chatbot), {"typed": f"must be the name of the chatbot: {chatbot.name}"})
        return render(
            request, "chatbots/settings.html", SettingsPage(member, chatbot, form, may_change=True), status=422
        )
    await chatbots.delete(db, member, chatbot.id)
    return RedirectResponse("/", 303)


def values_of(chatbot: Chatbot) -> dict[str, str]:
    """What holds now, said or not, as a form sends it."""
    silence = chatbots.silence_in(chatbot.settings.get("lifecycle"))
    return {
        "name": chatbot.name,
        "timezone": chatbot.calendar.name,
        **{name: "on" for name, key in _SWITCHES.items() if chatbot.settings.get(key) is not False},
        "idle": str(int(silence.idle_after.total_seconds()) // 60),
        "close": str(int(silence.closes_after.total_seconds()) // 60),
    }


def _changes(old: Mapping[str, str], sent: Mapping[str, str]) -> dict[str, Any]:
    """Only what differs: a setting that the team never touched keeps following our defaults. Raises Invalid."""
    changes: dict[str, Any] = {key: name in sent for name, key in _SWITCHES.items() if (name in sent) != (name in old)}
    zone = sent.get("timezone", old["timezone"])
    if zone != old["timezone"]:
        changes["timezone"] = zone
    minutes = {
        name: whole_number(name, sent.get(name), default=int(old[name]), least=1, most=_LONGEST) for name in _MINUTES
    }
    lifecycle = {_MINUTES[name]: number for name, number in minutes.items() if str(number) != old[name]}
    return changes | ({"lifecycle": lifecycle} if lifecycle else {})
