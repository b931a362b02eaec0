"""The small net of noctule/analysis/net.py while it learns, in torch, and how it is packed."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from noctule.analysis.net import Layers, PairLayers, Vocabulary
from noctule.analysis.tokens import plain
from training.batches import batches
from training.minilm import WordVectors

_BATCH, _RATE = 64, 2e-3
_LONGEST = 64  # words of a text; what is served reads on
_BETWEEN = 64  # numbers by which two texts are weighed together
_STRANGE = 0.05  # of the words are hidden while it learns


@dataclass(frozen=True)
class Size:
    """How many numbers a word is, and how many its neighbourhood."""

    width: int = 48
    inner: int = 96

    @property
    def whole(self) -> int:
        return 2 * self.inner + self.width


class Table(nn.Module):
    """A word is what is known of it, seen through one small window, and a little of its own."""

    def __init__(self, words: Sequence[str], known: np.ndarray, width: int) -> None:
        super().__init__()
        self.words = list(words)
        self._at = {word: place for place, word in enumerate(words, start=2)}  # 0 is padding, 1 not known
        self.register_buffer("known", torch.tensor(np.concatenate([np.zeros((2, known.shape[1]), np.float32), known])))
        self.window = nn.Linear(known.shape[1], width, bias=False)
        self.own = nn.Embedding(len(self.known), width)
        self.own.weight.data *= 0.02

    def places(self, tokens: Sequence[str], longest: int = _LONGEST) -> list[int]:
        words = [plain(token) for token in tokens[:longest]]
        return [self._at.get(word) or self._at.get(word.replace("'", "")) or 1 for word in words] or [1]

    def forward(self, places: Tensor) -> Tensor:
        if self.training:
            hidden = (torch.rand(places.shape) < _STRANGE) & (places != 0)
            places = torch.where(hidden, torch.ones_like(places), places)
        words = (self.window(self.known[places]) + self.own(places)) * (places != 0)[..., None]
        return functional.dropout(words, 0.15, self.training)

    def packed(self) -> Vocabulary:
        with torch.no_grad():
            table = (self.window(self.known) + self.own.weight)[1:].numpy()
        scales = np.abs(table).max(0) / 127
        return Vocabulary(
            words="\n".join(self.words),
            table=np.round(table / scales).astype(np.int8).tobytes(),
            scales=[float(one) for one in scales],
        )


class Reader(nn.Module):
    """What a text says as a whole, from what its words say beside each other."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.near = nn.Conv1d(size.width, size.inner, 3, padding=1)
        self.far = nn.Conv1d(size.inner, size.inner, 3, padding=2, dilation=2)

    def forward(self, words: Tensor, places: Tensor) -> Tensor:
        mask = (places != 0).float()
        near = functional.relu(self.near(words.transpose(1, 2))) * mask[:, None]
        far = (near + functional.relu(self.far(near))) * mask[:, None]
        width = mask.sum(1, keepdim=True).sqrt()
        whole = torch.cat([far.max(2).values, far.sum(2) / width, words.sum(1) / width], 1)
        return functional.dropout(whole, 0.1, self.training)


class Student(nn.Module):
    def __init__(self, table: Table, size: Size, outputs: int) -> None:
        super().__init__()
        self.table = table
        self.reader = Reader(size)
        self.out = nn.Linear(size.whole, outputs)

    def forward(self, places: Tensor) -> Tensor:
        return self.out(self.reader(self.table(places), places))

    def packed(self) -> Layers:
        return pack(self.reader, self.out)


class Pair(nn.Module):
    """Two texts and some numbers on their form, each read by itself, then weighed together."""

    def __init__(self, table: Table, size: Size, *, form: int, outputs: int) -> None:
        super().__init__()
        self.asked, self.said = Student(table, size, _BETWEEN), Student(table, size, _BETWEEN)
        self.form = nn.Linear(form, _BETWEEN, bias=False)
        self.out = nn.Linear(_BETWEEN, outputs)

    def forward(self, asked: Tensor, said: Tensor, form: Tensor) -> Tensor:
        together = functional.relu(self.asked(asked) + self.said(said) + self.form(form))
        return self.out(functional.dropout(together, 0.1, self.training))

    def packed(self) -> PairLayers:
        return PairLayers(
            asked=self.asked.packed(),
            said=self.said.packed(),
            form=self.form.weight.detach().T.numpy().astype(np.float16).tobytes(),
            out=self.out.weight.detach().T.numpy().astype(np.float16).tobytes(),
            out_bias=[round(one, 5) for one in self.out.bias.tolist()],
        )


def pack(reader: Reader, out: nn.Linear) -> Layers:
    near, far = (
        one.weight.detach().permute(2, 1, 0).reshape(-1, one.out_channels).numpy() for one in (reader.near, reader.far)
    )
    near_bias, far_bias, out_bias = (
        [round(one, 5) for one in layer.bias.tolist()] for layer in (reader.near, reader.far, out)
    )
    return Layers(
        near=near.astype(np.float16).tobytes(),
        near_bias=near_bias,
        far=far.astype(np.float16).tobytes(),
        far_bias=far_bias,
        out=out.weight.detach().T.numpy().astype(np.float16).tobytes(),
        out_bias=out_bias,
    )


def word_vectors(minilm: Path, words: Sequence[str]) -> np.ndarray:
    """What MiniLM knows of each word by itself, around nothing."""
    vectors = WordVectors(minilm).of(list(words))
    vectors -= vectors.mean(0)
    return vectors / vectors.std()


def descend(
    student: nn.Module,
    places: list[list[int]],
    loss: Callable[[list[int]], Tensor],
    chance: random.Random,
    *,
    epochs: int,
) -> None:
    """The loss is that of the texts with these numbers. The words' own part is held small."""
    rest = [one for name, one in student.named_parameters() if not name.endswith("own.weight") and one.requires_grad]
    own = [one for name, one in student.named_parameters() if name.endswith("own.weight") and one.requires_grad]
    descent = torch.optim.AdamW(
        [{"params": rest, "weight_decay": 1e-3}, {"params": own, "weight_decay": 0.05}], lr=_RATE
    )
    total, step = epochs * math.ceil(len(places) / _BATCH), 0
    student.train()
    for _ in range(epochs):
        for batch in batches(places, _BATCH, chance):
            for group in descent.param_groups:
                group["lr"] = _RATE * min(1, step / 200) * (1 - step / total)
            step += 1
            found = loss(batch)
            descent.zero_grad()
            found.backward()
            descent.step()
    student.eval()
