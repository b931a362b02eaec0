"""Words of messages as PostgreSQL's index keeps them, and a question as a condition on these words.

The index knows words and their places and no language: what a word may look like is decided when somebody asks.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from noctule.base.words import folded, stems, words_in
from noctule.chatbots import ChatbotId
from noctule.conversations import Message

_LONGEST = 60  # characters of a word
_MOST = 16_000  # words of a message; PostgreSQL counts places up to 16,383
_SHORTEST_STEM = 3
_PARTS = re.compile(r'"([^"]*)"|([^"]+)')


@dataclass(frozen=True)
class Question:
    """What is looked for: every word, and the words of a phrase one after the other."""

    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    beginnings: dict[str, str] = field(default_factory=dict[str, str])  # a word → what its other forms begin with

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases)

    def condition(self, chatbot_id: ChatbotId) -> str:
        """As a tsquery."""
        parts = [_quoted(_owner(chatbot_id))]
        for word in self.words:
            beginning = self.beginnings.get(word)
            parts.append(f"({_quoted(word)} | {_quoted(beginning)}:*)" if beginning else _quoted(word))
        parts += ["(" + " <-> ".join(map(_quoted, phrase)) + ")" for phrase in self.phrases]
        return " & ".join(parts)

    @property
    def size(self) -> int:
        return len(self.words) + sum(map(len, self.phrases))

    def matches(self, word: str) -> bool:
        """Whether this word of a message is one of ours, or another form of one."""
        own = {*self.words, *(one for phrase in self.phrases for one in phrase)}
        return word in own or any(word.startswith(beginning) for beginning in self.beginnings.values())


def read_question(text: str, *, forms: bool, languages: Sequence[str] = ()) -> Question:
    """`"two words"` are a phrase. With `forms`, words are found in other forms too, by the stems of these languages."""
    words: list[str] = []
    phrases: list[tuple[str, ...]] = []
    for quoted, plain in _PARTS.findall(text):
        if quoted:
            phrase = tuple(_plain_words(quoted))
            phrases += [phrase] if phrase else []
        else:
            words += _plain_words(plain)
    unique = tuple(dict.fromkeys(words))
    beginnings = {word: _beginning(word, languages) for word in unique} if forms else {}
    return Question(unique, tuple(phrases), {word: found for word, found in beginnings.items() if found})


def indexed(message: Message, chatbot_id: ChatbotId) -> str:
    """As a tsvector."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(_plain_words(message.content)[:_MOST], start=1):
        places.setdefault(word, []).append(place)
    found = [_quoted(word) + ":" + ",".join(map(str, some[:250])) for word, some in places.items()]
    return " ".join([_quoted(_owner(chatbot_id)), *found])


def places_in(text: str, question: Question) -> list[tuple[int, int]]:
    """Where words of the question stand in a text: first character, and the one after the last."""
    return [match.span() for match in re.finditer(r"\w+", text) if any(map(question.matches, _plain_words(match[0])))]


def _plain_words(text: str) -> list[str]:
    """Marks that stand alone are no word once they are taken away."""
    return [plain for word in words_in(text) if (plain := folded(word)[:_LONGEST])]


def _beginning(word: str, languages: Sequence[str]) -> str | None:
    """The shortest stem that the word itself begins with."""
    found = [stems([word], language)[0] for language in dict.fromkeys(["en", *languages])]
    fitting = [stem for stem in found if len(stem) >= _SHORTEST_STEM and word.startswith(stem)]
    return min(fitting, key=len, default=None)


def _owner(chatbot_id: ChatbotId) -> str:
    return f"@{chatbot_id.hex}"


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
