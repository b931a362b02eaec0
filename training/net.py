"""Teaches the small net of noctule/analysis/net.py to read as the larger model does (training/teacher.py). Needs torch."""

import math
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from noctule.analysis.net import Layers
from noctule.analysis.tokens import plain, tokens_of
from training.minilm import WordVectors
from training.sets import CLASSES, requests, rows

_WIDTH, _INNER = 48, 96
_LONGEST = 64  # words of a text; what is served reads on
_EPOCHS, _BATCH, _RATE = 5, 64, 2e-3
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
_STRANGE = 0.05  # of the words are hidden while it learns


@dataclass(frozen=True)
class Lessons:
    """Texts as the teacher reads them, and each word by itself."""

    texts: list[str]
    logits: np.ndarray
    words: list[str]
    word_logits: np.ndarray

    def write(self, path: Path) -> None:
        np.savez_compressed(path, texts=self.texts, logits=self.logits, words=self.words, word_logits=self.word_logits)

    @staticmethod
    def read(path: Path) -> "Lessons":
        held = np.load(path)
        return Lessons(held["texts"].tolist(), held["logits"], held["words"].tolist(), held["word_logits"])


class Student(nn.Module):
    """A word is what MiniLM's vector and the teacher say of it, seen through one small window, and a little of its own."""

    def __init__(self, known: Tensor) -> None:
        super().__init__()
        self.register_buffer("known", known)
        self.window = nn.Linear(known.shape[1], _WIDTH, bias=False)
        self.own = nn.Embedding(len(known), _WIDTH)
        self.own.weight.data *= 0.02
        self.near = nn.Conv1d(_WIDTH, _INNER, 3, padding=1)
        self.far = nn.Conv1d(_INNER, _INNER, 3, padding=2, dilation=2)
        self.out = nn.Linear(2 * _INNER + _WIDTH, 3)

    def forward(self, places: Tensor) -> Tensor:
        mask = (places != 0).float()
        hidden = (torch.rand(places.shape) < _STRANGE) & (places != 0)
        places = torch.where(hidden, torch.ones_like(places), places) if self.training else places
        words = functional.dropout(
            (self.window(self.known[places]) + self.own(places)) * mask[..., None], 0.15, self.training
        )
        near = functional.relu(self.near(words.transpose(1, 2))) * mask[:, None]
        far = (near + functional.relu(self.far(near))) * mask[:, None]
        width = mask.sum(1, keepdim=True).sqrt()
        whole = torch.cat([far.max(2).values, far.sum(2) / width, words.sum(1) / width], 1)
        return self.out(functional.dropout(whole, 0.1, self.training))


def learn(lessons: Lessons, sets: Path, minilm: Path) -> Layers:
    torch.manual_seed(2)
    chance = random.Random(2)
    vocabulary, known = _vocabulary(lessons, minilm)
    at = {word: place for place, word in enumerate(vocabulary, start=2)}  # 0 is padding, 1 a word that is not known
    texts, logits, weights, is_taught = _exercises(lessons, sets, chance)
    places = [_places(text, at) for text in texts]
    student = Student(known)
    rest = [one for name, one in student.named_parameters() if name != "own.weight"]
    descent = torch.optim.AdamW(
        [{"params": rest, "weight_decay": 1e-3}, {"params": [student.own.weight], "weight_decay": 0.05}], lr=_RATE
    )
    aims, centred = torch.softmax(logits, 1), logits - logits.mean(1, keepdim=True)
    total, step = _EPOCHS * math.ceil(len(texts) / _BATCH), 0
    for _ in range(_EPOCHS):
        for batch in batches(places, _BATCH, chance):
            for group in descent.param_groups:
                group["lr"] = _RATE * min(1, step / 200) * (1 - step / total)
            step += 1
            found = student(padded([places[one] for one in batch]))
            loss = (-(aims[batch] * functional.log_softmax(found, 1)).sum(1) * weights[batch]).mean()
            apart = ((found - found.mean(1, keepdim=True) - centred[batch]) ** 2).mean(1)
            loss = loss + 0.1 * (apart * weights[batch] * is_taught[batch]).mean()
            descent.zero_grad()
            loss.backward()
            descent.step()
    return _packed(student, vocabulary)


def batches(places: list[list[int]], size: int, chance: random.Random) -> list[list[int]]:
    """Numbers of texts, those of similar length together."""
    order = list(range(len(places)))
    chance.shuffle(order)
    found: list[list[int]] = []
    for start in range(0, len(order), size * 50):
        some = sorted(order[start : start + size * 50], key=lambda one: len(places[one]))
        found += [some[one : one + size] for one in range(0, len(some), size)]
    chance.shuffle(found)
    return found


def padded(places: list[list[int]]) -> Tensor:
    longest = max(map(len, places))
    return torch.tensor([one + [0] * (longest - len(one)) for one in places])


def _vocabulary(lessons: Lessons, minilm: Path) -> tuple[list[str], Tensor]:
    """The words and marks, and what is known of each before the student begins."""
    counts = Counter(plain(token) for text in lessons.texts for token in tokens_of(text) if not token[0].isalpha())
    marks = [mark for mark, many in counts.items() if many >= _MARKS]
    vectors = WordVectors(minilm).of(lessons.words)
    vectors -= vectors.mean(0)
    known = np.zeros((2 + len(lessons.words) + len(marks), vectors.shape[1] + 3), np.float32)
    known[2 : 2 + len(lessons.words), :-3] = vectors / vectors.std()
    known[2 : 2 + len(lessons.words), -3:] = lessons.word_logits - lessons.word_logits.mean(1, keepdims=True)
    return [*lessons.words, *marks], torch.tensor(known)


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


def _places(text: str, at: dict[str, int]) -> list[int]:
    words = [plain(token) for token in tokens_of(text)][:_LONGEST]
    return [at.get(word) or at.get(word.replace("'", "")) or 1 for word in words] or [1]


def _packed(student: Student, vocabulary: list[str]) -> Layers:
    with torch.no_grad():
        table = (student.window(student.known) + student.own.weight)[1:].numpy()
        near, far = (one.weight.permute(2, 1, 0).reshape(-1, _INNER).numpy() for one in (student.near, student.far))
    scales = np.abs(table).max(0) / 127
    biases = ([round(one, 5) for one in layer.bias.tolist()] for layer in (student.near, student.far, student.out))
    near_bias, far_bias, out_bias = biases
    return Layers(
        words="\n".join(vocabulary),
        table=np.round(table / scales).astype(np.int8).tobytes(),
        scales=[float(one) for one in scales],
        near=near.astype(np.float16).tobytes(),
        near_bias=near_bias,
        far=far.astype(np.float16).tobytes(),
        far_bias=far_bias,
        out=student.out.weight.detach().T.numpy().astype(np.float16).tobytes(),
        out_bias=out_bias,
    )
