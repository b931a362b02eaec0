"""From passages to quotes: which sentence answers, and how much around it is quoted with it. Pure; no model, no database."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from re import finditer

from noctule import knowledge
from noctule.agents.models import Looked, Quote
from noctule.base.words import terms_of
from noctule.knowledge import Found

LOOKED_INTO = 3  # passages whose sentences are compared with the question
_WHOLE = 320  # characters: a passage that is no longer is quoted as it is
_LONGEST = 900
_BY_MEANING = 0.6  # of a sentence's standing; the rest is by words


def sentences_of(passage: Found) -> list[tuple[int, int]]:
    """A row of a table counts as a sentence."""
    text = passage.text
    spans = [part for begins, ends in knowledge.sentences(text) for part in _rows(text, begins, ends)]
    return spans or [(0, len(text))]


def share(subject: Mapping[str, float], text: str, language: str | None) -> float:
    """How much of what a question is about stands in a text, 0 to 1."""
    total = sum(subject.values())
    if not total:
        return 0.0
    there = set(terms_of(text, language))
    words = list(subject)
    stems = terms_of(" ".join(words), language)
    if len(stems) != len(words):  # a script without spaces: pairs of characters
        return sum(stem in there for stem in stems) / len(stems) if stems else 0.0
    return sum(subject[word] for word, stem in zip(words, stems, strict=True) if stem in there) / total


def nearest(cosines: Sequence[float] | None, shares: Sequence[float]) -> int:
    """The place of the sentence that answers best."""
    standing = [
        part if cosines is None else _BY_MEANING * cosines[place] + (1 - _BY_MEANING) * part
        for place, part in enumerate(shares)
    ]
    return max(range(len(standing)), key=lambda place: (standing[place], -place))


def quote(looked: Looked) -> Quote:
    """The sentence with one neighbour on each side; a short passage and an answer that somebody wrote as a whole."""
    passage = looked.passage
    if passage.kind == "qna" or len(passage.text) <= _WHOLE:
        return _cut(passage, 0, len(passage.text))
    spans = sentences_of(passage)
    first, last = max(0, looked.best - 1), min(len(spans) - 1, looked.best + 1)
    if spans[last][1] - spans[first][0] > _LONGEST:
        first = last = looked.best
    return _cut(passage, spans[first][0], spans[last][1])


def _rows(text: str, begins: int, ends: int) -> list[tuple[int, int]]:
    cuts = [begins, *(begins + match.start() + 1 for match in finditer(r"\n(?=\|)", text[begins:ends])), ends]
    return [(one, other - (text[other - 1] == "\n")) for one, other in pairwise(cuts)]


def _cut(passage: Found, begins: int, ends: int) -> Quote:
    return Quote(passage, passage.begins + begins, passage.begins + ends, passage.text[begins:ends])
