"""What a chatbot has judged: switches, thresholds and flags; trying them before they count, judging the past again, and
what could not be judged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from noctule import analysis, chatbots
from noctule.accounts import Member
from noctule.analysis import Parked, Wishes
from noctule.base.db import Db
from noctule.base.errors import AppError, Invalid
from noctule.chatbots import Chatbot
from noctule.dashboard.chatbots import may_change
from noctule.dashboard.forms import Form, InForm, refused
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.rendering import render
from noctule.dashboard.trial import Trial, trial_of
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InDatabase, InTransaction

router = APIRouter(
    prefix="/b/{chatbot_id}/settings/analysis",
    include_in_schema=False,
    route_class=CredentialsFirst,
    dependencies=FRAMED,
)
_SIDES = {"user": "userAnalysisEnabled", "assistant": "assistantAnalysisEnabled"}
_BANDS = {
    "very_negative": ("Very negative below", "veryNegative"),
    "negative": ("Negative below", "negative"),
    "positive": ("Positive above", "positive"),
    "very_positive": ("Very positive above", "veryPositive"),
}


@dataclass(frozen=True)
class AnalysisPage:
    member: Member
    chatbot: Chatbot
    wishes: Wishes
    judge: str
    form: Form
    bands: dict[str, str]  # the labels of the thresholds
    busy: bool  # everything is being judged again
    summary: list[tuple[str, str, str]]  # what it changed: figure, before, after
    parked: list[Parked]
    may_change: bool
    trial: Trial | None = None
    saved: bool = False


@router.get("")
async def read_analysis(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, saved: str = ""
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    return render(request, "chatbots/analysis.html", await _page(db, member, chatbot, saved=bool(saved)))


@router.post("")
async def change_analysis(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, sent: InForm
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    member.must_be("admin")
    try:
        await chatbots.change(db, member, chatbot.id, name=None, settings=changes_in(chatbot, sent))
    except Invalid as error:
        page = await _page(db, member, chatbot, form=_refused(sent, error))
        return render(request, "chatbots/analysis.html", page, status=422)
    return RedirectResponse(f"/b/{chatbot.id}/settings/analysis?saved=1", 303)


@router.post("/try")
async def try_analysis(
    request: Request, chatbot_id: str, member: InMember, database: InDatabase, sent: InForm
) -> Response:
    """The same page with the form as it was sent, and what it would change. Nothing is kept."""
    async with database.transaction() as db:
        chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    member.must_be("admin")
    form, trial = Form(sent), None
    try:
        changes = changes_in(chatbot, sent)
        trial = trial_of(chatbot, await analysis.try_settings(database, chatbot, changes, limit=analysis.MOST_TRIED))
    except Invalid as error:
        form = _refused(sent, error)
    async with database.transaction() as db:
        page = await _page(db, member, chatbot, form=form, trial=trial)
    return render(request, "chatbots/analysis.html", page, status=200 if trial else 422)


@router.post("/again")
async def judge_again(chatbot_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    await analysis.ask_again(db, member, chatbot)
    return RedirectResponse(f"/b/{chatbot.id}/settings/analysis#again", 303)


@router.post("/retry")
async def retry_parked(chatbot_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    await analysis.try_again(db, member, chatbot)
    return RedirectResponse(f"/b/{chatbot.id}/settings/analysis", 303)


def changes_in(chatbot: Chatbot, sent: Mapping[str, str]) -> dict[str, Any]:
    """Only what differs: what the team never touched keeps following our defaults. Raises Invalid."""
    old = values_of(chatbot)
    settings: dict[str, Any] = {key: side in sent for side, key in _SIDES.items() if (side in sent) != (side in old)}
    signals = [one.name for one in analysis.SIGNALS]
    changed: dict[str, Any] = {name: name in sent for name in signals if (name in sent) != (name in old)}
    bands = {
        key: _number(name, sent.get(name, ""))
        for name, (_, key) in _BANDS.items()
        if sent.get(name, old[name]).strip() != old[name]
    }
    changed |= {"thresholds": bands} if bands else {}
    return settings | ({"analysis": changed} if changed else {})


def values_of(chatbot: Chatbot) -> dict[str, str]:
    """What holds now, said or not, as a form sends it."""
    asked = chatbots.analysis_in(chatbot.settings.get("analysis"))
    sides = {side: "on" for side, key in _SIDES.items() if chatbot.settings.get(key) is not False}
    signals = {one.name: "on" for one in analysis.SIGNALS if one.name not in asked.off}
    return {**sides, **signals, **{name: f"{getattr(asked.bands, name):g}" for name in _BANDS}}


def _number(name: str, text: str) -> float | None:
    """Empty is the default. Raises Invalid."""
    if not text.strip():
        return None
    try:
        return float(text.strip().replace("−", "-").replace(",", "."))
    except ValueError:
        raise Invalid.field(name, "must be a number from -1 to 1") from None


def _refused(sent: Mapping[str, str], error: AppError) -> Form:
    """Thresholds are wrong together: the first of them tells it."""
    form = refused(sent, error)
    problems = {"very_negative" if name.endswith("thresholds") else name: said for name, said in form.problems.items()}
    return Form(form.values, problems)


async def _page(
    db: Db,
    member: Member,
    chatbot: Chatbot,
    *,
    form: Form | None = None,
    trial: Trial | None = None,
    saved: bool = False,
) -> AnalysisPage:
    wishes = await analysis.wishes_of(db, chatbot)
    return AnalysisPage(
        member,
        chatbot,
        wishes,
        judge=analysis.JUDGE,
        form=form or Form(values_of(chatbot)),
        bands={name: label for name, (label, _) in _BANDS.items()},
        busy=wishes.job is not None and wishes.job.state in ("queued", "running"),
        summary=_summary((wishes.job.result if wishes.job else None) or {}),
        parked=(await analysis.parked_of(db, chatbot))[0],
        may_change=may_change(member),
        trial=trial,
        saved=saved,
    )


def _summary(result: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Of a job that is done."""
    before, after = result.get("before"), result.get("after")
    if not before or not after:
        return []
    figures = {
        "conversations": "Conversations judged", "versions": "Judged by", "sentiment": "Mean sentiment",
        "dissatisfaction": "Mean dissatisfaction", "unresolved": "Mean chance of unresolved", "flagged": "With a flag",
        "outcomes": "Outcomes",
    }  # fmt: skip
    return [(label, _told(before[name]), _told(after[name])) for name, label in figures.items()]


def _told(value: float | dict[str, int] | None) -> str:
    if isinstance(value, dict):
        parts = sorted(value.items(), key=lambda one: (-one[1], one[0]))
        return ", ".join(f"{name.replace('_', ' ')} {many:,}" for name, many in parts) or "none"
    if value is None:
        return "not judged"
    return f"{value:,}" if isinstance(value, int) else f"{value:.2f}".replace("-", "−")
