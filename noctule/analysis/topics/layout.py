"""Places for topics on a map: near where they mean much the same. Classical scaling of their distances, then circles that
lie on each other are moved apart; the whole is turned so that topics stay where they were before.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from noctule.analysis.topics.packed import Vectors

Places = NDArray[np.float64]  # a row of two for each, within −1..1
_ROUNDS = 60


def placed(centres: Vectors, sizes: Sequence[int], before: Mapping[int, tuple[float, float]]) -> Places:
    """`before` are known places, by row."""
    flat = _scaled(centres)
    flat = _turned(flat, before)
    return _apart(flat, radii(sizes))


def radii(sizes: Sequence[int]) -> NDArray[np.float64]:
    """Of circles whose areas tell sizes and together fill a part of the map."""
    roots = np.sqrt(np.maximum(np.array(sizes, dtype=np.float64), 1.0))
    return 0.95 * roots / max(float(np.sqrt((roots**2).sum())), 1.0)


def _scaled(centres: Vectors) -> Places:
    many = len(centres)
    if many < 3:
        return np.array([[0.0, 0.0]] if many == 1 else [[-0.5, 0.0], [0.5, 0.0]])[:many]
    distances = 1.0 - (centres @ centres.T).astype(np.float64)
    middle = np.eye(many) - 1.0 / many
    values, vectors = np.linalg.eigh(-0.5 * middle @ (distances**2) @ middle)
    flat = vectors[:, [-1, -2]] * np.sqrt(np.maximum(values[[-1, -2]], 0.0))
    # An axis may come out either way round; the first topic that counts on it lies on its right.
    flat *= np.where(flat[np.abs(flat).argmax(axis=0), [0, 1]] < 0, -1.0, 1.0)
    return flat / max(float(np.abs(flat).max()), 1e-9)


def _turned(flat: Places, before: Mapping[int, tuple[float, float]]) -> Places:
    """By the rotation, with or without a mirror, that brings known topics nearest to their places."""
    if len(before) < 2:
        return flat
    rows = sorted(before)
    left, _, right = np.linalg.svd(flat[rows].T @ np.array([before[row] for row in rows]))
    return flat @ (left @ right)


def _apart(flat: Places, sizes: NDArray[np.float64]) -> Places:
    for _ in range(_ROUNDS):
        away = flat[:, None, :] - flat[None, :, :]
        distance = np.maximum(np.linalg.norm(away, axis=2), 1e-6)
        overlap = np.maximum(sizes[:, None] + sizes[None, :] - distance, 0.0)
        np.fill_diagonal(overlap, 0.0)
        if not overlap.any():
            break
        flat = flat + 0.5 * (away / distance[:, :, None] * overlap[:, :, None]).sum(axis=1)
    return flat / max(1.0, float(np.abs(flat).max())) if len(flat) else flat
