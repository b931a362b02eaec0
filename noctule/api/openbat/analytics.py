"""Figures over conversations, each with its coverage: how many conversations have been analysed, of how many."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from noctule import analysis
from noctule.api.openbat.conversations import chatbots_asked_for
from noctule.api.openbat.measures import (
    Asking,
    BreakdownShape,
    FrustrationsShape,
    QualityShape,
    UnhappyUsersShape,
    breakdown_shape,
    frustrations_shape,
    measured,
    quality_shape,
    unhappy_user_shape,
)
from noctule.api.openbat.narrowing import Asked, asking_in
from noctule.api.openbat.shapes import Coverage, Overview, SentimentDay, SentimentTrend
from noctule.base.db import Db
from noctule.base.errors import Invalid
from noctule.chatbots import ChatbotId
from noctule.web.callers import InCaller, JsonRoute
from noctule.web.paging import whole_number
from noctule.web.services import InTransaction

router = APIRouter(prefix="/api/v1/analytics", tags=["analytics"], route_class=JsonRoute)
# Under which name conversations divide by what; each is a route.
_BREAKDOWNS = {
    "outcomes": "outcome", "behaviors": "behavior", "flags": "flags", "intents": "intent", "topics": "topic",
    "languages": "language", "countries": "country", "devices": "device", "plans": "plan",
}  # fmt: skip


@router.get("/overview")
async def overview(caller: InCaller, db: InTransaction, chatbotId: str | None = None) -> Overview:
    bots = await chatbots_asked_for(db, caller.org_id, chatbotId)
    found = await analysis.overview(db, list(bots))
    return Overview(
        totalConversations=found.totals.conversations,
        totalMessages=found.totals.messages,
        avgSentiment=found.average,
        sentimentDistribution=found.distribution,
        messagesToday=found.messages_today,
        coverage=Coverage(analysed=found.totals.analysed, total=found.totals.conversations),
    )


@router.get("/sentiment")
async def sentiment(
    caller: InCaller, db: InTransaction, chatbotId: str | None = None, days: str | None = None
) -> SentimentTrend:
    if not chatbotId:
        raise Invalid.field("chatbotId", "is required")
    window = whole_number("days", days, default=30, least=1, most=365, cut=True)
    (chatbot_id,) = await chatbots_asked_for(db, caller.org_id, chatbotId)
    found = await analysis.sentiment_trend(db, chatbot_id, window)
    return SentimentTrend(
        sentimentOverTime=[
            SentimentDay(date=day.day.isoformat(), avgScore=round(day.average, 4), count=day.messages)
            for day in found.days
        ],
        distribution=found.distribution,
        total=sum(found.distribution.values()),
        coverage=Coverage(analysed=found.totals.analysed, total=found.totals.conversations),
    )


async def _asking(
    caller: InCaller,
    db: InTransaction,
    *,
    chatbotId: str | None = None,
    days: Annotated[str | None, Query(description="1 to 366, default 30: the last days, up to `to` or today")] = None,
    asked: Annotated[Asked, Query()],
) -> Asking:
    if not chatbotId:
        raise Invalid.field("chatbotId", "is required")
    return await asking_in(db, await chatbots_asked_for(db, caller.org_id, chatbotId), asked, days)


InAsking = Annotated[Asking, Depends(_asking)]


def _breakdown(name: str) -> Callable[[InTransaction, InAsking], Awaitable[BreakdownShape]]:
    async def read(db: InTransaction, asking: InAsking) -> BreakdownShape:
        found = (await analysis.breakdowns(db, asking.scope, [name]))[name]
        labels = await _topic_names(db, asking.scope.chatbot_id) if name == "topic" else {}
        return breakdown_shape(asking, name, found, labels=labels)

    return read


for _path, _name in _BREAKDOWNS.items():
    router.add_api_route(f"/{_path}", _breakdown(_name), name=_path)


@router.get("/quality")
async def quality(db: InTransaction, asking: InAsking) -> QualityShape:
    found = await analysis.breakdowns(db, asking.scope, ["quality", "failing"])
    return quality_shape(asking, found["quality"], found["failing"])


@router.get("/frustrations")
async def frustrations(db: InTransaction, asking: InAsking, limit: str | None = None) -> FrustrationsShape:
    most = whole_number("limit", limit, default=20, least=1, most=100, cut=True)
    found = await analysis.breakdowns(db, asking.scope, ["topic", "intent"])
    messages = await analysis.frustrations(db, asking.scope, limit=most)
    return frustrations_shape(asking, found, messages, labels=await _topic_names(db, asking.scope.chatbot_id))


@router.get("/dissatisfied-users")
async def dissatisfied_users(db: InTransaction, asking: InAsking, limit: str | None = None) -> UnhappyUsersShape:
    """The most conversations that ended unhappy first."""
    most = whole_number("limit", limit, default=8, least=1, most=50, cut=True)
    found = (await analysis.breakdowns(db, asking.scope, ["all"]))["all"]
    users = await analysis.unhappy_users(db, asking.scope, limit=most)
    return UnhappyUsersShape(**measured(found), users=[unhappy_user_shape(asking, one) for one in users])


async def _topic_names(db: Db, chatbot_id: ChatbotId) -> dict[str, str]:
    return {str(one.id): one.name for one in await analysis.topics_of(db, chatbot_id)}
