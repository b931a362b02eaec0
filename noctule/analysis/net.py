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


class Layers(msgspec.Struct):
    """As it ships. Matrices are numbers of two bytes, row by row."""

    words: str  # one a line
    table: bytes  # a row for words that are not known, then one for each word: signed bytes
    scales: list[float]  # of the columns of the table
    near: bytes
    near_bias: list[float]
    far: bytes
    far_bias: list[float]
    out: bytes
    out_bias: list[float]


class Net:
    def __init__(self, layers: Layers) -> None:
        self._places = {word: place for place, word in enumerate(layers.words.split("\n"), start=1)}
        self._scales = np.array(layers.scales, np.float32)
        self._table = np.frombuffer(layers.table, np.int8).reshape(-1, len(self._scales))
        self._near, self._near_bias = _matrix(layers.near, layers.near_bias)
        self._far, self._far_bias = _matrix(layers.far, layers.far_bias)
        self._out, self._out_bias = _matrix(layers.out, layers.out_bias)

    def logits(self, tokens: Sequence[str]) -> list[float]:
        """Of negative, neutral, positive."""
        words = self._table[self._read(tokens)] * self._scales
        near = np.maximum(_beside(words, 1) @ self._near + self._near_bias, 0)
        far = near + np.maximum(_beside(near, _LEAP) @ self._far + self._far_bias, 0)
        width = np.float32(len(words) ** 0.5)
        whole = np.concatenate([far.max(axis=0), far.sum(axis=0) / width, words.sum(axis=0) / width])
        return (whole @ self._out + self._out_bias).tolist()

    def _read(self, tokens: Sequence[str]) -> list[int]:
        known = self._places
        words = [plain(token) for token in tokens[:LONGEST]]
        return [known.get(word) or known.get(word.replace("'", ""), 0) for word in words] or [0]


def _beside(rows: Values, step: int) -> Values:
    """Each row with the one `step` before it and the one `step` behind it."""
    many, width = rows.shape
    room = np.zeros((many + 2 * step, width), np.float32)
    room[step : step + many] = rows
    return np.hstack([room[:many], rows, room[2 * step :]])


def _matrix(packed: bytes, bias: Sequence[float]) -> tuple[Values, Values]:
    return np.frombuffer(packed, np.float16).reshape(-1, len(bias)).astype(np.float32), np.array(bias, np.float32)
