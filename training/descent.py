"""L-BFGS (Nocedal 1980) in a few lines: enough for a convex loss with a penalty."""

from collections import deque
from collections.abc import Callable

import numpy as np

Loss = Callable[[np.ndarray], tuple[float, np.ndarray]]


def minimise(loss: Loss, start: np.ndarray, *, steps: int, memory: int = 8) -> np.ndarray:
    w = start
    value, slope = loss(w)
    kept: deque[tuple[np.ndarray, np.ndarray, float]] = deque(maxlen=memory)
    for _ in range(steps):
        way = -_towards(slope, kept)
        length, down = 1.0 if kept else 1.0 / max(1.0, float(np.abs(slope).sum())), float(slope @ way)
        for _ in range(20):
            tried = w + length * way
            new_value, new_slope = loss(tried)
            if new_value <= value + 1e-4 * length * down:
                break
            length /= 2
        else:
            break
        s, y = tried - w, new_slope - slope
        if (curve := float(s @ y)) > 1e-10:
            kept.append((s, y, 1 / curve))
        done = value - new_value < 1e-7 * abs(value)
        w, value, slope = tried, new_value, new_slope
        if done:
            break
    return w


def _towards(slope: np.ndarray, kept: deque[tuple[np.ndarray, np.ndarray, float]]) -> np.ndarray:
    q = slope.copy()
    shares: list[float] = []
    for s, y, rho in reversed(kept):
        shares.append(rho * float(s @ q))
        q -= shares[-1] * y
    if kept:
        s, y, _ = kept[-1]
        q *= float(s @ y) / float(y @ y)
    for (s, y, rho), share in zip(kept, reversed(shares), strict=True):
        q += (share - rho * float(y @ q)) * s
    return q
