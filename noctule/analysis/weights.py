"""The sentiment model as it ships: a small net, and a list of words with how each feels by itself.

The file holds numbers and plain text, nothing that could run. docs/models/sentiment.md says what it was made from and how to
make it again.
"""

import zlib
from collections.abc import Sequence
from functools import cache
from math import exp, tanh
from pathlib import Path

import msgspec

from noctule.analysis.features import leaning, see
from noctule.analysis.net import Layers, Net, Vocabulary, Words

FILE = Path(__file__).parent / "data" / "sentiment.bin"
_STEADY = 0.25


class Weights(msgspec.Struct):
    vocabulary: Vocabulary
    net: Layers
    words: str  # one a line
    valences: bytes  # one signed byte for each word
    valence_scale: float


class SentimentModel:
    def __init__(self, weights: Weights) -> None:
        self._net = Net(Words(weights.vocabulary), weights.net)
        numbers, scale = memoryview(weights.valences).cast("b"), weights.valence_scale
        words = weights.words.split("\n")
        self._valences = {word: number * scale for word, number in zip(words, numbers, strict=True)}

    def valence_of(self, word: str) -> float:
        """How a word feels by itself; nothing for one that is not known."""
        found = self._valences.get(word)
        if found is None and len(word) > 3:
            found = self._valences.get(word.replace("'", "")) or self._valences.get(_unstretched(word))
        return found or 0.0

    def knows(self, word: str) -> bool:
        """Whether it stands in the list of English words."""
        return word in self._valences or word.replace("'", "") in self._valences

    def score(self, tokens: Sequence[str]) -> float:
        """−1 to 1: what the net says, steadied by the valence of the words, which knows more kinds of text.

        The net has learnt of words: of emoji and other drawn signs what their valence says is believed.
        """
        seen = see(tokens, self.valence_of)
        drawn = sum(1 for one in seen if one.valence and not one.word[0].isalpha())
        steadied = max(_STEADY, drawn / max(1, len(seen)))
        return (1 - steadied) * _felt(self._net.logits(tokens)) + steadied * tanh(leaning(seen) / 2)


@cache
def model() -> SentimentModel:
    return SentimentModel(msgspec.msgpack.decode(zlib.decompress(FILE.read_bytes()), type=Weights))


def _unstretched(word: str) -> str:
    """`soo` is `so`."""
    return "".join(letter for at, letter in enumerate(word) if at == 0 or letter != word[at - 1])


def _felt(logits: Sequence[float]) -> float:
    """The chance of positive less the chance of negative."""
    most = max(logits)
    negative, neutral, positive = (exp(logit - most) for logit in logits)
    return (positive - negative) / (negative + neutral + positive)
