"""Deep search: messages that say something, in these words or in others.

Rare words are looked up and put in order; common ones are met soon by whoever walks back in time. Which of the two is
asked first: the index counts up to a bound.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from noctule.analysis.days import languages_between
from noctule.analysis.models import Found, Sought
from noctule.analysis.store import words as store
from noctule.analysis.words import Question, indexed, places_in, read_question
from noctule.base.clock import moment
from noctule.base.db import Db
from noctule.base.errors import Invalid
from noctule.base.ids import parse_id
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId, Message

MOST_COUNTED = 10_000
_BEFORE, _SNIPPET = 80, 320  # characters
_MOST_WORDS = 32
_LANGUAGES = 4
_RECENTLY = timedelta(days=60)


@dataclass(frozen=True)
class Hits:
    found: list[Found]
    total: int  # messages with these words, other conditions apart; at most MOST_COUNTED
    more: bool


@dataclass(frozen=True)
class Snippet:
    """A stretch of a message around what was found in it."""

    text: str
    start: int  # its place in the message, in characters
    places: list[tuple[int, int]]  # what was found, in characters of `text`

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """Piece by piece, and whether it is what was found."""
        pieces: list[tuple[str, bool]] = []
        last = 0
        for start, end in self.places:
            pieces += [(self.text[last:start], False), (self.text[start:end], True)]
            last = end
        return [(text, found) for text, found in [*pieces, (self.text[last:], False)] if text]


async def looked_for(db: Db, chatbot_id: ChatbotId, text: str, *, forms: bool) -> Question:
    """What the text asks for; with `forms`, in other forms of its words too. Raises Invalid."""
    today = db.now.date()
    languages = (
        await languages_between(db, chatbot_id, first=today - _RECENTLY, last=today, limit=_LANGUAGES) if forms else []
    )
    question = read_question(text, forms=forms, languages=languages)
    if not question:
        raise Invalid.field("q", "must hold a word")
    if question.size > _MOST_WORDS:
        raise Invalid.field("q", f"must not hold more than {_MOST_WORDS} words")
    return question


async def search_messages(
    db: Db, chatbot_id: ChatbotId, sought: Sought, *, after: tuple[datetime, UUID] | None, limit: int
) -> Hits:
    """The latest first."""
    total = await store.count_hits(db, chatbot_id, sought, most=MOST_COUNTED)
    ask = store.few_hits if total < MOST_COUNTED else store.many_hits
    found = await ask(db, chatbot_id, sought, after=after, limit=limit + 1)
    return Hits(found[:limit], total, len(found) > limit)


async def index_words(
    db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId], messages: Sequence[Message]
) -> None:
    """Of the messages that are not indexed yet."""
    known = await store.messages_with_words(db, chatbot_id, conversation_ids)
    fresh = [(one, indexed(one, chatbot_id)) for one in messages if one.id not in known]
    await store.note_words(db, chatbot_id, fresh)


def place_of(found: Found) -> str:
    """Where it stands in the list."""
    return f"{found.said_at.isoformat()}_{found.message_id}"


def read_place(text: str) -> tuple[datetime, UUID] | None:
    """None for what is no place. A plus that nobody escaped arrives as a space."""
    said_at, _, last = text.partition("_")
    message_id = parse_id(last)
    try:
        read = moment(said_at.replace(" ", "+"), "after")
    except Invalid:
        return None
    return (read, message_id) if message_id else None


def snippet_of(text: str, question: Question) -> Snippet:
    places = places_in(text, question)
    first = places[0][0] if places else 0
    start = 0 if first <= _BEFORE or len(text) <= _SNIPPET else text.rfind(" ", 0, first - _BEFORE // 2) + 1
    if first - start > _SNIPPET // 2:  # no space near: a text of one long word
        start = first - _BEFORE
    end = min(start + _SNIPPET, len(text))
    inside = [(begin - start, stop - start) for begin, stop in places if begin >= start and stop <= end]
    return Snippet(text[start:end], start, inside)
