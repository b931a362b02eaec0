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

Scores = dict[int, float]
Totals: TypeAlias = "NDArray[np.float64]"


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


def bm25(found: Mapping[str, bytes], passages: int) -> Totals:
    """The score of each passage, at the place of its number; 0 for those that have none of the terms."""
    numbers, scores = [np.zeros(0, np.int64)], [np.zeros(0)]
    for packed in found.values():
        rows = np.frombuffer(packed, dtype=POSTING)
        times, length = rows["times"].astype(np.float64), rows["length"].astype(np.float64)
        room = _SATURATION * (1 - _LENGTH + _LENGTH * length / _TYPICAL_LENGTH)
        numbers.append(rows["number"].astype(np.int64))
        scores.append(rarity(len(rows), passages) * times * (_SATURATION + 1) / (times + room))
    return np.bincount(np.concatenate(numbers), weights=np.concatenate(scores)).astype(np.float64)


def best(totals: Totals, count: int) -> list[int]:
    """The numbers of the highest scores, the best first."""
    scored = np.flatnonzero(totals)
    if len(scored) > count:
        scored = scored[np.argpartition(totals[scored], -count)[-count:]]
    return scored[np.argsort(-totals[scored], kind="stable")].tolist()


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
