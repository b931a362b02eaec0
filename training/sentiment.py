"""What ships of sentiment: the small net, and how each word feels by itself; and how good both are together."""

import zlib
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from noctule.analysis.tokens import tokens_of
from noctule.analysis.weights import SentimentModel, Weights
from training.net import Lessons, learn
from training.sets import MEASURED, licensed, rows, sentiment_figure
from training.valence import induce


def make(sets: Path, minilm: Path, lexicon: Path, lessons: Lessons) -> Weights:
    valences = induce(minilm, lexicon, [tokens_of(text) for text in licensed(sets)])
    step = float(np.abs(valences.numbers).max()) / 127
    return Weights(
        net=learn(lessons, sets, minilm),
        words="\n".join(valences.words),
        valences=np.round(valences.numbers / step).astype(np.int8).tobytes(),
        valence_scale=step,
    )


def measure(model: SentimentModel, sets: Path) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in MEASURED:
        said: list[dict[str, Any]] = rows(sets, name)
        scores = [model.score(tokens_of(one["text"])) for one in said]
        found[name] = sentiment_figure(said, scores)
    return found | {"mean": float(np.mean(list(found.values())))}


def write(weights: Weights, file: Path) -> None:
    file.write_bytes(zlib.compress(msgspec.msgpack.encode(weights), 9))
