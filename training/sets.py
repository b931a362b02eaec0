"""Reads the labelled sets from a folder given by the caller; see docs/models/sentiment.md for where they come from."""

import gzip
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")
CLASSES = ("negative", "neutral", "positive")
MEASURED = ("sst_dev", "tweeteval_val", "goemotions_dev", "sentiment_vader_nyt", "meld_train")


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    with gzip.open(folder / f"{name}.jsonl.gz", "rt") as lines:
        return [json.loads(line) for line in lines]


def own(name: str) -> list[dict[str, Any]]:
    """Examples that we wrote ourselves, beside this file."""
    path = Path(__file__).parent / "own" / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines() if line]


def some(chance: random.Random, of: Sequence[T], many: int) -> list[T]:
    """So many, or all where there are fewer: a small part of the sets is enough to try the whole way."""
    return chance.sample(of, min(many, len(of)))


def requests(folder: Path, many: int, chance: random.Random) -> list[str]:
    """So many of each set of plain requests."""
    return [
        one["text"] for name in ("clinc150_train", "banking77_train") for one in some(chance, rows(folder, name), many)
    ]


def spoken(folder: Path, many: int, chance: random.Random) -> list[str]:
    """What customers said early in a conversation."""
    said = [m["text"] for one in rows(folder, "multidogo_dev") for m in one["messages"][1:3]]
    return some(chance, [text for text in said if len(text.split()) > 3], many)


def training_dialogues(folder: Path) -> list[str]:
    """What users said in real dialogues, every other one: false alarms are counted on the rest."""
    return [
        message["text"]
        for name in ("star_dev", "multidogo_dev")
        for one in rows(folder, name)[1::2]
        for message in one["messages"]
        if message["role"] == "user" and message["text"].strip()
    ]


def licensed(folder: Path) -> list[str]:
    """Texts by which words are counted."""
    chance = random.Random(5)
    said = [one["text"] for one in rows(folder, "goemotions_train") if one["label"] in CLASSES]
    return [
        *said,
        *requests(folder, 4000, chance),
        *spoken(folder, 1500, chance),
        *(one["text"] for one in own("sentiment")),
    ]


def area(positive: Sequence[bool], scores: Sequence[float]) -> float:
    """Under the ROC curve; ties count half."""
    truth, values = np.asarray(positive, bool), np.asarray(scores, float)
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    many = truth.sum()
    return float((ranks[truth].sum() - many * (many + 1) / 2) / (many * (len(truth) - many)))


def sentiment_figure(found: Sequence[dict[str, Any]], scores: Sequence[float]) -> float:
    """Classes: the mean of two areas, negative against the rest and positive against the rest. Scores: Pearson's r."""
    if "score" in found[0]:
        return float(np.corrcoef([one["score"] for one in found], scores)[0, 1])
    negative = area([one["label"] == "negative" for one in found], [-score for score in scores])
    return (negative + area([one["label"] == "positive" for one in found], scores)) / 2
