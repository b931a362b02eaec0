"""Conversations as lines of a list: what stands in them and where they lead."""

from dataclasses import dataclass

from noctule import analysis, chatbots, conversations
from noctule.analysis import ConversationJudgement
from noctule.base.db import Db
from noctule.chatbots import Chatbot
from noctule.conversations import Conversation, Review, State
from noctule.dashboard.reading import title_of


@dataclass(frozen=True)
class ConversationRow:
    conversation: Conversation
    title: str
    state: State
    judgement: ConversationJudgement | None
    review: Review | None
    href: str


async def rows_of(db: Db, chatbot: Chatbot, shown: list[Conversation], *, base: str) -> list[ConversationRow]:
    """Each leads to itself, read beside the list at `base`."""
    ids = [one.id for one in shown]
    opening = {one.conversation_id: one.content for one in await conversations.opening_words(db, chatbot.id, ids)}
    judgements = await analysis.judgements_of(db, chatbot.id, ids)
    reviews = await conversations.reviews_of(db, chatbot.id, ids)
    silence = chatbots.silence_in(chatbot.settings.get("lifecycle"))
    joint = "&" if "?" in base else "?"
    return [
        ConversationRow(
            one,
            title_of(one, opening.get(one.id)),
            conversations.state_of(one, silence, db.now),
            judgement=judgements.get(one.id),
            review=reviews.get(one.id),
            href=f"{base}{joint}c={one.id}",
        )
        for one in shown
    ]


def mood_of(score: float | None) -> str | None:
    """As the face beside a conversation says it."""
    return None if score is None else "Positive" if score > 0.2 else "Negative" if score < -0.2 else "Neutral"
