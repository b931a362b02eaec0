"""Teaches MiniLM to tell feelings, and lets it read the texts from which the small net learns. Nothing of it ships."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.encoder import FROZEN, Encoder
from training.lessons import common_words, lessons
from training.net import Lessons, batches, padded
from training.sets import CLASSES, own, requests, rows, spoken
from training.valence import rated

_BATCH, _RATE, _HEADS_RATE = 32, 4e-5, 1e-3
_KEPT = 0.9  # of the rate, from each layer to the one below
_TURN = 0.5  # of the way to a rate of nothing it stops, after one epoch
_WARM = 0.06
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
    layers = [
        {"params": encoder.layers[number].parameters(), "at_most": _RATE * _KEPT ** (5 - number)}
        for number in range(FROZEN, 6)
    ]
    heads = {"params": [*encoder.feeling.parameters(), *encoder.emotions.parameters()], "at_most": _HEADS_RATE}
    descent = torch.optim.AdamW([heads, *layers], weight_decay=0.01)
    feelings, weights = torch.tensor(given.feelings), torch.tensor(given.weights)
    width = encoder.emotions.out_features
    emotions = torch.tensor([one or [False] * width for one in given.emotions], dtype=torch.float)
    has_emotions = torch.tensor([float(one is not None) for one in given.emotions])
    ids = encoder.read(given.texts)
    total = math.ceil(len(ids) / _BATCH) / _TURN
    encoder.train()
    for step, batch in enumerate(batches(ids, _BATCH, chance)):
        for group in descent.param_groups:
            group["lr"] = group["at_most"] * min(1, step / (_WARM * total)) * (1 - step / total)
        with torch.autocast("cpu", torch.bfloat16):
            felt, moved = encoder(padded([ids[one] for one in batch]))
        loss = -((feelings[batch] * functional.log_softmax(felt.float(), 1)).sum(1) * weights[batch]).mean()
        aside = functional.binary_cross_entropy_with_logits(moved.float(), emotions[batch], reduction="none").sum(1)
        loss = loss + 0.15 * (aside * has_emotions[batch]).mean()
        descent.zero_grad()
        loss.backward()
        descent.step()


def read(encoder: Encoder, texts: list[str]) -> np.ndarray:
    encoder.eval()
    ids = encoder.read(texts)
    order = sorted(range(len(ids)), key=lambda one: len(ids[one]))
    found: Tensor = torch.zeros(len(ids), 3)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), 64):
            batch = order[start : start + 64]
            found[batch] = encoder(padded([ids[one] for one in batch]))[0].float()
    return found.numpy()


def read_lessons(sets: Path, minilm: Path, lexicon: Path) -> Lessons:
    torch.manual_seed(1)
    emotions = sorted({name for one in rows(sets, "goemotions_train") for name in one["emotions"]})
    encoder = Encoder(minilm, len(emotions))
    chance = random.Random(5)
    teach(encoder, exercises(sets, lexicon, emotions, chance), chance)
    words = common_words(sets, minilm, lexicon)
    alone = read(encoder, [f"it was {word}" for word in words])
    texts = lessons(sets, words, alone, random.Random(9))
    print(f"{len(texts):,} texts, {len(words):,} words", flush=True)
    return Lessons(texts, read(encoder, texts), words, alone)
