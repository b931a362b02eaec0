"""How much speaks for an answer being in the sources at all: the nearest meaning, and how much of the question they know."""

from collections.abc import Mapping, Sequence
from math import exp

from noctule.agents.models import Looked
from noctule.agents.quoting import share

UNCALIBRATED = 0.62
_STEEP = 6.0
_KNOWN = 0.5  # what a question whose words are all known is worth beside its meaning


def trust(subject: Mapping[str, float], looked: Sequence[Looked]) -> float:
    """Where no passage has a vector, the share of the question in the best one stands for the meaning."""
    if not looked:
        return 0.0
    nearest = max(_near(one) for one in looked)
    language = looked[0].passage.language
    together = " ".join(f"{one.passage.title or ''} {one.passage.heading} {one.passage.text}" for one in looked)
    return nearest + _KNOWN * share(subject, together, language)


def confidence(value: float, threshold: float) -> float:
    """0.5 at the threshold."""
    return 1 / (1 + exp(-_STEEP * (value - threshold)))


def _near(one: Looked) -> float:
    if one.cosine is None:
        return one.share * 0.8
    return max(one.cosine, one.sentence or 0.0)
