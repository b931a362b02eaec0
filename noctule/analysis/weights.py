"""The sentiment model as it ships: a table of small numbers, read once, used without a numerical library.

The file holds whole numbers of one byte and plain text, nothing that could run. docs/models/sentiment.md says what it
was made from and how to make it again.
"""

import zlib
from collections.abc import Sequence
from functools import cache
from math import exp, tanh
from pathlib import Path

import msgspec

from noctule.analysis.features import dense_features, pair_place, scale, see, word_features

FILE = Path(__file__).parent / "data" / "sentiment.bin"
_STEADY = 0.25
_REMEMBERED = 50_000  # words whose sum is kept
Three = tuple[float, float, float]


class Weights(msgspec.Struct):
    """Of three classes: negative, neutral, positive."""

    table: bytes  # 3 × 2^BITS, one signed byte each
    table_scale: float
    dense: list[list[float]]
    bias: list[float]
    words: str  # one a line
    valences: bytes  # for each word three signed bytes: valence, and two that were learnt
    valence_scales: list[float]


class SentimentModel:
    def __init__(self, weights: Weights) -> None:
        self._table = memoryview(weights.table).cast("b")
        self._scale = weights.table_scale
        self._dense = weights.dense
        self._bias = weights.bias
        numbers = memoryview(weights.valences).cast("b")
        a, b, c = weights.valence_scales
        self._valences: dict[str, Three] = {
            word: (numbers[3 * at] * a, numbers[3 * at + 1] * b, numbers[3 * at + 2] * c)
            for at, word in enumerate(weights.words.split("\n"))
        }
        self._sums: dict[tuple[str, bool], Three] = {}

    def valence_of(self, word: str) -> Three:
        """How a word feels by itself; nothing for one that is not known."""
        found = self._valences.get(word)
        if found is None and len(word) > 3:
            found = self._valences.get(word.replace("'", "")) or self._valences.get(_unstretched(word))
        return found or (0.0, 0.0, 0.0)

    def knows(self, word: str) -> bool:
        """Whether it stands in the list of English words."""
        return word in self._valences or word.replace("'", "") in self._valences

    def score(self, tokens: Sequence[str]) -> float:
        """−1 to 1: what the classes say, steadied by the valence of the words, which knows more kinds of text."""
        (negative, _, positive), valence = self._read(tokens)
        return (1 - _STEADY) * (positive - negative) + _STEADY * tanh(valence / 2)

    def _read(self, tokens: Sequence[str]) -> tuple[Three, float]:
        """The chances of negative, neutral, positive; and the sum of the valences, by the length of the text."""
        seen = see(tokens, self.valence_of)
        a, b, c = 0.0, 0.0, 0.0
        before = "<"
        for one in seen:
            x, y, z = self._sum(one.word, negated=one.negated)
            place = pair_place(before, one.word) * 3
            a += x + self._table[place] * self._scale
            b += y + self._table[place + 1] * self._scale
            c += z + self._table[place + 2] * self._scale
            before = one.word
        factor = scale(len(seen))
        logits = [a * factor + self._bias[0], b * factor + self._bias[1], c * factor + self._bias[2]]
        dense = dense_features(tokens, seen, self.valence_of)
        for value, row in zip(dense, self._dense, strict=True):
            if value:
                logits = [logits[0] + value * row[0], logits[1] + value * row[1], logits[2] + value * row[2]]
        return _softmax(logits), dense[0]

    def _sum(self, word: str, *, negated: bool) -> Three:
        key = (word, negated)
        found = self._sums.get(key)
        if found is None:
            if len(self._sums) > _REMEMBERED:
                self._sums.clear()
            a = b = c = 0.0
            for place, weight in word_features(word, negated=negated):
                a += self._table[3 * place] * weight
                b += self._table[3 * place + 1] * weight
                c += self._table[3 * place + 2] * weight
            found = self._sums[key] = (a * self._scale, b * self._scale, c * self._scale)
        return found


@cache
def model() -> SentimentModel:
    return SentimentModel(msgspec.msgpack.decode(zlib.decompress(FILE.read_bytes()), type=Weights))


def _unstretched(word: str) -> str:
    """`soo` is `so`."""
    return "".join(letter for at, letter in enumerate(word) if at == 0 or letter != word[at - 1])


def _softmax(logits: Sequence[float]) -> Three:
    most = max(logits)
    a, b, c = (exp(logit - most) for logit in logits)
    total = a + b + c
    return a / total, b / total, c / total
