"""What ships of sentiment: the small net, and how each word feels by itself; and how good both are together."""

import random
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from noctule.analysis.tokens import plain, tokens_of
from noctule.analysis.weights import SentimentModel, Weights
from training.batches import padded
from training.lessons import Lessons
from training.net import Size, Student, Table, descend, word_vectors
from training.sets import CLASSES, MEASURED, licensed, requests, rows, sentiment_figure
from training.valence import induce

_EPOCHS = 5
_MARKS = 4  # times that a mark or an emoji is seen, to be known
_POLITE = 4000
_OPENINGS = (
    "Hi, ",
    "Hello, ",
    "Hi there! ",
    "Please help me: ",
    "Could you please help? ",
    "Good morning, ",
    "Can you help me, ",
)
_CLOSINGS = (
    "",
    " please",
    ", thanks",
    ", thanks.",
    ". Thank you!",
    ". Thanks in advance!",
    ". Thanks",
    " please, thank you",
)
_GOLD = 1.2  # the logit of what people said


def make(sets: Path, minilm: Path, lexicon: Path, lessons: Lessons) -> Weights:
    valences = induce(minilm, lexicon, [tokens_of(text) for text in licensed(sets)])
    step = float(np.abs(valences.numbers).max()) / 127
    student = learn(lessons, sets, minilm)
    return Weights(
        vocabulary=student.table.packed(),
        net=student.packed(),
        words="\n".join(valences.words),
        valences=np.round(valences.numbers / step).astype(np.int8).tobytes(),
        valence_scale=step,
    )


def learn(lessons: Lessons, sets: Path, minilm: Path) -> Student:
    torch.manual_seed(2)
    chance = random.Random(2)
    size = Size()
    student = Student(Table(*_vocabulary(lessons, minilm), size.width), size, len(CLASSES))
    texts, logits, weights, is_taught = _exercises(lessons, sets, chance)
    places = [student.table.places(tokens_of(text)) for text in texts]
    aims, centred = torch.softmax(logits, 1), logits - logits.mean(1, keepdim=True)

    def loss(batch: list[int]) -> Tensor:
        found = student(padded([places[one] for one in batch]))
        asked = (-(aims[batch] * functional.log_softmax(found, 1)).sum(1) * weights[batch]).mean()
        apart = ((found - found.mean(1, keepdim=True) - centred[batch]) ** 2).mean(1)
        return asked + 0.1 * (apart * weights[batch] * is_taught[batch]).mean()

    descend(student, places, loss, chance, epochs=_EPOCHS)
    return student


def _vocabulary(lessons: Lessons, minilm: Path) -> tuple[list[str], np.ndarray]:
    """The words and marks, and what is known of each before the student begins."""
    counts = Counter(plain(token) for text in lessons.texts for token in tokens_of(text) if not token[0].isalpha())
    marks = [mark for mark, many in counts.items() if many >= _MARKS]
    vectors = word_vectors(minilm, lessons.words)
    known = np.zeros((len(lessons.words) + len(marks), vectors.shape[1] + 3), np.float32)
    known[: len(lessons.words), :-3] = vectors
    known[: len(lessons.words), -3:] = lessons.word_logits - lessons.word_logits.mean(1, keepdims=True)
    return [*lessons.words, *marks], known


def _exercises(lessons: Lessons, sets: Path, chance: random.Random) -> tuple[list[str], Tensor, Tensor, Tensor]:
    """The lessons; each word alone, at half the weight; and texts that people labelled and the teacher did not read."""
    words = [word if chance.random() < 0.5 else f"it was {word}" for word in lessons.words]
    taken = set(lessons.texts)
    said = [one for one in rows(sets, "goemotions_train") if one["label"] in CLASSES and one["text"] not in taken]
    polite = [(text, "neutral") for text in _polite(sets, chance)]
    labelled = [*((one["text"], one["label"]) for one in said), *polite]
    gold = [[_GOLD if label == name else -_GOLD for name in CLASSES] for _, label in labelled]
    texts = [*lessons.texts, *words, *(text for text, _ in labelled)]
    logits = torch.tensor(np.concatenate([lessons.logits, lessons.word_logits, np.array(gold, np.float32)]))
    weights, is_taught = torch.ones(len(texts)), torch.ones(len(texts))
    weights[len(lessons.texts) : len(lessons.texts) + len(words)] = 0.5
    is_taught[len(lessons.texts) + len(words) :] = 0
    return texts, logits, weights, is_taught


def _polite(sets: Path, chance: random.Random) -> list[str]:
    """Plain requests with the words of courtesy that people put around them, which say nothing of how they feel."""
    plainly = [text for text in requests(sets, _POLITE // 2, chance) if "thank" not in text.lower()]
    return [f"{chance.choice(_OPENINGS)}{text.rstrip('.')}{chance.choice(_CLOSINGS)}" for text in plainly]


def measure(model: SentimentModel, sets: Path) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in MEASURED:
        said: list[dict[str, Any]] = rows(sets, name)
        scores = [model.score(tokens_of(one["text"])) for one in said]
        found[name] = sentiment_figure(said, scores)
    return found | {"mean": float(np.mean(list(found.values())))}
