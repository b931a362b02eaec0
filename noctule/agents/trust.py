"""How much speaks for an answer being in the sources at all: the nearest meaning, and how much of the question one sentence has."""

from collections.abc import Sequence
from math import exp

from noctule.agents.models import Looked
from noctule.agents.quoting import LOOKED_INTO

UNCALIBRATED = 0.62
_STEEP = 6.0
_TOLD = 0.5  # what a sentence with all words of the question is worth beside its meaning, and twice that without


def trust(looked: Sequence[Looked]) -> float:
    """Where no passage has a vector, the share of the question in the best one stands for the meaning."""
    if not looked:
        return 0.0
    told = _TOLD * max(one.told for one in looked[:LOOKED_INTO])
    return max(_near(one) for one in looked) + (2 * told if all(one.cosine is None for one in looked) else told)


def confidence(value: float, threshold: float) -> float:
    """0.5 at the threshold."""
    return 1 / (1 + exp(-_STEEP * (value - threshold)))


def _near(one: Looked) -> float:
    if one.cosine is None:
        return one.share * 0.8
    return max(one.cosine, one.sentence or 0.0)
