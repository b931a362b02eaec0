"""Vectors as they are stored: 384 signed bytes each. Only the direction counts, so each uses the whole range of a byte."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from noctule.base.embed import DIMENSIONS

Vectors = NDArray[np.float32]


def pack(vectors: Vectors) -> list[bytes]:
    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9) if len(vectors) else 1.0
    return [row.tobytes() for row in np.rint(vectors / largest * 127).astype(np.int8)]


def unpack(packed: Sequence[bytes]) -> Vectors:
    """Unit vectors. A packed value may hold several, one behind the other."""
    rows = np.frombuffer(b"".join(packed), dtype=np.int8).reshape(-1, DIMENSIONS).astype(np.float32)
    return unit(rows)


def unit(rows: Vectors) -> Vectors:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
