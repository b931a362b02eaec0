"""A conversation as the rules see it: who said what in which turn, and the signs in it. Read once, judged many times."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from noctule.analysis import phrases
from noctule.analysis.tokens import LONGEST
from noctule.conversations import Message, MessageId

_QUESTION = re.compile(r"[^.!?\n,:;]*\?")
_WORD = re.compile(r"[a-z']+|\d+")
_COMMON = frozenset(
    "the a an i you it is to of for in on and my me that this please can could would like do be with at want need have are".split()
)
_SAME = 0.85
_BACK = 4  # earlier turns of the same side that a turn is compared with
_SIGNS = {
    "no": phrases.NO_FIRST,
    "corrects": phrases.CORRECTS,
    "again": phrases.AGAIN,
    "why": phrases.WHY,
    "other": phrases.OTHER,
    "dislikes": phrases.DISLIKES,
    "thanks": phrases.THANKS,
    "glad": phrases.GLAD,
    "not_now": phrases.NOT_NOW,
    "angry": phrases.ANGRY,
}


@dataclass(slots=True)
class Reply:
    """A turn of the assistant."""

    message: Message
    text: str
    small: str  # the same in small letters, as phrases are looked for
    words: frozenset[str]
    length: int  # in words
    sorry: bool
    unable: bool
    done: bool
    asks: bool
    closes: bool  # says nothing but goodbye
    waits: bool  # says nothing but that an answer will come
    offers: bool  # more help; a no to that is none
    hands_over: bool
    likeness: float  # to what the assistant said before

    @property
    def informs(self) -> bool:
        return not (self.asks or self.unable or self.done or self.closes or self.waits) and self.length > 5

    @property
    def says_again(self) -> bool:
        """What the assistant had said before, in the same words."""
        return self.likeness > _SAME and self.length > 4 and not self.closes


@dataclass(slots=True)
class Heard:
    """A turn of the user; `before` is what the assistant had said last."""

    message: Message
    text: str
    small: str
    words: frozenset[str]
    length: int
    signs: frozenset[str]
    feeling: float  # −1..1
    place: int  # in the conversation
    first: bool
    repeats: float  # how much of it the user had said before
    shouts: bool
    presses: bool  # !! or ??
    settled: bool  # says that it works
    before: Reply | None = None


@dataclass
class Dialogue:
    turns: list[Heard | Reply] = field(default_factory=list[Heard | Reply])
    heard: list[Heard] = field(default_factory=list[Heard])
    replies: list[Reply] = field(default_factory=list[Reply])


def read_dialogue(messages: Sequence[Message], feelings: dict[MessageId, float]) -> Dialogue:
    """English only: other languages have other signs. System messages are nobody's turn."""
    dialogue = Dialogue()
    for place, message in enumerate(messages):
        if message.role == "user":
            heard = _heard(message, dialogue, place=place, feeling=feelings.get(message.id, 0.0))
            dialogue.heard.append(heard)
            dialogue.turns.append(heard)
        elif message.role == "assistant":
            reply = _reply(message, dialogue)
            dialogue.replies.append(reply)
            dialogue.turns.append(reply)
    return dialogue


def _heard(message: Message, dialogue: Dialogue, *, place: int, feeling: float) -> Heard:
    text = _plain(message.content)
    small = text.lower()
    words = content_words(text)
    letters = sum(1 for letter in text if letter.isalpha())
    length = len(text.split())
    before = dialogue.replies[-1] if dialogue.replies else None
    signs = frozenset(name for name, ways in _SIGNS.items() if ways.search(small))
    return Heard(
        message=message,
        text=text,
        small=small,
        words=words,
        length=length,
        signs=signs - {"no", "dislikes"} if before and before.offers else signs,
        feeling=feeling,
        place=place,
        first=not dialogue.heard,
        repeats=_likeness(words, [one.words for one in dialogue.heard[-_BACK:]]) if len(words) > 2 else 0.0,
        shouts=length > 1 and letters > 3 and sum(1 for letter in text if letter.isupper()) > letters / 2,
        presses="!!" in text or "??" in text or "?!" in text,
        settled=phrases.WORKS.search(small) is not None and phrases.WORKS_NOT.search(small) is None,
        before=before,
    )


def _reply(message: Message, dialogue: Dialogue) -> Reply:
    text = _plain(message.content)
    small = text.lower()
    words = content_words(text)
    told = _QUESTION.sub(" ", small) if "?" in small else small  # what is asked, is not done
    unable = phrases.UNABLE.search(told) is not None
    return Reply(
        message=message,
        text=text,
        small=small,
        words=words,
        length=len(text.split()),
        sorry=phrases.SORRY.search(small) is not None,
        unable=unable,
        done=not unable and phrases.DONE.search(told) is not None,
        asks=phrases.ASKS.search(small) is not None,
        closes=_only(phrases.CLOSES, text),
        waits=_only(phrases.WAITS, text),
        offers=phrases.MORE_HELP.search(small) is not None,
        hands_over=phrases.HANDS_OVER.search(small) is not None,
        likeness=_likeness(words, [one.words for one in dialogue.replies[-_BACK + 1 :]]),
    )


def content_words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower())) - _COMMON


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of words that both have, of all that either has."""
    return len(one & other) / len(one | other) if one and other else 0.0


def _likeness(words: frozenset[str], earlier: Sequence[frozenset[str]]) -> float:
    return max((likeness(words, one) for one in earlier), default=0.0)


def _only(ways: re.Pattern[str], text: str) -> bool:
    """Whether each sentence of a short text begins so."""
    if len(text) > 200:
        return False
    parts = [part for part in re.split(r"[.?!\n]+", text) if part.strip(" \t,;:-)(*")]
    return bool(parts) and all(ways.match(part) for part in parts)


def _plain(text: str) -> str:
    return text[:LONGEST].replace("’", "'").strip()
