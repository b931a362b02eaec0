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
_AS_GOOD, _AMONG = 0.5, 3  # a part of the best standing, for a sentence among so many to be quoted with the best
_AS_NEAR, _QUOTES = 0.85, 2  # a part of the best passage's, for a second one to be quoted
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


def standings(cosines: Sequence[float] | None, shares: Sequence[float]) -> list[float]:
    """How well each sentence answers."""
    return [
        part if cosines is None else _BY_MEANING * cosines[place] + (1 - _BY_MEANING) * part
        for place, part in enumerate(shares)
    ]


def quotes(looked: Sequence[Looked]) -> list[Quote]:
    """Of the best passages the one whose sentence is nearest, and another that is nearly as near."""
    order = sorted(looked[:LOOKED_INTO], key=_near, reverse=True)
    return [_quote(one) for one in order[:_QUOTES] if _near(one) >= _AS_NEAR * _near(order[0])]


def _near(looked: Looked) -> float:
    return looked.score + (looked.share if looked.sentence is None else looked.sentence)


def _quote(looked: Looked) -> Quote:
    """The best sentence with one neighbour on each side, on to others that are nearly as good; a short passage and an answer
    that somebody wrote as a whole.
    """
    passage = looked.passage
    if passage.kind == "qna" or len(passage.text) <= _WHOLE:
        return _cut(passage, 0, len(passage.text))
    spans = sentences_of(passage)
    ranked = sorted(range(len(spans)), key=lambda place: (-looked.standings[place], place))
    first, last = max(0, ranked[0] - 1), min(len(spans) - 1, ranked[0] + 1)
    for place in ranked[1:_AMONG]:
        wide = spans[max(last, place)][1] - spans[min(first, place)][0] <= _LONGEST
        if wide and looked.standings[place] >= _AS_GOOD * looked.standings[ranked[0]]:
            first, last = min(first, place), max(last, place)
    if spans[last][1] - spans[first][0] > _LONGEST:
        first = last = ranked[0]
    return _cut(passage, spans[first][0], spans[last][1])


def _rows(text: str, begins: int, ends: int) -> list[tuple[int, int]]:
    cuts = [begins, *(begins + match.start() + 1 for match in finditer(r"\n(?=\|)", text[begins:ends])), ends]
    return [(one, other - (text[other - 1] == "\n")) for one, other in pairwise(cuts)]


def _cut(passage: Found, begins: int, ends: int) -> Quote:
    return Quote(passage, passage.begins + begins, passage.begins + ends, passage.text[begins:ends])
