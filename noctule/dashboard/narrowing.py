"""Which conversations a list shows, as its address says it: a period, and `f=sentiment:is:negative` or
`f=channel:is:capture`. What cannot be understood is said on the page and left out.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import get_args

from starlette.datastructures import QueryParams

from noctule.analysis import Mood, Narrowing
from noctule.base.text import storable
from noctule.dashboard.addresses import Query
from noctule.dashboard.period import Period, period_in

_MOODS: tuple[Mood, ...] = get_args(Mood)
_LONGEST = 100


@dataclass(frozen=True)
class Asked:
    period: Period | None = None
    sentiment: Mood | None = None
    channel: str | None = None
    problems: tuple[str, ...] = ()

    @property
    def anything(self) -> bool:
        return bool(self.period or self.sentiment or self.channel)

    @property
    def query(self) -> Query:
        conditions = [("sentiment", self.sentiment), ("channel", self.channel)]
        named = [f"{field}:is:{value}" for field, value in conditions if value]
        return {**(replace(self.period, compares=True).query if self.period else {}), "f": named}

    @property
    def narrowing(self) -> Narrowing:
        since, until = (self.period.since, self.period.until) if self.period else (None, None)
        return Narrowing(since, until, self.sentiment, self.channel)


def asked_in(query: QueryParams, today: date) -> Asked:
    period, problems = period_in(query, today)
    asked = Asked(period)
    for condition in query.getlist("f"):
        field, _, rest = condition.partition(":")
        operator, _, value = rest.partition(":")
        mood = next((one for one in _MOODS if one == value), None)
        if (field, operator) == ("sentiment", "is") and mood:
            asked = replace(asked, sentiment=mood)
        elif (field, operator) == ("channel", "is") and 0 < len(value) <= _LONGEST and storable(value) is None:
            asked = replace(asked, channel=value)
        else:
            problems.append("A condition of this address is not known here and was left out.")
    return replace(asked, problems=tuple(problems))
