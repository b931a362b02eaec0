"""A small net over the words of a text: each looks at its neighbours, twice, and then the text is taken as a whole.

A larger model has taught it (training/teacher.py), so it knows what words say together, as in “not that good”.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import msgspec
import numpy as np

from noctule.analysis.tokens import plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST = 128  # words: more are not read
_LEAP = 2  # words, to the neighbours that are looked at the second time
Values: TypeAlias = "NDArray[np.float32]"


class Vocabulary(msgspec.Struct):
    """Words as numbers, as it ships."""

    words: str  # one a line
    table: bytes  # a row for words that are not known, then one for each word: signed bytes
    scales: list[float]  # of the columns of the table


class Layers(msgspec.Struct):
    """As they ship. Matrices are numbers of two bytes, row by row."""

    near: bytes
    near_bias: list[float]
    far: bytes
    far_bias: list[float]
    out: bytes
    out_bias: list[float]


class PairLayers(msgspec.Struct):
    """Of two texts and some numbers on their form."""

    asked: Layers
    said: Layers
    form: bytes
    out: bytes
    out_bias: list[float]


class Words:
    """The numbers of each word; several nets may share them."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._places = {word: place for place, word in enumerate(vocabulary.words.split("\n"), start=1)}
        self._scales = np.array(vocabulary.scales, np.float32)
        self._table = np.frombuffer(vocabulary.table, np.int8).reshape(-1, len(self._scales))

    def of(self, tokens: Sequence[str]) -> Values:
        known = self._places
        words = [plain(token) for token in tokens[:LONGEST]]
        places = [known.get(word) or known.get(word.replace("'", ""), 0) for word in words] or [0]
        return self._table[places] * self._scales


class Net:
    def __init__(self, words: Words, layers: Layers) -> None:
        self._words = words
        self._near, self._near_bias = matrix(layers.near, layers.near_bias)
        self._far, self._far_bias = matrix(layers.far, layers.far_bias)
        self._out, self._out_bias = matrix(layers.out, layers.out_bias)

    def logits(self, tokens: Sequence[str]) -> list[float]:
        """One for each that it tells."""
        return self.told(tokens).tolist()

    def told(self, tokens: Sequence[str]) -> Values:
        words = self._words.of(tokens)
        near = np.maximum(_beside(words, 1, self._near) + self._near_bias, 0)
        far = near + np.maximum(_beside(near, _LEAP, self._far) + self._far_bias, 0)
        width = np.float32(len(words) ** 0.5)
        whole = np.concatenate([far.max(axis=0), far.sum(axis=0) / width, words.sum(axis=0) / width])
        return whole @ self._out + self._out_bias


class Pair:
    """Two texts, each read by itself, then weighed together."""

    def __init__(self, words: Words, layers: PairLayers) -> None:
        self._asked, self._said = Net(words, layers.asked), Net(words, layers.said)
        self._form, _ = matrix(layers.form, layers.asked.out_bias)
        self._out, self._out_bias = matrix(layers.out, layers.out_bias)

    def logits(self, asked: Sequence[str], said: Sequence[str], form: Sequence[float]) -> list[float]:
        together = self._asked.told(asked) + self._said.told(said) + np.array(form, np.float32) @ self._form
        return (np.maximum(together, 0) @ self._out + self._out_bias).tolist()


def _beside(rows: Values, step: int, by: Values) -> Values:
    """Each row with the one `step` before it and the one `step` behind it, multiplied. In three small products: for a large one
    threads would be woken, and wait for each other longer than it takes.
    """
    width = rows.shape[1]
    made = rows @ by[width : 2 * width]
    made[step:] += rows[:-step] @ by[:width]
    made[:-step] += rows[step:] @ by[2 * width :]
    return made


def matrix(packed: bytes, bias: Sequence[float]) -> tuple[Values, Values]:
    return np.frombuffer(packed, np.float16).reshape(-1, len(bias)).astype(np.float32), np.array(bias, np.float32)
