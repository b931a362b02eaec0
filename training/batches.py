"""Texts as numbers, put together so that those of a batch are of similar length."""

import random

import torch
from torch import Tensor


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
