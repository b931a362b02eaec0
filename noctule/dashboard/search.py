"""Deep search: messages by what they say, with the words that were found, grouped by conversation."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from noctule import analysis, chatbots
from noctule.analysis import Found, Question, Snippet, Sought
from noctule.base.db import Db
from noctule.base.errors import Invalid
from noctule.base.text import one_line, storable
from noctule.chatbots import Chatbot
from noctule.dashboard.addresses import Choice, Query, address
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.period import PRESETS, Period, recent
from noctule.dashboard.rendering import render
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InServices, Services

router = APIRouter(prefix="/b/{chatbot_id}", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED)
_PAGE = 20
_LONGEST = 500
_TITLE = 100
_ALIKE = 10
_MODES = {"": "All forms", "exact": "Exact words"}
_ROLES = {"": "Anybody", "user": "User", "assistant": "Assistant"}


@dataclass(frozen=True)
class Asked:
    q: str = ""
    mode: str = ""
    role: str = ""
    range: str = ""
    after: str = ""

    @property
    def query(self) -> Query:
        """What cannot be understood is as if it were not asked for."""
        words = self.q.strip()[:_LONGEST] if storable(self.q) is None else ""
        return {
            "q": words,
            "mode": self.mode if self.mode in _MODES else "",
            "role": self.role if self.role in _ROLES else "",
            "range": self.range if self.range in PRESETS else "",
        }


@dataclass(frozen=True)
class Quote:
    found: Found
    snippet: Snippet
    href: str


@dataclass(frozen=True)
class Group:
    """Messages of one conversation, as long as no other one comes in between."""

    title: str
    quotes: list[Quote]


@dataclass(frozen=True)
class SearchPage:
    chatbot: Chatbot
    wanted: str
    problem: str
    hidden: list[tuple[str, str]]  # what the form keeps
    groups: list[Group]
    alike: list[Group]  # that mean the same, in other words
    total: str
    modes: list[Choice]
    roles: list[Choice]
    ranges: list[Choice]
    older: str | None
    top: str
    latest: bool


@router.get("/search")
async def search(
    request: Request, chatbot_id: str, member: InMember, services: InServices, *, asked: Annotated[Asked, Depends()]
) -> Response:
    async with services.database.transaction() as db:
        chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    query, path = asked.query, f"/b/{chatbot.id}/search"
    found = _Found()
    if query["q"]:
        try:
            found = await _find(services, chatbot, query, after=_place(asked.after))
        except Invalid as error:
            if not error.problems or error.problems[0].field != "q":
                raise
            found = _Found(problem=error.problems[0].message)
    page = SearchPage(
        chatbot,
        wanted=str(query["q"]),
        problem=found.problem,
        hidden=[(name, str(value)) for name, value in query.items() if name != "q" and value],
        groups=found.groups,
        alike=found.alike,
        total=found.total,
        modes=_choices(path, query, "mode", of=_MODES),
        roles=_choices(path, query, "role", of=_ROLES),
        ranges=_choices(
            path, query, "range", of={"": "All time", **{name: f"{days} days" for name, days in PRESETS.items()}}
        ),
        older=address(path, query, {"after": found.last}) if found.last else None,
        top=address(path, query),
        latest=not asked.after,
    )
    return render(request, "search.html", page)


@dataclass(frozen=True)
class _Found:
    groups: list[Group] = field(default_factory=list[Group])
    alike: list[Group] = field(default_factory=list[Group])
    total: str = ""
    last: str = ""  # its place, when there are more
    problem: str = ""


async def _find(services: Services, chatbot: Chatbot, query: Query, *, after: tuple[datetime, UUID] | None) -> _Found:
    """Raises Invalid."""
    text, exact = str(query["q"]), query["mode"] == "exact"
    async with services.database.transaction() as db:
        question = await analysis.looked_for(db, chatbot.id, text, forms=not exact)
        sought = _sought(db, chatbot, question, query)
        hits = await analysis.search_messages(db, chatbot.id, sought, after=after, limit=_PAGE)
    alike: list[Found] = []
    if not exact and not hits.more and sought.role != "assistant":
        alike = (
            await analysis.search_meanings(
                services.database, services.embedder, chatbot.id, text, sought=sought, limit=_ALIKE
            )
            or []
        )
    shown = {one.conversation_id for one in hits.found}
    return _Found(
        _groups(chatbot, hits.found, question),
        _groups(chatbot, [one for one in alike if one.conversation_id not in shown], question),
        f"{hits.total:,}" if hits.total < analysis.MOST_COUNTED else "10,000+",
        analysis.place_of(hits.found[-1]) if hits.more else "",
    )


def _sought(db: Db, chatbot: Chatbot, question: Question, query: Query) -> Sought:
    days, today = PRESETS.get(str(query["range"])), chatbot.calendar.day_of(db.now)
    since = recent(Period(today, today, calendar=chatbot.calendar), days, today).since if days else None
    return Sought(question.condition(chatbot.id), since, role=str(query["role"]) or None)


def _place(text: str) -> tuple[datetime, UUID] | None:
    place = analysis.read_place(text) if text else None
    if text and place is None:
        raise Invalid.field("after", "is not a place in this list")
    return place


def _groups(chatbot: Chatbot, found: list[Found], question: Question) -> list[Group]:
    return [
        Group(one_line(some[0].title or some[0].external_id, _TITLE), [_quote(chatbot, one, question) for one in some])
        for some in (list(group) for _, group in groupby(found, key=lambda one: one.conversation_id))
    ]


def _quote(chatbot: Chatbot, found: Found, question: Question) -> Quote:
    path = f"/b/{chatbot.id}/conversations/{found.conversation_id}"
    href = f"{address(path, {'around': str(found.message_id)})}#m-{found.message_id}"
    return Quote(found, analysis.snippet_of(found.content, question), href)


def _choices(path: str, query: Query, name: str, *, of: dict[str, str]) -> list[Choice]:
    return [Choice(label, address(path, query, {name: value}), query[name] == value) for value, label in of.items()]
