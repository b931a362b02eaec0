"""Deep search: messages by what they say, with the words that were found, grouped by conversation."""

from dataclasses import dataclass
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
from noctule.dashboard.addresses import Query, address
from noctule.dashboard.conversations import Choice
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.period import PRESETS, Period, recent
from noctule.dashboard.rendering import render
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/b/{chatbot_id}", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED)
_PAGE = 20
_LONGEST = 500
_TITLE = 100
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
    total: str
    modes: list[Choice]
    roles: list[Choice]
    ranges: list[Choice]
    older: str | None
    top: str
    latest: bool


@router.get("/search")
async def search(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, *, asked: Annotated[Asked, Depends()]
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    query, path = asked.query, f"/b/{chatbot.id}/search"
    groups, total, problem, older = list[Group](), "", "", None
    if query["q"]:
        try:
            question = await analysis.looked_for(db, chatbot.id, str(query["q"]), forms=query["mode"] != "exact")
        except Invalid as error:
            problem = error.problems[0].message
        else:
            hits = await analysis.search_messages(
                db, chatbot.id, _sought(db, chatbot, question, query), after=_place(asked.after), limit=_PAGE
            )
            groups = _groups(chatbot, hits.found, question)
            total = f"{hits.total:,}" if hits.total < analysis.MOST_COUNTED else "10,000+"
            older = address(path, query, {"after": analysis.place_of(hits.found[-1])}) if hits.more else None
    page = SearchPage(
        chatbot,
        wanted=str(query["q"]),
        problem=problem,
        hidden=[(name, str(value)) for name, value in query.items() if name != "q" and value],
        groups=groups,
        total=total,
        modes=_choices(path, query, "mode", _MODES),
        roles=_choices(path, query, "role", _ROLES),
        ranges=_choices(
            path, query, "range", {"": "All time", **{name: f"{days} days" for name, days in PRESETS.items()}}
        ),
        older=older,
        top=address(path, query),
        latest=not asked.after,
    )
    return render(request, "search.html", page)


def _sought(db: Db, chatbot: Chatbot, question: Question, query: Query) -> Sought:
    days, today = PRESETS.get(str(query["range"])), db.now.date()
    since = recent(Period(today, today), days, today).since if days else None
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


def _choices(path: str, query: Query, name: str, of: dict[str, str]) -> list[Choice]:
    return [Choice(label, address(path, query, {name: value}), query[name] == value) for value, label in of.items()]
