"""Adding a condition to a page that can be narrowed: first what is asked about, then its value, with how many conversations
have it. Each step is an address, so it works without a script; what has to be typed is sent as a form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from fastapi import Request
from starlette.datastructures import QueryParams

from noctule import analysis, chatbots
from noctule.analysis import Days, Scope
from noctule.base.db import Db
from noctule.chatbots import Chatbot, FieldType
from noctule.dashboard.addresses import Choice, Query, address
from noctule.dashboard.named import SWITCH, field_name, value_name
from noctule.dashboard.narrowing import Asked

Form = Literal["", "number", "text"]

_GROUPS = {
    "How it went": ("sentiment", "outcome", "topic", "intent", "flags", "behavior", "failing", "unanswered", "escalated",
                    "dissatisfaction", "score", "quality"),
    "Where from": ("channel", "language", "country", "device", "browser", "os", "plan", "industry"),
    "Conversation": ("reviewed", "ended", "analysed", "messages", "tags"),
}  # fmt: skip
_COUNTED = {
    **{name: name for name in ("sentiment", "outcome", "topic", "intent", "flags", "behavior", "failing", "unanswered", "escalated",
                               "language", "country", "device", "plan")},
    "channel": "source",
}  # fmt: skip
_MOST = 50
_MENU = {"add": "", "how": "", "value": "", "after": "", "before": "", "c": ""}
_FIELDS = "fields"  # the menu with nothing chosen


@dataclass(frozen=True)
class Value:
    label: str
    shown: str  # how many; empty where that is not counted
    href: str
    here: bool


@dataclass(frozen=True)
class Step:
    """What was chosen, and what it can be."""

    field: str
    label: str
    signs: list[Choice]
    values: list[Value]
    form: Form
    basis: str
    back: str


@dataclass(frozen=True)
class Adding:
    path: str
    groups: list[tuple[str, list[Choice]]]
    opened: bool
    step: Step | None = None
    kept: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])  # of the address, by the form


def sent_address(request: Request) -> str | None:
    """The address with the condition that the form sent; None when it sent none."""
    query = request.query_params
    name, value = query.get("add", ""), query.get("value", "").strip()
    if not (name and value):
        return None
    rest = {key: query.getlist(key) for key in query}
    return address(
        request.url.path, rest, _MENU, {"f": [*query.getlist("f"), f"{name}:{query.get('how', 'is')}:{value}"]}
    )


@dataclass(frozen=True)
class _Page:
    """The page that is narrowed, as its address has it."""

    chatbot: Chatbot
    asked: Asked
    custom: Mapping[str, FieldType]
    path: str
    query: Query  # beside what is being added

    def to(self, **changes: str | Sequence[str]) -> str:
        return address(self.path, self.query, changes)

    @property
    def kept(self) -> list[tuple[str, str]]:
        named = [(name, [some] if isinstance(some, str) else some) for name, some in self.query.items()]
        return [(name, one) for name, some in named for one in some if one]


async def adding_of(
    db: Db, chatbot: Chatbot, asked: Asked, *, path: str, query: QueryParams, rest: Query | None = None
) -> Adding:
    """`rest` is what the address says beside the conditions."""
    custom = await chatbots.accepted_fields(db, chatbot.id)
    page = _Page(chatbot, asked, custom, path, {**asked.query, **(rest or {})})
    groups = {**_GROUPS, "Custom fields": tuple(f"custom.{key}" for key in sorted(custom))}
    name = query.get("add", "")
    known = any(name in names for names in groups.values())
    return Adding(
        path,
        [
            (title, [Choice(field_name(one), page.to(add=one), one == name) for one in names])
            for title, names in groups.items()
            if names
        ],
        opened=known or name == _FIELDS,
        step=await _step(db, page, name, how="not" if query.get("how") == "not" else "is") if known else None,
        kept=page.kept,
    )


async def _step(db: Db, page: _Page, name: str, *, how: str) -> Step:
    form = _form(name, page.custom)
    counts = {} if form else await _counts(db, page, name)
    signs = [
        Choice(words, page.to(add=name, how="" if sign == "is" else sign), sign == how)
        for sign, words in (("is", "is"), ("not", "is not"))
    ]
    return Step(
        name,
        field_name(name),
        [] if form or set(counts) <= set(SWITCH) else signs,
        await _values(db, page, name, how=how, counts=counts),
        form,
        basis="" if form or None in counts.values() else "of these days" if page.asked.period else "of all days",
        back=page.to(add=_FIELDS),
    )


async def _values(db: Db, page: _Page, name: str, *, how: str, counts: Mapping[str, int | None]) -> list[Value]:
    """One that holds already is taken back."""
    topics = {str(one.id): one.name for one in await analysis.topics_of(db, page.chatbot.id)} if name == "topic" else {}
    chosen = page.asked.query["f"]
    found: list[Value] = []
    for value, count in list(counts.items())[:_MOST]:
        one = f"{name}:{how}:{value}"
        others = [text for text in chosen if text != one]
        href = page.to(f=others if one in chosen else [*others, one])
        label = topics.get(value) or value_name(name, value)
        found.append(Value(label, "" if count is None else f"{count:,}", href, one in chosen))
    return found


def _form(name: str, custom: Mapping[str, FieldType]) -> Form:
    """What has to be typed, because its values are not counted."""
    if name.startswith("custom."):
        kind = custom[name.removeprefix("custom.")]
        return "number" if kind == "number" else "text" if kind == "string" else ""
    if name in _COUNTED or analysis.FIELDS[name] == "switch":
        return ""
    return "number" if analysis.FIELDS[name] == "number" else "text"


async def _counts(db: Db, page: _Page, name: str) -> dict[str, int | None]:
    """The values with the most conversations first: where the page has days of these, and as the other conditions have it."""
    if name not in _COUNTED:
        return dict.fromkeys(SWITCH)
    counted, asked = _COUNTED[name], page.asked
    if asked.period is None:
        sums = await analysis.all_time(db, page.chatbot.id, counted)
        ranked = sorted(sums.items(), key=lambda one: (-one[1].conversations, one[0]))
        return {value: one.conversations for value, one in ranked if one.conversations}
    others = replace(asked, others=tuple(one for one in asked.others if one.field != name))
    others = replace(others, **{name: None}) if name in ("sentiment", "channel") else others
    days = Days(asked.period.first, asked.period.last)
    scope = Scope(page.chatbot.id, days, others.conditions(page.chatbot.id, page.custom))
    found = (await analysis.breakdowns(db, scope, [counted]))[counted]
    return {one.value: one.now.conversations for one in found.parts if one.now.conversations}
