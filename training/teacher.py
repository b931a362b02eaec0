"""Teaches MiniLM to tell feelings, and lets it read the texts from which the small net learns. Nothing of it ships."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from training.encoder import Encoder
from training.lessons import Lessons, common_words, lessons
from training.sets import CLASSES, own, requests, rows, spoken
from training.tuning import fit, read
from training.valence import rated

_REQUESTS, _SPOKEN = 3500, 1200
_TEMPLATES = ("{}", "so {}", "it was {}", "{} person", "this is {}", "a {} one", "{}")


@dataclass
class Exercises:
    texts: list[str]
    feelings: list[list[float]]
    weights: list[float]
    emotions: list[list[bool] | None]

    def add(self, text: str, feeling: Sequence[float], weight: float, emotions: list[bool] | None = None) -> None:
        self.texts.append(text)
        self.feelings.append([0.94 * one + 0.02 for one in feeling])
        self.weights.append(weight)
        self.emotions.append(emotions)


def exercises(sets: Path, lexicon: Path, names: list[str], chance: random.Random) -> Exercises:
    found = Exercises([], [], [], [])
    for one in rows(sets, "goemotions_train"):
        known = one["label"] in CLASSES
        feeling = [float(one["label"] == name) for name in CLASSES] if known else [0.33, 0.34, 0.33]
        found.add(one["text"], feeling, float(known), [name in one["emotions"] for name in names])
    for text in [*requests(sets, _REQUESTS, chance), *spoken(sets, _SPOKEN, chance)]:
        found.add(text, [0.02, 0.96, 0.02], 0.7)
    for one in own("sentiment") * 3:
        found.add(one["text"], [float(one["label"] == name) for name in CLASSES], 1.5)
    for word, rating in rated(lexicon).items():
        if any(letter.isalpha() for letter in word):
            felt = max(-1.0, min(1.0, rating / 2.5))
            text = chance.choice(_TEMPLATES).format(word)
            found.add(text, [max(-felt, 0), 1 - abs(felt), max(felt, 0)], 0.6)
    return found


def teach(encoder: Encoder, given: Exercises, chance: random.Random) -> None:
    feelings, weights = torch.tensor(given.feelings), torch.tensor(given.weights)
    width = encoder.heads[1].out_features
    emotions = torch.tensor([one or [False] * width for one in given.emotions], dtype=torch.float)
    has_emotions = torch.tensor([float(one is not None) for one in given.emotions])

    def loss(said: list[Tensor], batch: list[int]) -> Tensor:
        felt, moved = said
        found = -((feelings[batch] * functional.log_softmax(felt, 1)).sum(1) * weights[batch]).mean()
        aside = functional.binary_cross_entropy_with_logits(moved, emotions[batch], reduction="none").sum(1)
        return found + 0.15 * (aside * has_emotions[batch]).mean()

    fit(encoder, given.texts, loss, chance, epochs=1, planned=2)


def read_lessons(sets: Path, minilm: Path, lexicon: Path) -> Lessons:
    torch.manual_seed(1)
    emotions = sorted({name for one in rows(sets, "goemotions_train") for name in one["emotions"]})
    encoder = Encoder(minilm, [len(CLASSES), len(emotions)])
    chance = random.Random(5)
    teach(encoder, exercises(sets, lexicon, emotions, chance), chance)
    words = common_words(sets, minilm, lexicon)
    alone = read(encoder, [f"it was {word}" for word in words])
    texts = lessons(sets, words, alone, random.Random(9))
    print(f"{len(texts):,} texts, {len(words):,} words", flush=True)
    return Lessons(texts, read(encoder, texts), words, alone)
