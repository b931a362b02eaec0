"""Topics as they are told: each with its figures, how much of all conversations they stand on, and why there are none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from noctule.analysis.breakdown import all_time
from noctule.analysis.figures import totals
from noctule.analysis.store import meanings
from noctule.analysis.store import topics as store
from noctule.analysis.topics.grouping import LEAST
from noctule.analysis.topics.models import Coverage, Grouping, Topic, TopicFigures, TopicId
from noctule.analysis.topics.said import words_of
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId

_USUAL = timedelta(days=28)  # halves of it are compared where no time is asked for


@dataclass(frozen=True)
class Span:
    """Conversations that began in this time; of all time where it has no ends."""

    since: datetime | None = None
    until: datetime | None = None


_ALL = Span()


@dataclass(frozen=True)
class Example:
    conversation_id: ConversationId
    words: str  # the first that tell


@dataclass(frozen=True)
class Told:
    """A topic and its figures; none where nothing of it began in the time that was asked for."""

    topic: Topic
    figures: TopicFigures | None

    @property
    def conversations(self) -> int:
        return self.figures.conversations if self.figures else 0


@dataclass(frozen=True)
class Topics:
    told: list[Told]  # the most conversations first
    strays: TopicFigures | None
    coverage: Coverage
    grouping: Grouping | None
    total: int  # conversations with a vector that began in this time
    reason: str | None  # why there are none
    assignments: dict[str, TopicId | None]  # by the caller's ids; only when asked for


async def topics_told(
    db: Db,
    chatbot_id: ChatbotId,
    *,
    span: Span = _ALL,
    model: bool,
    assignments: bool = False,
) -> Topics:
    """`model`: whether the model for meanings is there."""
    before = await store.grouping(db, chatbot_id)
    found = await _told(db, chatbot_id, span, model=model, assignments=assignments)
    if found.grouping != before:  # a grouping ended in between, and some of it is of before
        found = await _told(db, chatbot_id, span, model=model, assignments=assignments)
    return found


async def topics_known(db: Db, chatbot_id: ChatbotId, *, model: bool) -> Topics:
    """Without figures, which whoever shows days reads from days."""
    return await _with_figures(db, chatbot_id, [], model=model, assignments=False)


async def _told(db: Db, chatbot_id: ChatbotId, span: Span, *, model: bool, assignments: bool) -> Topics:
    figures = await _figures(db, chatbot_id, span)
    return await _with_figures(db, chatbot_id, figures, model=model, assignments=assignments)


async def _with_figures(
    db: Db, chatbot_id: ChatbotId, figures: Sequence[TopicFigures], *, model: bool, assignments: bool
) -> Topics:
    of_topic = {one.topic_id: one for one in figures}
    found = await store.topics_of(db, chatbot_id)
    told = [Told(topic, of_topic.get(topic.id)) for topic in found]
    covered = await _covered(db, chatbot_id)
    return Topics(
        told=sorted(told, key=lambda one: (-one.conversations, one.topic.name)),
        strays=of_topic.get(None),
        coverage=covered,
        grouping=await store.grouping(db, chatbot_id),
        total=sum(one.conversations for one in figures),
        reason=None if found else _reason(covered, model=model),
        assignments=await meanings.topic_assignments(db, chatbot_id) if assignments else {},
    )


async def topic_told(db: Db, chatbot_id: ChatbotId, topic: Topic) -> tuple[Told, int]:
    """With the number of conversations that have a vector."""
    figures = await _figures(db, chatbot_id, _ALL)
    found = next((one for one in figures if one.topic_id == topic.id), None)
    return Told(topic, found), sum(one.conversations for one in figures)


async def examples_of(db: Db, chatbot_id: ChatbotId, topic_id: TopicId, limit: int) -> list[Example]:
    """The conversations that are most like the topic."""
    ids = await meanings.topic_examples(db, chatbot_id, topic_id, limit)
    said = await meanings.said_in(db, chatbot_id, ids)
    return [Example(one, words_of(said.get(one, [])).partition("\n")[0]) for one in ids]


async def _figures(db: Db, chatbot_id: ChatbotId, span: Span) -> list[TopicFigures]:
    start, end = span.since or db.now - _USUAL, span.until or db.now
    return await store.figures(db, chatbot_id, since=span.since, middle=start + (end - start) / 2, until=span.until)


async def topics_of_conversations(
    db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]
) -> dict[ConversationId, Topic]:
    of_conversation = await store.topic_of(db, chatbot_id, conversation_ids)
    found = await store.topics_with(db, chatbot_id, list(set(of_conversation.values())))
    topics: dict[TopicId, Topic] = {topic.id: topic for topic in found}
    return {one: topics[topic_id] for one, topic_id in of_conversation.items()}


async def _covered(db: Db, chatbot_id: ChatbotId) -> Coverage:
    """Those in a topic are summed up from days: of a million, to count them takes longer than everything else of a page."""
    total = (await totals(db, [chatbot_id])).conversations
    assigned = sum(one.conversations for one in (await all_time(db, chatbot_id, "topic")).values())
    waiting, strays, untold = await meanings.not_in_topics(db, chatbot_id)
    return Coverage(assigned + strays, assigned, waiting, untold, total)


def _reason(covered: Coverage, *, model: bool) -> str:
    if not covered.total:
        return "There are no conversations yet."
    if covered.waiting and not covered.analysed and not model:
        return "The model for meanings is not there yet. It is built in the background after the first start."
    if covered.analysed < LEAST and (covered.waiting or not covered.untold):
        return "The conversations are being read. Topics come by themselves."
    if covered.analysed < LEAST:
        return f"Topics need {LEAST} conversations in which the user says what it is about, in English. So far there are {covered.analysed}."
    if covered.strays:
        return "The conversations have not enough in common so far."
    return "The conversations are being grouped. Topics come by themselves."
