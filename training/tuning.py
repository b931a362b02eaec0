"""Teaches an encoder by a loss, and lets it read."""

import math
import random
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from training.batches import batches, padded
from training.encoder import FROZEN, Encoder, Text

_BATCH, _RATE, _HEADS_RATE = 32, 4e-5, 1e-3
_KEPT = 0.9  # of the rate, from each layer to the one below
_WARM = 0.06
Loss = Callable[[list[Tensor], list[int]], Tensor]  # of what the heads say of these texts


def fit(
    encoder: Encoder, texts: Sequence[Text], loss: Loss, chance: random.Random, *, epochs: int, planned: int = 0
) -> None:
    """The rate falls to nothing over the planned epochs, which may be more than there are."""
    layers = [
        {"params": encoder.layers[number].parameters(), "at_most": _RATE * _KEPT ** (5 - number)}
        for number in range(FROZEN, 6)
    ]
    heads = {"params": encoder.heads.parameters(), "at_most": _HEADS_RATE}
    descent = torch.optim.AdamW([heads, *layers], weight_decay=0.01)
    ids = encoder.read(texts)
    total, step = math.ceil(len(ids) / _BATCH) * (planned or epochs), 0
    encoder.train()
    for _ in range(epochs):
        for batch in batches(ids, _BATCH, chance):
            for group in descent.param_groups:
                group["lr"] = group["at_most"] * min(1, step / (_WARM * total)) * (1 - step / total)
            step += 1
            with torch.autocast("cpu", torch.bfloat16):
                said = encoder(padded([ids[one] for one in batch]))
            found = loss([one.float() for one in said], batch)
            descent.zero_grad()
            found.backward()
            descent.step()


def read(encoder: Encoder, texts: Sequence[Text]) -> np.ndarray:
    """What its first head says of each."""
    encoder.eval()
    ids = encoder.read(texts)
    order = sorted(range(len(ids)), key=lambda one: len(ids[one]))
    found: Tensor = torch.zeros(len(ids), encoder.heads[0].out_features)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), 64):
            batch = order[start : start + 64]
            found[batch] = encoder(padded([ids[one] for one in batch]))[0].float()
    return found.numpy()
