"""Figures over conversations, each with its coverage: how many conversations have been analysed, of how many."""

from fastapi import APIRouter

from noctule import analysis
from noctule.api.openbat.conversations import chatbots_asked_for
from noctule.api.openbat.shapes import Coverage, Overview, SentimentDay, SentimentTrend
from noctule.base.errors import Invalid
from noctule.web.callers import InCaller, JsonRoute
from noctule.web.paging import whole_number
from noctule.web.services import InTransaction

router = APIRouter(prefix="/api/v1/analytics", tags=["analytics"], route_class=JsonRoute)


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
