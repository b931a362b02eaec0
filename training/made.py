"""From our own examples to the file of flags and behaviours, fold by fold: what the teacher read is kept, as it takes longest."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from noctule.analysis.learnt import FLAGS, Weights
from noctule.base.embed.files import weights
from training import flags
from training.files import timed
from training.mixtures import neighbours
from training.net import Size, Student, Table, word_vectors
from training.sets import own
from training.tuning import read

SIZE = Size(64, 128)
_LEFT_OUT = ("travel", "shops")  # by whose examples, unheard, chances and thresholds are set
Examples = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Known:
    """Words, what MiniLM knows of each, and which are like it."""

    words: list[str]
    vectors: np.ndarray
    near: dict[str, list[str]]


def make_flags(sets: Path, kept: Path) -> Weights:
    kept.mkdir(parents=True, exist_ok=True)
    known = timed("words", lambda: _known(sets))
    examples = own("flags")
    unheard = [one for name in _LEFT_OUT for one in examples if one["by"] == name]
    logits = [
        flags.logits_of(
            _taught(sets, known, kept, without=name), [one["text"] for one in examples if one["by"] == name]
        )
        for name in _LEFT_OUT
    ]
    scale = flags.Scale.of(np.concatenate(logits), unheard)
    for line in scale.told(np.concatenate(logits), unheard):
        print(f"  {line}")
    return flags.pack(_taught(sets, known, kept), scale)


def _known(sets: Path) -> Known:
    words = flags.vocabulary(weights(), flags.heard(sets))
    vectors = word_vectors(weights(), words)
    return Known(words, vectors, neighbours(words, vectors))


def _taught(sets: Path, known: Known, kept: Path, *, without: str = "nobody") -> Student:
    examples = [one for one in own("flags") if one["by"] != without]
    file = kept / f"flags-without-{without}.npz"
    if not file.exists():
        teacher = timed("teacher", lambda: flags.teach(examples, sets, weights()))
        texts = flags.lessons(examples, sets, known.near, random.Random(4))
        np.savez_compressed(file, texts=texts, logits=timed("lessons", lambda: read(teacher, texts)))
    held = np.load(file)
    student = Student(Table(known.words, known.vectors, SIZE.width), SIZE, len(FLAGS))
    timed("small net", lambda: flags.learn(student, examples, held["texts"].tolist(), held["logits"]))
    return student
