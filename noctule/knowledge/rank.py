"""BM25 over packed postings, and the mixing of two rankings. Pure; no database.

A posting is six bytes: the number of a passage, how often it has the term, and its length in words. So a term is one value
in a row, and scoring a question is arithmetic on a few arrays, however many passages there are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

POSTING = np.dtype([("number", "<u4"), ("times", "u1"), ("length", "u1")])
TOP = 100  # of each ranking
_SATURATION, _LENGTH = 1.2, 0.5  # k1 and b of BM25
_TYPICAL_LENGTH = 90.0  # words of a passage; only relations between lengths matter
_POSTINGS_ENOUGH = 60_000

_SAMPLED = 16  # one of so many scores

Scores = dict[int, float]
Totals: TypeAlias = "NDArray[np.float32]"


def postings(passages: Sequence[tuple[int, Sequence[str]]]) -> dict[str, tuple[int, bytes]]:
    """For each term of these numbered passages: in how many it stands, and its postings."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    for number, terms in passages:
        length = min(len(terms), 255)
        for term, times in Counter(terms).items():
            found.setdefault(term, []).append((number, min(times, 255), length))
    return {term: (len(rows), np.array(rows, dtype=POSTING).tobytes()) for term, rows in found.items()}


def chosen(documents: Mapping[str, int]) -> list[str]:
    """The terms to look at: the rarest, and commoner ones while there is not yet too much to read."""
    terms, size = list[str](), 0
    for term, count in sorted(documents.items(), key=lambda one: one[1]):
        size += count
        if terms and size > _POSTINGS_ENOUGH:
            break
        terms.append(term)
    return terms


def rarity(documents: int, passages: int) -> float:
    """The weight of a term (idf)."""
    return float(np.log(1 + (max(passages - documents, 0) + 0.5) / (documents + 0.5)))


def _weights() -> "NDArray[np.float32]":
    """What a posting weighs but for rarity, at the place that its frequency and length make when read as one number."""
    times, length = np.tile(np.arange(256), 256), np.repeat(np.arange(256), 256)
    room = _SATURATION * (1 - _LENGTH + _LENGTH * length / _TYPICAL_LENGTH)
    return (times * (_SATURATION + 1) / (times + room)).astype(np.float32)


_FORM = np.dtype([("number", "<u4"), ("form", "<u2")])  # a posting, its last two bytes as one number
_WEIGHTS = _weights()


def bm25(found: Mapping[str, bytes], passages: int) -> Totals:
    """The score of each passage, at the place of its number; 0 for those that have none of the terms."""
    read = [np.frombuffer(packed, dtype=_FORM) for packed in found.values()]
    totals = np.zeros(1 + max((int(rows["number"].max()) for rows in read), default=-1), dtype=np.float32)
    for rows in read:
        totals[rows["number"]] += _WEIGHTS.take(rows["form"]) * np.float32(rarity(len(rows), passages))
    return totals


def best(totals: Totals, count: int) -> list[int]:
    """The numbers of the highest scores, the best first. A sample says below what none of them can lie."""
    sample = totals[::_SAMPLED]
    wanted = 2 * count // _SAMPLED + 1
    bound = float(np.partition(sample, -wanted)[-wanted]) if len(sample) > wanted else 0.0
    scored = np.flatnonzero(totals > bound)
    if len(scored) < count:
        scored = np.flatnonzero(totals)
    return scored[np.argsort(-totals[scored], kind="stable")][:count].tolist()


def mixed(words: Scores, meanings: Mapping[int, float | None]) -> Scores:
    """Half by words, half by meaning, each brought to 0..1 over these passages; by words alone where there is no vector.

    `meanings` names all passages. What lies below a ranking's own best hundred counts as the last of them.
    """
    by_words = _spread({number: words.get(number, 0.0) for number in meanings})
    by_meaning = _spread({number: value for number, value in meanings.items() if value is not None})
    return {
        number: (score + by_meaning[number]) / 2 if number in by_meaning else score
        for number, score in by_words.items()
    }


def _spread(scores: Scores) -> Scores:
    """From 0 for the lowest of the best hundred to 1 for the highest."""
    if not scores:
        return {}
    best = sorted(scores.values(), reverse=True)[:TOP]
    low, high = best[-1], best[0]
    if high <= low:
        return dict.fromkeys(scores, 1.0 if high > 0 else 0.0)
    return {number: max(0.0, (score - low) / (high - low)) for number, score in scores.items()}
