"""Which conversations a list holds, in the words of a query string."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import msgspec
from pydantic import BaseModel, Field

from noctule import analysis, chatbots, people
from noctule.analysis import Condition, Days, Narrowing, Scope
from noctule.api.openbat.measures import Asking
from noctule.base.db import Db
from noctule.base.errors import Invalid
from noctule.base.ids import parse_id
from noctule.base.text import storable
from noctule.chatbots import Chatbot, ChatbotId, Scalar
from noctule.web import query
from noctule.web.paging import whole_number

_USUAL, _LONGEST = 30, 366
_NOBODY = "00000000-0000-0000-0000-000000000000"


class Asked(BaseModel):
    f: list[str] = Field([], description="a condition, field:operator:value, as often as needed")
    since: str | None = Field(None, alias="from", description="began at this time or on this date (UTC) or later")
    until: str | None = Field(None, alias="to", description="began before this time, or on this date at the latest")
    user: str | None = Field(None, description="our id of a user, or the caller's")
    organization: str | None = Field(None, description="our id of a customer organization, or the caller's")


def narrows(asked: Asked) -> bool:
    """By what is known of the conversations of one chatbot; a time is known of all."""
    return bool(asked.f or asked.user or asked.organization)


def span_of(asked: Asked) -> tuple[datetime | None, datetime | None]:
    """Raises Invalid."""
    return query.moment("from", asked.since), query.moment("to", asked.until, whole_day=True)


async def narrowing_in(
    db: Db, bots: Mapping[ChatbotId, Chatbot], asked: Asked, *, custom: Mapping[str, Scalar]
) -> Narrowing:
    """Raises Invalid, naming the parameter. `custom` must hold as well."""
    since, until = span_of(asked)
    chatbot_id = next(iter(bots), None)
    if chatbot_id is None:
        raise Invalid.field("chatbotId", "is required to choose among conversations")
    kinds = await chatbots.accepted_fields(db, chatbot_id)
    conditions = analysis.read_conditions(asked.f, kinds)
    conditions += [Condition(f"custom.{key}", "is", _written(value)) for key, value in custom.items()]
    if asked.user:
        conditions.append(Condition("user", "is", await _user(db, chatbot_id, asked.user)))
    if asked.organization:
        conditions.append(Condition("organization", "is", await _organization(db, chatbot_id, asked.organization)))
    return replace(Narrowing(since, until), conditions=analysis.filter_of(conditions, chatbot_id, kinds))


async def asking_in(db: Db, bots: Mapping[ChatbotId, Chatbot], asked: Asked, days: str | None) -> Asking:
    """Whole days: from one to another, or else the last `days`, 30 if nothing is said. Raises Invalid, naming the parameter."""
    found = _days(asked, whole_number("days", days, default=_USUAL, least=1, most=_LONGEST, cut=True), db.now.date())
    narrowing = await narrowing_in(db, bots, asked, custom={})
    named = [("user", asked.user), ("organization", asked.organization)]
    query = [*(("f", one) for one in asked.f), *((name, value) for name, value in named if value)]
    return Asking(Scope(next(iter(bots)), found, narrowing.conditions), query)


def _days(asked: Asked, many: int, today: date) -> Days:
    first, last = query.day("from", asked.since), query.day("to", asked.until)
    last = last or max(today, first or today)
    if not date(1901, 1, 1) < last < date(2999, 1, 1):
        raise Invalid.field("to", "must lie between 1901 and 2999")
    first = first or last - timedelta(days=many - 1)
    if first > last or (last - first).days >= _LONGEST:
        raise Invalid.field("from", f"must not lie after the last day, nor more than {_LONGEST} days before it")
    return Days(first, last)


def _written(value: Scalar) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


async def _user(db: Db, chatbot_id: ChatbotId, text: str) -> str:
    """Our id. Of somebody who does not exist, one that nobody has: the list is empty."""
    named = await people.person_named(db, chatbot_id, text) if storable(text) is None else None
    return str(named or parse_id(text) or _NOBODY)


async def _organization(db: Db, chatbot_id: ChatbotId, text: str) -> str:
    named = await people.company_named(db, chatbot_id, text) if storable(text) is None else None
    return str(named or parse_id(text) or _NOBODY)
