"""A chatbot's own thresholds between the five words for a feeling.

Scores are stretched so that its thresholds land where everybody's are: a word, a colour, a filter and a figure then mean the
same everywhere, and chatbots can be compared.
"""

from collections.abc import Iterable
from dataclasses import astuple, replace
from itertools import pairwise

from noctule.analysis.models import Chunk, label
from noctule.chatbots import Bands

_EVERYBODYS = Bands()


def stretched(score: float, bands: Bands) -> float:
    """Straight between the thresholds; order, sign and the ends stay."""
    if bands == _EVERYBODYS:
        return score
    for (low, below), (high, above) in pairwise(zip(_places(bands), _places(_EVERYBODYS), strict=True)):
        if score <= high:
            return round(below + (score - low) * (above - below) / (high - low), 4)
    return score


def stretched_chunks(chunks: Iterable[Chunk], bands: Bands) -> list[Chunk]:
    """Those that carry feeling by these thresholds, each with its word in the reason."""
    if bands == _EVERYBODYS:
        return list(chunks)
    found = [(chunk, stretched(chunk.score, bands)) for chunk in chunks]
    return [
        replace(chunk, score=score, reasoning=chunk.reasoning.replace(label(chunk.score), label(score), 1))
        for chunk, score in found
        if label(score) != "Neutral"
    ]


def _places(bands: Bands) -> list[float]:
    very_negative, negative, positive, very_positive = astuple(bands)
    return [-1.0, very_negative, negative, 0.0, positive, very_positive, 1.0]
