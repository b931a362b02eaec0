"""Which conversations a list holds, in the words of a query string."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import msgspec
from pydantic import BaseModel, Field

from noctule import analysis, chatbots, people
from noctule.analysis import Condition, Narrowing
from noctule.base.db import Db
from noctule.base.errors import Invalid
from noctule.base.ids import parse_id
from noctule.base.text import storable
from noctule.chatbots import Chatbot, ChatbotId, Scalar
from noctule.web import query

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
    return replace(Narrowing(since, until), conditions=analysis.path_of(conditions, chatbot_id, kinds))


def _written(value: Scalar) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


async def _user(db: Db, chatbot_id: ChatbotId, text: str) -> str:
    """Our id. Of somebody who does not exist, one that nobody has: the list is empty."""
    named = await people.person_named(db, chatbot_id, text) if storable(text) is None else None
    return str(named or parse_id(text) or _NOBODY)


async def _organization(db: Db, chatbot_id: ChatbotId, text: str) -> str:
    named = await people.company_named(db, chatbot_id, text) if storable(text) is None else None
    return str(named or parse_id(text) or _NOBODY)
