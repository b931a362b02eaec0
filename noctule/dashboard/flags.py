"""One flag of a chatbot: what it listens for, what rules it out, how sure it must be. One of the six, or the team's own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from noctule import analysis, chatbots
from noctule.accounts import Member
from noctule.base.errors import Invalid, NotFound
from noctule.chatbots import FLAG_TEXTS, HIGHEST, LOWEST, Chatbot, FlagDefinition
from noctule.dashboard.chatbots import may_change
from noctule.dashboard.forms import Form, InForm, refused
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.rendering import render
from noctule.dashboard.trial import Trial, trial_of
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InDatabase, InTransaction

router = APIRouter(
    prefix="/b/{chatbot_id}/settings/analysis/flags",
    include_in_schema=False,
    route_class=CredentialsFirst,
    dependencies=FRAMED,
)
_LONGEST_NAME = 64
_LONGEST = 9000  # characters of a list that a form can hold; longer ones are changed by programs and kept as they are


@dataclass(frozen=True)
class FlagPage:
    member: Member
    chatbot: Chatbot
    name: str  # empty: a new one
    definition: str
    system: bool
    form: Form
    longest: int
    kept: list[str]  # lists that are too long for a form
    may_change: bool
    trial: Trial | None = None
    saved: bool = False


@router.get("")
async def new_flag(request: Request, chatbot_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    return render(request, "chatbots/flag.html", _page(member, chatbot, "", form=Form({"enabled": "on"})))


@router.post("")
async def make_flag(request: Request, chatbot_id: str, member: InMember, db: InTransaction, sent: InForm) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    member.must_be("admin")
    try:
        name = _new_name(chatbot, sent.get("name", ""))
        await chatbots.change(db, member, chatbot.id, name=None, settings=_changes(chatbot, name, sent))
    except Invalid as error:
        page = _page(member, chatbot, "", form=_refused(sent, error))
        return render(request, "chatbots/flag.html", page, status=422)
    return RedirectResponse(f"/b/{chatbot.id}/settings/analysis#listed", 303)


@router.get("/{flag}")
async def read_flag(
    request: Request, chatbot_id: str, flag: str, member: InMember, db: InTransaction, *, saved: str = ""
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    _must_exist(chatbot, flag)
    return render(request, "chatbots/flag.html", _page(member, chatbot, flag, saved=bool(saved)))


@router.post("/{flag}")
async def change_flag(
    request: Request, chatbot_id: str, flag: str, member: InMember, db: InTransaction, *, sent: InForm
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    _must_exist(chatbot, flag)
    member.must_be("admin")
    try:
        await chatbots.change(db, member, chatbot.id, name=None, settings=_changes(chatbot, flag, sent))
    except Invalid as error:
        page = _page(member, chatbot, flag, form=_refused(sent, error))
        return render(request, "chatbots/flag.html", page, status=422)
    return RedirectResponse(f"/b/{chatbot.id}/settings/analysis/flags/{flag}?saved=1", 303)


@router.post("/{flag}/try")
async def try_flag(
    request: Request, chatbot_id: str, flag: str, member: InMember, database: InDatabase, *, sent: InForm
) -> Response:
    """The same page with the form as it was sent, and what it would change. Nothing is kept."""
    async with database.transaction() as db:
        chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    _must_exist(chatbot, flag)
    member.must_be("admin")
    form, trial = Form(sent), None
    try:
        changes = _changes(chatbot, flag, sent)
        trial = trial_of(chatbot, await analysis.try_settings(database, chatbot, changes, limit=analysis.MOST_TRIED))
    except Invalid as error:
        form = _refused(sent, error)
    page = _page(member, chatbot, flag, form=form, trial=trial)
    return render(request, "chatbots/flag.html", page, status=200 if trial else 422)


@router.post("/{flag}/delete")
async def delete_flag(chatbot_id: str, flag: str, member: InMember, db: InTransaction) -> Response:
    """One of the team's own; of the six, what the team made of it. What carries the flag keeps it until it is judged again."""
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    _must_exist(chatbot, flag)
    await chatbots.change(db, member, chatbot.id, name=None, settings=_in_settings({flag: None}))
    return RedirectResponse(f"/b/{chatbot.id}/settings/analysis#listed", 303)


def _must_exist(chatbot: Chatbot, flag: str) -> None:
    if flag not in analysis.FLAGS and flag not in _own(chatbot):
        raise NotFound("There is no such flag.")


def _own(chatbot: Chatbot) -> dict[str, FlagDefinition]:
    return chatbots.analysis_in(chatbot.settings.get("analysis")).flag_definitions


def _new_name(chatbot: Chatbot, text: str) -> str:
    """As programs write it. Raises Invalid."""
    name = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise Invalid.field("name", f"must have 1 to {_LONGEST_NAME} letters and digits")
    if name in analysis.FLAGS or name in _own(chatbot):
        raise Invalid.field("name", "is the name of another flag")
    return name


def _page(
    member: Member,
    chatbot: Chatbot,
    flag: str,
    *,
    form: Form | None = None,
    trial: Trial | None = None,
    saved: bool = False,
) -> FlagPage:
    one = _own(chatbot).get(flag, FlagDefinition())
    return FlagPage(
        member,
        chatbot,
        flag,
        definition=one.description or analysis.FLAG_DEFINITIONS.get(flag, ""),
        system=flag in analysis.FLAGS,
        form=form or Form(_values(one)),
        longest=_LONGEST,
        kept=_kept(one),
        may_change=may_change(member),
        trial=trial,
        saved=saved,
    )


def _values(one: FlagDefinition) -> dict[str, str]:
    """As a form sends it: a text a line."""
    texts = {part: "\n".join(getattr(one, part) or ()) for part in FLAG_TEXTS if part not in _kept(one)}
    enabled = {"enabled": "on"} if one.enabled is not False else {}
    threshold = "" if one.threshold is None else f"{one.threshold:g}"
    return {**enabled, **texts, "description": one.description or "", "threshold": threshold}


def _kept(one: FlagDefinition) -> list[str]:
    return [part for part in FLAG_TEXTS if sum(len(text) + 2 for text in getattr(one, part) or ()) > _LONGEST]


def _changes(chatbot: Chatbot, flag: str, sent: Mapping[str, str]) -> dict[str, Any]:
    """Raises Invalid for a threshold that is no number."""
    kept = _kept(_own(chatbot).get(flag, FlagDefinition()))
    texts = {part: _lines(sent.get(part, "")) for part in FLAG_TEXTS if part not in kept}
    description = " ".join(sent.get("description", "").split())
    switch = {"enabled": None if "enabled" in sent else False, "threshold": _threshold(sent.get("threshold", ""))}
    return _in_settings({flag: {**texts, **switch, "description": description or None}})


def _in_settings(flags: dict[str, Any]) -> dict[str, Any]:
    return {"analysis": {"definitions": {"flags": flags}}}


def _lines(text: str) -> list[str] | None:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()] or None


def _threshold(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", ".")) if text.strip() else None
    except ValueError:
        raise Invalid.field("threshold", f"must be a number from {LOWEST} to {HIGHEST}") from None


def _refused(sent: Mapping[str, str], error: Invalid) -> Form:
    """A problem stands at its field of the form: the last part of its path."""
    form = refused(sent, error)
    return Form(form.values, {name.rpartition(".")[2]: said for name, said in form.problems.items()})
