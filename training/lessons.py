"""The texts that the teacher reads to the small net: what people said, and what is made of it, so that rare words are heard too."""

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from noctule.analysis.tokens import plain, tokens_of
from training.sets import own, requests, rows, some, spoken
from training.valence import rated

_SEEN = 4  # times, for a word that no list has
_STRONG = 0.35  # a word that is felt so much by itself
_WORD = re.compile(r"[A-Za-z']+")
_BEFORE = ("very", "really", "so", "a bit", "not very", "never", "hardly")
_BETWEEN = (", ", " but ", " and ", ". ", " ")
_AS_SAID, _CHANGED, _MIXED, _HALVES = 16_000, 12_000, 2_000, 2_500  # of GoEmotions
_REQUESTS, _SPOKEN, _STAR, _PAIRS = 1_000, 800, 1_500, 5_000


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


def common_words(sets: Path, minilm: Path, lexicon: Path) -> list[str]:
    """What MiniLM knows as a whole word, what people rated, and what was said a few times."""
    said = [
        one["text"] for name in ("goemotions_train", "clinc150_train", "banking77_train") for one in rows(sets, name)
    ]
    counts = Counter(plain(token) for text in said for token in tokens_of(text))
    whole = {
        word
        for word in (minilm / "vocab.txt").read_text().split("\n")
        if word.isalpha() and word.isascii() and len(word) > 1
    }
    heard = {word for word, many in counts.items() if many > _SEEN and word[0].isalpha()}
    return sorted(whole | heard | {word for word in rated(lexicon) if word.isalpha()})


def lessons(sets: Path, words: Sequence[str], logits: np.ndarray, chance: random.Random) -> list[str]:
    said = [one["text"] for one in rows(sets, "goemotions_train")]
    strong = _strong(words, logits)
    texts = some(chance, said, _AS_SAID)
    texts += _changed(some(chance, said, _CHANGED), words, strong, chance)
    halves = [_half(text, chance) for text in some(chance, said, 2 * _MIXED + _HALVES)]
    texts += [
        f"{one}{chance.choice(_BETWEEN)}{two}"
        for one, two in zip(halves[:_MIXED], halves[_MIXED : 2 * _MIXED], strict=False)
    ]
    texts += halves[2 * _MIXED :]
    texts += requests(sets, _REQUESTS, chance) + spoken(sets, _SPOKEN, chance)
    star = [m["text"] for one in rows(sets, "star_dev") for m in one["messages"] if m["role"] == "user"]
    texts += some(chance, [text for text in star if len(text.split()) > 2], _STAR)
    texts += [one["text"] for one in own("sentiment")]
    texts += [
        f"{one} {two}" for one, two in zip(some(chance, words, _PAIRS), chance.choices(strong, k=_PAIRS), strict=False)
    ]
    texts += [f"not {word}" for word in strong] + [f"{chance.choice(_BEFORE)} {word}" for word in strong]
    chance.shuffle(texts)
    return texts


def _strong(words: Sequence[str], logits: np.ndarray) -> list[str]:
    chances = np.exp(logits - logits.max(1, keepdims=True))
    felt = (chances[:, 2] - chances[:, 0]) / chances.sum(1)
    return [word for word, one in zip(words, felt, strict=True) if abs(one) > _STRONG and len(word) > 2]


def _changed(texts: Sequence[str], words: Sequence[str], strong: list[str], chance: random.Random) -> list[str]:
    """Other words of feeling in place of those that stand there, and now and then any other word."""
    felt = set(strong)

    def other(match: re.Match[str]) -> str:
        if match[0].lower() in felt and chance.random() < 0.8:
            return chance.choice(strong)
        return chance.choice(words) if chance.random() < 0.06 else match[0]

    return [_WORD.sub(other, text) for text in texts]


def _half(text: str, chance: random.Random) -> str:
    words = text.split()
    middle = max(1, len(words) // 2)
    return " ".join(words[:middle] if chance.random() < 0.5 else words[middle:])
