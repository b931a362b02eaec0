"""Teaches flags: first MiniLM by our own examples, then the small net by what MiniLM reads in many texts."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from noctule.analysis.learnt import FLAGS
from noctule.analysis.tokens import all_tokens_of, plain
from training.batches import padded
from training.encoder import Encoder
from training.mixtures import joined, part, plainly, reworded
from training.net import Student, descend
from training.sets import own, rows, some, training_dialogues
from training.tuning import fit

_EPOCHS, _STUDENT_EPOCHS = 3, 6
_LONGEST = 64  # tokens that the teacher reads
_SURE = 0.97  # what an example says, it says nearly surely
_PRECISION, _LOWEST, _HIGHEST = 0.8, 0.6, 0.8  # of a threshold: what it aims at, and what it may be
_ALARMS = {  # how many of the messages of real dialogues may carry it at most
    "churn_risk": 0.005, "frustrated_user": 0.0075, "buying_signal": 0.015, "competitor_mention": 0.006,
    "urgent_request": 0.0125, "confused_user": 0.0125, "escalation": 0.005,
}  # fmt: skip
_SEEN = 3  # times, for a word that no list has
_SHORT = ("5", "20", "300", "2000", "a", "i", "u", "r", "k")
_REAL = 2000  # messages of real dialogues, of which hardly any carries one of these
_NEVER = ("churn_risk", "competitor_mention", "escalation")
_PLAIN = 1000  # requests that carry nothing, for the teacher
_EVEN = 0.5
_FAINT = 0.3  # what they weigh
_MANY = {"reworded": 5, "parts": 2, "joined": 2, "typed": 1}  # of each example
_READ = {"goemotions_train": 4000, "clinc150_train": 3000, "banking77_train": 3000}
_SPOKEN, _CHANGED = 6000, 2500


Examples = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Exercises:
    texts: list[str]
    aims: np.ndarray  # chances
    weights: np.ndarray  # nothing where nobody knows


def exercises(examples: Examples) -> Exercises:
    aims = np.array([[_SURE if name in one["labels"] else 1 - _SURE for name in FLAGS] for one in examples], np.float32)
    weights = np.array([[float(name not in one.get("unknown", ())) for name in FLAGS] for one in examples], np.float32)
    return Exercises([one["text"] for one in examples], aims, weights)


def teach(examples: Examples, sets: Path, minilm: Path) -> Encoder:
    torch.manual_seed(1)
    chance = random.Random(1)
    given = exercises(examples)
    plain_ones = requests_of(sets, _PLAIN, chance)
    real = some(chance, training_dialogues(sets), _REAL)
    texts = [*given.texts, *(_varied(text, plain_ones, chance) for text in given.texts), *plain_ones, *real]
    nothing = np.full((len(plain_ones) + len(real), len(FLAGS)), 1 - _SURE, np.float32)
    faint = np.full_like(nothing, _FAINT)
    faint[len(plain_ones) :] *= [name in _NEVER for name in FLAGS]
    aims = torch.tensor(np.concatenate([given.aims, given.aims, nothing]))
    weights = torch.tensor(np.concatenate([given.weights, given.weights, faint]))
    encoder = Encoder(minilm, [len(FLAGS)], _LONGEST)

    def loss(said: list[torch.Tensor], batch: list[int]) -> torch.Tensor:
        found = functional.binary_cross_entropy_with_logits(said[0], aims[batch], reduction="none")
        return (found * weights[batch]).sum(1).mean()

    fit(encoder, texts, loss, chance, epochs=_EPOCHS)
    return encoder


def _varied(text: str, others: Sequence[str], chance: random.Random) -> str:
    """The same said in another form: what it carries stays."""
    typed = plainly(text, chance)
    return joined(typed, chance.choice(others), chance) if chance.random() < 0.35 else typed


def requests_of(sets: Path, many: int, chance: random.Random) -> list[str]:
    return some(chance, [one["text"] for one in rows(sets, "clinc150_train")], many)


def lessons(examples: Examples, sets: Path, near: dict[str, list[str]], chance: random.Random) -> list[str]:
    """Texts that the teacher reads for the small net."""
    own_ones = [one["text"] for one in examples]
    plain_ones = some(chance, training_dialogues(sets), _SPOKEN)
    for name, many in _READ.items():
        plain_ones += some(chance, [one["text"] for one in rows(sets, name)], many)
    words = list(near)
    texts = [*plain_ones, *own_ones]
    for text in own_ones:
        texts += [plainly(reworded(text, near, words, chance), chance) for _ in range(_MANY["reworded"])]
        texts += [plainly(part(text, chance), chance) for _ in range(_MANY["parts"])]
        texts += [
            joined(part(text, chance), part(chance.choice(own_ones), chance), chance) for _ in range(_MANY["joined"])
        ]
        texts += [plainly(joined(text, chance.choice(plain_ones), chance), chance)]
        texts += [plainly(text, chance) for _ in range(_MANY["typed"])]
    texts += [reworded(text, near, words, chance) for text in some(chance, plain_ones, _CHANGED)]
    return [text for text in texts if text.strip()]


def heard(sets: Path) -> list[str]:
    """By which words are counted; our own examples twice."""
    said = [one["text"] for name in _READ for one in rows(sets, name)[::2]]
    return [*training_dialogues(sets), *said, *(one["text"] for one in own("flags") for _ in range(2))]


def vocabulary(minilm: Path, texts: Sequence[str]) -> list[str]:
    """What MiniLM knows as a whole word, and what was said a few times."""
    counts = Counter(plain(token) for text in texts for token in all_tokens_of(text))
    whole = {w for w in (minilm / "vocab.txt").read_text().split("\n") if w.isalpha() and w.isascii() and len(w) > 1}
    return sorted({*whole, *(word for word, many in counts.items() if many > _SEEN), *_SHORT})


def learn(student: Student, examples: Examples, texts: Sequence[str], read: np.ndarray) -> None:
    """What the teacher read, and three times what we say ourselves."""
    torch.manual_seed(2)
    given = exercises(examples)
    chances = 1 / (1 + np.exp(-read))
    both = [*texts, *given.texts * 3]
    aims = torch.tensor(np.concatenate([chances, *[given.aims] * 3]))
    weights = torch.tensor(np.concatenate([np.ones_like(chances), *[given.weights] * 3]))
    logits = torch.tensor(np.concatenate([np.clip(read, -5, 5), *[np.zeros_like(given.aims)] * 3]))
    is_taught = torch.zeros(len(both))
    is_taught[: len(texts)] = 1
    places = [student.table.places(all_tokens_of(text)) for text in both]

    def loss(batch: list[int]) -> torch.Tensor:
        said = student(padded([places[one] for one in batch]))
        found = functional.binary_cross_entropy_with_logits(said, aims[batch], reduction="none") * weights[batch]
        apart = ((said.clamp(-6, 6) - logits[batch]) ** 2).sum(1) * is_taught[batch]
        return found.sum(1).mean() + 0.05 * apart.mean()

    descend(student, places, loss, random.Random(2), epochs=_STUDENT_EPOCHS)


def logits_of(student: Student, texts: Sequence[str]) -> np.ndarray:
    places = [student.table.places(all_tokens_of(text)) for text in texts]
    with torch.no_grad():
        return np.concatenate([student(padded(places[at : at + 64])).numpy() for at in range(0, len(places), 64)])


@dataclass(frozen=True)
class Scale:
    """What makes chances of the net's logits, and from which chance on a flag is raised: by examples it has not learnt from."""

    slopes: np.ndarray
    offsets: np.ndarray
    thresholds: list[float]

    def told(self, logits: np.ndarray, examples: Examples) -> Iterator[str]:
        """How good it is on these, a line a flag."""
        given = exercises(examples)
        chances = 1 / (1 + np.exp(-(logits * self.slopes + self.offsets)))
        for at, (name, threshold) in enumerate(zip(FLAGS, self.thresholds, strict=True)):
            truth, raised = given.aims[:, at] > _EVEN, chances[:, at] >= threshold
            right = (truth & raised).sum()
            yield f"{name:<20} precision {right / max(1, raised.sum()):.2f}, recall {right / truth.sum():.2f}, from {threshold}"

    @staticmethod
    def of(logits: np.ndarray, examples: Examples, plain: np.ndarray) -> "Scale":
        """`plain` are those of messages of which hardly any carries one."""
        given = exercises(examples)
        aims, known = given.aims > _EVEN, given.weights > 0
        lines = [_scale(logits[:, at], aims[:, at], known[:, at]) for at in range(len(FLAGS))]
        slopes, offsets = (np.array(one) for one in zip(*lines, strict=True))
        chances, others = (1 / (1 + np.exp(-(one * slopes + offsets))) for one in (logits, plain))
        thresholds = [
            max(
                _threshold(chances[known[:, at], at], aims[known[:, at], at]),
                round(float(np.quantile(others[:, at], 1 - _ALARMS[name])), 3),
            )
            for at, name in enumerate(FLAGS)
        ]
        return Scale(slopes, offsets, thresholds)


def _scale(logits: np.ndarray, truth: np.ndarray, known: np.ndarray) -> tuple[float, float]:
    """Logistic regression on one number; a little held back, as there are few examples."""
    slope, offset = torch.ones(1, requires_grad=True), torch.zeros(1, requires_grad=True)
    values, aims = torch.tensor(logits[known]), torch.tensor(truth[known], dtype=torch.float)
    descent = torch.optim.LBFGS([slope, offset], max_iter=100)

    def closure() -> torch.Tensor:
        descent.zero_grad()
        loss = functional.binary_cross_entropy_with_logits(values * slope + offset, aims) + 1e-3 * (slope - 1) ** 2
        loss.sum().backward()
        return loss.sum()

    descent.step(closure)
    return float(slope.detach()), float(offset.detach())


def _threshold(chances: np.ndarray, truth: np.ndarray) -> float:
    """The lowest from which on as many are right."""
    order = np.argsort(-chances)
    right = np.cumsum(truth[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(right >= _PRECISION)
    lowest = float(chances[order][good[-1]]) if len(good) else _HIGHEST
    return round(min(max(lowest, _LOWEST), _HIGHEST), 3)


def scaled(student: Student, scale: Scale) -> Student:
    """Its numbers become those of chances."""
    with torch.no_grad():
        slopes, offsets = torch.tensor(scale.slopes, dtype=torch.float), torch.tensor(scale.offsets, dtype=torch.float)
        student.out.bias.mul_(slopes).add_(offsets)
        student.out.weight.mul_(slopes[:, None])
    return student
