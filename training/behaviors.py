"""Teaches behaviours: MiniLM by our own pairs of a message and an answer, then the small net by what MiniLM reads in many."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch.nn import functional

from noctule.analysis import phrases
from noctule.analysis.behavior import BEHAVIORS, form_of
from noctule.analysis.tokens import all_tokens_of
from training.batches import padded
from training.encoder import Encoder
from training.mixtures import part, plainly, reworded
from training.net import Pair, Size, Table, descend
from training.sets import rows
from training.tuning import fit

_EPOCHS, _STUDENT_EPOCHS = 5, 5
_LONGEST = 112  # tokens that the teacher reads of both
_WORDS = 48, 100  # of the message and of the answer that the small net reads while it learns
_SURE = 0.9
_IDLE = 14  # words
_MANY = {"reworded": 4, "parts": 1, "exchanged": 3, "typed": 1}  # of each example
_OLDER = 0.5  # what the first examples weigh: many are of one stock of sentences
Said = tuple[str, str]
Examples = Sequence[dict[str, Any]]


class Lessons(NamedTuple):
    """Pairs as the teacher reads them."""

    pairs: Sequence[Said]
    logits: np.ndarray


def pairs_of(examples: Examples) -> list[Said]:
    return [(one["user"], one["assistant"]) for one in examples]


def teach(examples: Examples, minilm: Path) -> Encoder:
    torch.manual_seed(1)
    pairs = pairs_of(examples)
    aims = torch.tensor([BEHAVIORS.index(one["behavior"]) for one in examples])
    weights = torch.tensor([_OLDER if one["by"] == "first" else 1.0 for one in examples])
    encoder = Encoder(minilm, [len(BEHAVIORS)], _LONGEST)

    def loss(said: list[torch.Tensor], batch: list[int]) -> torch.Tensor:
        found = functional.cross_entropy(said[0], aims[batch], label_smoothing=1 - _SURE, reduction="none")
        return (found * weights[batch]).mean()

    fit(encoder, pairs, loss, random.Random(1), epochs=_EPOCHS)
    return encoder


def lessons(examples: Examples, near: Mapping[str, Sequence[str]], chance: random.Random) -> list[Said]:
    """Pairs that the teacher reads for the small net."""
    words = list(near)
    pairs = pairs_of(examples)
    asked = [user for user, _ in pairs]
    alike: dict[str, list[str]] = defaultdict(list)
    for one in examples:
        alike[one["behavior"]].append(one["assistant"])
    found = list(pairs)
    for one, (user, said) in zip(examples, pairs, strict=True):
        found += [
            (reworded(user, near, words, chance), plainly(reworded(said, near, words, chance), chance))
            for _ in range(_MANY["reworded"])
        ]
        found += [(user, part(said, chance)) for _ in range(_MANY["parts"])]
        found += [(chance.choice(asked), said) for _ in range(_MANY["exchanged"] - 1)]
        found.append((user, chance.choice(alike[one["behavior"]])))
        found += [(plainly(user, chance), plainly(said, chance)) for _ in range(_MANY["typed"])]
    return found


def real_pairs(sets: Path) -> list[Said]:
    """What was said and answered in real dialogues, every other one."""
    found: list[Said] = []
    for one in rows(sets, "star_dev")[1::2]:
        said = [message for message in one["messages"] if message["text"].strip()]
        found += [
            (first["text"], second["text"])
            for first, second in pairwise(said)
            if (first["role"], second["role"]) == ("user", "assistant")
        ]
    return found


def behavior_of_real(said: str) -> str:
    """People who work through a task with somebody are helpful, but for their greetings and closing words."""
    idle = len(said.split()) < _IDLE and (phrases.CLOSES.match(said) or phrases.MORE_HELP.search(said.lower()))
    return "other" if idle else "helpful"


class Given:
    """Pairs as numbers."""

    def __init__(self, table: Table, pairs: Sequence[Said]) -> None:
        self.asked = [table.places(all_tokens_of(user), _WORDS[0]) for user, _ in pairs]
        self.said = [table.places(all_tokens_of(said), _WORDS[1]) for _, said in pairs]
        self.form = torch.tensor([form_of(user, said) for user, said in pairs])

    def batch(self, batch: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        return padded([self.asked[at] for at in batch]), padded([self.said[at] for at in batch]), self.form[list(batch)]


def learn(examples: Examples, lessons: Lessons, real: Sequence[Said], table: Table, size: Size) -> Pair:
    """The table of words is taken as it is."""
    torch.manual_seed(2)
    table.requires_grad_(requires_grad=False)
    student = Pair(table, size, form=len(form_of("", "")), outputs=len(BEHAVIORS))
    own = _gold([one["behavior"] for one in examples])
    idly = _gold([behavior_of_real(said) for _, said in real])
    aims = torch.cat([torch.softmax(torch.tensor(lessons.logits), 1), *[own] * 3, idly])
    given = Given(table, [*lessons.pairs, *pairs_of(examples) * 3, *real])

    def loss(batch: list[int]) -> torch.Tensor:
        return -(aims[batch] * functional.log_softmax(student(*given.batch(batch)), 1)).sum(1).mean()

    descend(student, given.said, loss, random.Random(2), epochs=_STUDENT_EPOCHS)
    return student


def _gold(behaviors: Sequence[str]) -> torch.Tensor:
    aims = functional.one_hot(torch.tensor([BEHAVIORS.index(one) for one in behaviors]), len(BEHAVIORS)).float()
    return _SURE * aims + (1 - _SURE) / len(BEHAVIORS)


def logits_of(student: Pair, pairs: Sequence[Said]) -> np.ndarray:
    given = Given(student.asked.table, pairs)
    with torch.no_grad():
        numbers = [range(at, min(at + 64, len(pairs))) for at in range(0, len(pairs), 64)]
        return np.concatenate([student(*given.batch(batch)).numpy() for batch in numbers])
