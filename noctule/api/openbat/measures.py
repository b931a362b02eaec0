"""Shapes of figures over judged conversations: each with how many they stand on, the same of the days before, and the address
of the conversations behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from noctule import analysis
from noctule.analysis import Breakdown, Frustration, Part, Scope, UnhappyUser
from noctule.api.openbat.shapes import Coverage
from noctule.base.clock import iso


@dataclass(frozen=True)
class Asking:
    """Which conversations are asked about, and how an address says it."""

    scope: Scope
    query: list[tuple[str, str]]  # without days

    def evidence(self, *conditions: str) -> str:
        days = [("from", str(self.scope.days.first)), ("to", str(self.scope.days.last))]
        asked = [("chatbotId", str(self.scope.chatbot_id)), *days, *self.query, *(("f", one) for one in conditions)]
        return "/api/v1/conversations?" + urlencode(asked, safe=":")


class DaysShape(BaseModel):
    """Both included; days are those of UTC."""

    first: str = Field(serialization_alias="from")
    last: str = Field(serialization_alias="to")


class Measured(BaseModel):
    period: DaysShape
    previous: DaysShape = Field(description="as many days, right before")
    coverage: Coverage


class CountDay(BaseModel):
    date: str
    count: int


class ValueShape(BaseModel):
    value: str
    label: str
    count: int = Field(description="conversations")
    share: float | None = Field(description="0 to 1, of `total`")
    previousCount: int
    change: float | None = Field(
        description="against the previous days; 0.5 is half as many more; null: nothing at all"
    )
    avgSentiment: float | None = Field(description="-1 to 1, of `scored` conversations")
    scored: int
    resolutionRate: float | None = Field(description="0 to 1, of the `ended` conversations")
    ended: int = Field(description="conversations that are over and have an outcome")
    dissatisfied: int = Field(description="conversations whose user is likely to have ended unhappy")
    trend: list[CountDay] = Field(description="only days that have any")
    evidence: str = Field(description="where the conversations behind `count` are listed")
    severity: Literal["critical", "high", "medium", "low", "positive"] | None = Field(None, description="of a behavior")


class DayShape(BaseModel):
    date: str
    count: int = Field(description="conversations that began")
    analysed: int
    avgSentiment: float | None
    scored: int
    resolutionRate: float | None
    ended: int
    dissatisfied: int


class BreakdownShape(Measured):
    values: list[ValueShape] = Field(description="the most conversations first; also what there was only before")
    total: int = Field(description="conversations that shares are of")
    resolutionRate: float | None = Field(description="0 to 1, of all `ended` conversations")
    previousResolutionRate: float | None
    ended: int
    overTime: list[DayShape] = Field(description="all of them, by the day on which they began; only days that have any")


class MarkDay(BaseModel):
    date: str
    average: float
    count: int


class MarkShape(BaseModel):
    dimension: str
    weight: float | None = Field(description="in `overall`; null for itself")
    average: float | None = Field(
        description="0 to 1, the mean over `count` conversations, each the mean of its answers"
    )
    previousAverage: float | None
    count: int
    failing: int = Field(description="conversations below 0.35")
    previousFailing: int
    trend: list[MarkDay]
    evidence: str = Field(description="where the failing conversations are listed")


class QualityShape(Measured):
    dimensions: list[MarkShape] = Field(description="`overall` first")


class FrustrationShape(BaseModel):
    conversationId: str
    messageId: str
    externalConversationId: str
    content: str
    at: str
    sentiment: float | None
    dissatisfaction: float | None = Field(description="0 to 1, how likely this message shows an unhappy user")
    reason: str


class FrustrationsShape(Measured):
    topics: list[ValueShape] = Field(description="conversations that ended unhappy by topic, the most first")
    intents: list[ValueShape]
    dissatisfied: int
    previousDissatisfied: int
    messages: list[FrustrationShape] = Field(description="said in these days, the latest first")
    evidence: str


class UnhappyUserShape(BaseModel):
    userId: str
    externalUserId: str | None
    name: str | None
    email: str | None
    organization: str | None
    dissatisfied: int = Field(description="conversations of these days that ended unhappy; users are ranked by it")
    previousDissatisfied: int
    conversations: int = Field(description="all of these days")
    avgSentiment: float | None
    dissatisfaction: float | None = Field(description="0 to 1, the mean over all of them")
    lastAt: str
    trend: list[CountDay]
    evidence: str


class UnhappyUsersShape(Measured):
    users: list[UnhappyUserShape]


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def breakdown_shape(asking: Asking, name: str, found: Breakdown, *, labels: dict[str, str]) -> BreakdownShape:
    """`labels` of values that are ids."""
    return BreakdownShape(
        **measured(found),
        values=[_value(asking, name, one, labels=labels, share=found.share(one)) for one in found.parts],
        total=found.known,
        resolutionRate=rounded(found.whole.resolution),
        previousResolutionRate=rounded(found.before.resolution),
        ended=found.whole.ended,
        overTime=[
            DayShape(
                date=day.isoformat(),
                count=one.conversations,
                analysed=one.analysed,
                avgSentiment=rounded(one.feeling),
                scored=one.scored,
                resolutionRate=rounded(one.resolution),
                ended=one.ended,
                dissatisfied=one.dissatisfied,
            )
            for day, one in sorted(found.by_day.items())
            if day >= found.scope.days.first
        ],
    )


def measured(found: Breakdown) -> dict[str, Any]:
    days = found.scope.days
    return {
        "period": DaysShape(first=str(days.first), last=str(days.last)),
        "previous": DaysShape(first=str(days.before.first), last=str(days.before.last)),
        "coverage": Coverage(analysed=found.whole.analysed, total=found.whole.conversations),
    }


def _value(asking: Asking, name: str, one: Part, *, labels: dict[str, str], share: float | None) -> ValueShape:
    return ValueShape(
        value=one.value,
        label=labels.get(one.value) or worded(name, one.value),
        count=one.now.conversations,
        share=rounded(share),
        previousCount=one.before.conversations,
        change=rounded(one.change),
        avgSentiment=rounded(one.now.feeling),
        scored=one.now.scored,
        resolutionRate=rounded(one.now.resolution),
        ended=one.now.ended,
        dissatisfied=one.now.dissatisfied,
        trend=[
            CountDay(date=day.isoformat(), count=some.conversations) for day, some in one.days_of(asking.scope.days)
        ],
        evidence=asking.evidence(f"{name}:is:{one.value}"),
        severity=analysis.SEVERITY.get(one.value) if name == "behavior" else None,
    )


def worded(name: str, value: str) -> str:
    """A slug in words; what people or the world named stays as it is."""
    return value if name in ("language", "country", "plan") else value.replace("_", " ").capitalize()


def quality_shape(asking: Asking, marks: Breakdown, failing: Breakdown) -> QualityShape:
    of_mark = {one.value: one for one in marks.parts}
    of_failing = {one.value: one for one in failing.parts}
    nothing = analysis.Sum()
    dimensions: list[MarkShape] = []
    for name in ("overall", *analysis.WEIGHTS):
        one, bad = of_mark.get(name), of_failing.get(name)
        now, before = (one.now, one.before) if one else (nothing, nothing)
        dimensions.append(
            MarkShape(
                dimension=name,
                weight=analysis.WEIGHTS.get(name),
                average=rounded(now.mean_mark),
                previousAverage=rounded(before.mean_mark),
                count=now.conversations,
                failing=bad.now.conversations if bad else 0,
                previousFailing=bad.before.conversations if bad else 0,
                trend=[
                    MarkDay(date=day.isoformat(), average=round(some.mark / some.conversations, 4), count=some.conversations)
                    for day, some in (one.days_of(asking.scope.days) if one else [])
                ],
                evidence=asking.evidence(f"failing:is:{name}"),
            )
        )  # fmt: skip
    return QualityShape(**measured(marks), dimensions=dimensions)


def frustrations_shape(
    asking: Asking, found: dict[str, Breakdown], messages: Sequence[Frustration], *, labels: dict[str, str]
) -> FrustrationsShape:
    unhappy = f"dissatisfaction:ge:{analysis.UNHAPPY:g}"
    topics, intents = found["topic"], found["intent"]
    return FrustrationsShape(
        **measured(topics),
        topics=[_unhappy(asking, "topic", one, labels=labels) for one in unhappiest(topics)],
        intents=[_unhappy(asking, "intent", one, labels={}) for one in unhappiest(intents)],
        dissatisfied=topics.whole.dissatisfied,
        previousDissatisfied=topics.before.dissatisfied,
        messages=[
            FrustrationShape(
                conversationId=str(one.conversation_id),
                messageId=str(one.message_id),
                externalConversationId=one.external_id,
                content=one.content,
                at=iso(one.said_at),
                sentiment=one.sentiment,
                dissatisfaction=one.dissatisfaction,
                reason=analysis.reason_of(one),
            )
            for one in messages
        ],
        evidence=asking.evidence(unhappy),
    )


def unhappiest(found: Breakdown) -> list[Part]:
    return sorted(
        (one for one in found.parts if one.now.dissatisfied), key=lambda one: (-one.now.dissatisfied, one.value)
    )


def _unhappy(asking: Asking, name: str, one: Part, *, labels: dict[str, str]) -> ValueShape:
    """Counted are only its conversations that ended unhappy."""
    shape = _value(asking, name, one, labels=labels, share=one.now.unhappiness)
    return shape.model_copy(
        update={
            "count": one.now.dissatisfied,
            "previousCount": one.before.dissatisfied,
            "change": rounded(analysis.change(one.now.dissatisfied, one.before.dissatisfied)),
            "trend": [
                CountDay(date=day.isoformat(), count=some.dissatisfied)
                for day, some in one.days_of(asking.scope.days)
                if some.dissatisfied
            ],
            "evidence": asking.evidence(f"{name}:is:{one.value}", f"dissatisfaction:ge:{analysis.UNHAPPY:g}"),
        }
    )


def unhappy_user_shape(asking: Asking, one: UnhappyUser) -> UnhappyUserShape:
    return UnhappyUserShape(
        userId=str(one.person.id),
        externalUserId=one.person.external_id,
        name=one.person.traits.get("name"),
        email=one.person.traits.get("email"),
        organization=one.person.company_name,
        dissatisfied=one.part.now.dissatisfied,
        previousDissatisfied=one.part.before.dissatisfied,
        conversations=one.stood.conversations,
        avgSentiment=rounded(one.stood.sentiment),
        dissatisfaction=rounded(one.stood.dissatisfaction),
        lastAt=iso(one.stood.last_at),
        trend=[
            CountDay(date=day.isoformat(), count=some.conversations)
            for day, some in one.part.days_of(asking.scope.days)
        ],
        evidence=asking.evidence(f"user:is:{one.person.id}"),
    )
