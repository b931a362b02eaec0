"""From our own examples to the file of flags and behaviours, fold by fold: what the teacher read is kept, as it takes longest."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from noctule.analysis.learnt import FLAGS, Weights
from noctule.base.embed.files import weights
from training import behaviors, flags
from training.files import timed
from training.mixtures import neighbours
from training.net import Pair, Size, Student, Table, word_vectors
from training.sets import own, some, training_dialogues
from training.tuning import read

SIZE, _ANSWERS = Size(64, 128), Size(64, 64)
_REAL = 4000  # pairs of real dialogues
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
    nets = {name: _taught(sets, known, kept, without=name) for name in _LEFT_OUT}
    logits = np.concatenate(
        [flags.logits_of(net, [one["text"] for one in examples if one["by"] == name]) for name, net in nets.items()]
    )
    student = _taught(sets, known, kept)
    scale = flags.Scale.of(logits, unheard, flags.logits_of(student, training_dialogues(sets)))
    for line in scale.told(logits, unheard):
        print(f"  {line}")
    pair = _answering(sets, known, kept, flags.scaled(student, scale).table)
    return Weights(student.table.packed(), student.packed(), scale.thresholds, pair.packed())


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


def _answering(sets: Path, known: Known, kept: Path, table: Table) -> Pair:
    examples = own("behaviors")
    file = kept / "behaviors.npz"
    if not file.exists():
        teacher = timed("teacher of behaviours", lambda: behaviors.teach(examples, weights()))
        pairs = behaviors.lessons(examples, known.near, random.Random(4))
        np.savez_compressed(file, pairs=pairs, logits=timed("lessons", lambda: read(teacher, pairs)))
    held = np.load(file)
    lessons = behaviors.Lessons([(asked, said) for asked, said in held["pairs"].tolist()], held["logits"])
    real = some(random.Random(4), behaviors.real_pairs(sets), _REAL)
    return timed("small net", lambda: behaviors.learn(examples, lessons, real, table, _ANSWERS))
