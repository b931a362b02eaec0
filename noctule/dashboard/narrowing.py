"""Which conversations a list shows, as its address says it: a period, and conditions such as `f=sentiment:is:negative` or
`f=user:is:…`. What cannot be understood is said on the page and left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import get_args

from starlette.datastructures import QueryParams

from noctule import analysis
from noctule.analysis import Condition, Filter, Mood, Narrowing
from noctule.base.calendar import IN_UTC, Calendar
from noctule.base.errors import Invalid
from noctule.base.text import storable
from noctule.chatbots import ChatbotId, FieldType
from noctule.dashboard.addresses import Query
from noctule.dashboard.period import Period, period_in

_MOODS: tuple[Mood, ...] = get_args(Mood)
_LONGEST = 100


@dataclass(frozen=True)
class Asked:
    period: Period | None = None
    sentiment: Mood | None = None
    channel: str | None = None
    others: tuple[Condition, ...] = ()  # what is known only of judged conversations
    problems: tuple[str, ...] = ()
    sort: str = ""  # the order of a list, as the address says it
    cols: str = ""  # the columns, as the address says them

    @property
    def anything(self) -> bool:
        return bool(self.period or self.sentiment or self.channel or self.others)

    @property
    def query(self) -> Query:
        conditions = [("sentiment", self.sentiment), ("channel", self.channel)]
        named = [f"{field}:is:{value}" for field, value in conditions if value] + [str(one) for one in self.others]
        period = replace(self.period, compares=True).query if self.period else {}
        return {**period, "f": named, "sort": self.sort, "cols": self.cols}

    def narrowing(self, chatbot_id: ChatbotId, custom: Mapping[str, FieldType]) -> Narrowing:
        since, until = (self.period.since, self.period.until) if self.period else (None, None)
        return Narrowing(
            since, until, self.sentiment, self.channel, analysis.filter_of(self.others, chatbot_id, custom)
        )

    def conditions(self, chatbot_id: ChatbotId, custom: Mapping[str, FieldType]) -> Filter | None:
        """All but the days."""
        plain = [("sentiment", self.sentiment), ("source", self.channel)]
        every = [*self.others, *(Condition(field, "is", value) for field, value in plain if value)]
        return analysis.filter_of(every, chatbot_id, custom)

    def without(self, condition: Condition) -> "Asked":
        return replace(self, others=tuple(one for one in self.others if one != condition))


def asked_in(query: QueryParams, today: date, custom: Mapping[str, FieldType], *, calendar: Calendar = IN_UTC) -> Asked:
    """`custom` are the accepted fields of the chatbot, `today` is of its calendar."""
    period, problems = period_in(query, today, calendar)
    asked = Asked(period)
    others: list[str] = []
    for condition in query.getlist("f"):
        field, _, rest = condition.partition(":")
        operator, _, value = rest.partition(":")
        mood = next((one for one in _MOODS if one == value), None)
        if (field, operator) == ("sentiment", "is") and mood:
            asked = replace(asked, sentiment=mood)
        elif (field, operator) == ("channel", "is") and 0 < len(value) <= _LONGEST and storable(value) is None:
            asked = replace(asked, channel=value)
        else:
            others.append(condition)
    known, unknown = _read(others, custom)
    return replace(asked, others=known, problems=tuple(problems + unknown))


def _read(texts: list[str], custom: Mapping[str, FieldType]) -> tuple[tuple[Condition, ...], list[str]]:
    known: set[Condition] = set()
    for text in texts[: analysis.MOST_CONDITIONS]:
        try:
            known |= set(analysis.read_conditions([text], custom))
        except Invalid:
            continue
    left_out = "A condition of this address is not known here and was left out."
    return tuple(sorted(known, key=str)), [left_out] * (len(set(texts)) - len(known))
