"""The conditions that hold on a page, in words: each is a chip with the address of the page without it."""

from dataclasses import dataclass, replace

from noctule import analysis, people
from noctule.analysis import TopicId
from noctule.base.db import Db
from noctule.base.ids import parse_id
from noctule.chatbots import Chatbot
from noctule.dashboard.addresses import address
from noctule.dashboard.named import field_name, value_name
from noctule.dashboard.narrowing import Asked
from noctule.people import Company, CompanyId, Person, PersonId

_SIGNS = {"is": "is", "not": "is not", "ge": "is at least", "le": "is at most"}


@dataclass(frozen=True)
class Condition:
    label: str
    value: str
    without: str
    sign: str = "is"


async def conditions_of(db: Db, chatbot: Chatbot, asked: Asked, *, path: str) -> list[Condition]:
    """In words: a user, an organization and a topic by their names."""
    return _plain(path, asked) + [
        Condition(
            field_name(one.field),
            await _value_of(db, chatbot, one),
            address(path, asked.without(one).query),
            _SIGNS[one.operator],
        )
        for one in asked.others
    ]


def _plain(path: str, asked: Asked) -> list[Condition]:
    found: list[Condition] = []
    if asked.period:
        words = f"{asked.period.first:%-d %b %Y} – {asked.period.last:%-d %b %Y}"
        shown = f"Last {asked.period.days} days" if asked.period.preset else words
        found.append(Condition("Began", shown, address(path, replace(asked, period=None).query), ""))
    if asked.sentiment:
        without = address(path, replace(asked, sentiment=None).query)
        found.append(Condition("Sentiment", value_name("sentiment", asked.sentiment), without))
    if asked.channel:
        without = address(path, replace(asked, channel=None).query)
        found.append(Condition("Channel", value_name("channel", asked.channel), without))
    return found


async def _value_of(db: Db, chatbot: Chatbot, condition: analysis.Condition) -> str:
    parsed = parse_id(condition.value)
    known: Person | Company | None = None
    if condition.field == "topic" and parsed:
        topic = await analysis.topic(db, chatbot.id, TopicId(parsed))
        return topic.name if topic else condition.value
    if condition.field == "user" and parsed:
        known = await people.person(db, chatbot.id, PersonId(parsed))
    elif condition.field == "organization" and parsed:
        known = await people.company(db, chatbot.id, CompanyId(parsed))
    return known.shown if known else value_name(condition.field, condition.value)
