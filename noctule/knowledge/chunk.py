"""A text cut into passages that can be found and quoted: 80 to 120 words, at sentences and headings, a quarter twice.

Each knows exactly where it stands in the text, and under which headings.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LEAST, MOST = 80, 120  # words
_OVERLAP = 30
_REST = 30  # words too few for a passage of their own
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_SENTENCE_END = re.compile(
    r"(?<![.!?…])[.!?…]+[\"'»”’)\]]*(?=\s)|[。！？｡]+[」』”）]*|\n\s*\n|\n(?=\s*(?:[-*•]|\d+[.)])\s)"
)
_WORD = re.compile(r"\S+")
_WIDE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WIDE_PER_WORD = 3  # characters of a script without spaces that count as a word


@dataclass(frozen=True)
class Cut:
    """Where a passage stands: `text[begins:ends]`."""

    begins: int
    ends: int
    heading: str  # the path of headings above it


@dataclass(frozen=True)
class _Sentence:
    begins: int
    ends: int
    words: int


def cut(text: str) -> list[Cut]:
    return [
        Cut(begins, ends, heading)
        for heading, first, last in _sections(text)
        for begins, ends in _passages(_sentences(text, first, last))
    ]


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence of a text begins and ends, without the space around it."""
    return [(one.begins, one.ends) for one in _sentences(text, 0, len(text))]


def _sections(text: str) -> Iterator[tuple[str, int, int]]:
    """The stretches between headings, with the path of headings that leads to each."""
    path: list[tuple[int, str]] = []
    begins = place = 0
    for line in text.splitlines(keepends=True):
        if match := _HEADING.fullmatch(line.strip()):
            yield " › ".join(name for _, name in path), begins, place
            depth = len(match[1])
            path = [*(one for one in path if one[0] < depth), (depth, match[2])]
            begins = place + len(line)
        place += len(line)
    yield " › ".join(name for _, name in path), begins, place


def _sentences(text: str, first: int, last: int) -> list[_Sentence]:
    found: list[_Sentence] = []
    begins = first
    for match in _SENTENCE_END.finditer(text, first, last):
        found.extend(_bounded(text, begins, match.end()))
        begins = match.end()
    return [*found, *_bounded(text, begins, last)]


def _bounded(text: str, begins: int, ends: int) -> Iterator[_Sentence]:
    """One sentence, without the space around it; what is longer than a passage is cut between words."""
    words = [(match.start(), match.end(), _count(match[0])) for match in _WORD.finditer(text, begins, ends)]
    pieces = [piece for word in words for piece in _short(*word)]
    start = 0
    while start < len(pieces):
        count, stop = 0, start
        while stop < len(pieces) and (count == 0 or count + pieces[stop][2] <= MOST):
            count += pieces[stop][2]
            stop += 1
        yield _Sentence(pieces[start][0], pieces[stop - 1][1], count)
        start = stop


def _short(begins: int, ends: int, count: int) -> Iterator[tuple[int, int, int]]:
    """A run of characters without a space; a very long one in pieces."""
    if count <= LEAST // 2:
        yield begins, ends, count
        return
    step = LEAST // 2 * _WIDE_PER_WORD
    for place in range(begins, ends, step):
        yield place, min(place + step, ends), LEAST // 2


def _count(word: str) -> int:
    return max(1, len(_WIDE.findall(word)) // _WIDE_PER_WORD, len(word) // 40)


def _passages(sentences: list[_Sentence]) -> list[tuple[int, int]]:
    passages: list[tuple[int, int]] = []
    held: list[_Sentence] = []
    fresh = 0  # words held that no passage has yet
    for sentence in sentences:
        words = sum(one.words for one in held)
        if fresh and (words + sentence.words > MOST and words >= LEAST // 2):
            passages.append((held[0].begins, held[-1].ends))
            held, fresh = _tail(held), 0
        held.append(sentence)
        fresh += sentence.words
    if passages and fresh < _REST and held:
        passages[-1] = passages[-1][0], held[-1].ends
    elif held:
        passages.append((held[0].begins, held[-1].ends))
    return passages


def _tail(sentences: list[_Sentence]) -> list[_Sentence]:
    """The last sentences, which the next passage repeats."""
    count, kept = 0, list[_Sentence]()
    for sentence in reversed(sentences):
        count += sentence.words
        if count > _OVERLAP:
            break
        kept.insert(0, sentence)
    return kept
