"""What is made of a few thousand examples, so that the small net hears many wordings: other words, typos, halves, joined ones."""

import random
import re
from collections.abc import Mapping, Sequence

import numpy as np

_WORD = re.compile(r"[A-Za-z']+")
_CLAUSE = re.compile(r"(?<=[.!?,;])\s+|\s+(?=(?:but|and|because|so|since|or|if|when)\b)")
_JOINED = (". ", " ", ", ", "\n", "! ", " - ", ". And ", " but ", " and ", ". Also ")
_NEAR = 12  # words that may stand for one
_LIKE = 0.5  # how like they must be
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}\b")  # within a sentence
_RENAMED = 0.3
_FIRST = (
    "b",
    "br",
    "d",
    "f",
    "gl",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "st",
    "t",
    "tr",
    "v",
    "z",
    "nd",
    "lt",
    "rm",
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def neighbours(words: Sequence[str], vectors: np.ndarray) -> dict[str, list[str]]:
    """Of each word those of most likeness."""
    rows = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    found: dict[str, list[str]] = {}
    for start in range(0, len(words), 512):
        likeness = rows[start : start + 512] @ rows.T
        for word, one in zip(words[start : start + 512], likeness, strict=True):
            best = np.argpartition(-one, _NEAR)[: _NEAR + 1]
            found[word] = [words[at] for at in best if one[at] > _LIKE and words[at] != word]
    return found


def plainly(text: str, chance: random.Random) -> str:
    """As it may also be typed: small letters, no marks, a slip of the finger. What it says stays."""
    if chance.random() < 0.4:
        text = text.lower()
    if chance.random() < 0.3:
        text = re.sub(r"[.,;!]+(?=\s|$)", "", text)
    if chance.random() < 0.15:
        text = text.replace("'", "")
    if chance.random() < 0.3:
        text = _slip(text, chance)
    return text


def _slip(text: str, chance: random.Random) -> str:
    at = chance.randrange(max(1, len(text)))
    if not text[at : at + 2].isalpha():
        return text
    kind = chance.randrange(4)
    swapped = text[at + 1 : at + 2] + text[at]
    middle = (
        swapped,
        text[at],
        text[at : at + 2] + text[at + 1 : at + 2],
        chance.choice(_LETTERS) + text[at + 1 : at + 2],
    )
    return text[:at] + middle[kind] + text[at + 2 :]


def reworded(text: str, near: Mapping[str, Sequence[str]], words: Sequence[str], chance: random.Random) -> str:
    """Some of its words exchanged, mostly for one that is like it."""
    much = chance.choice((0.1, 0.2, 0.35))

    def other(match: re.Match[str]) -> str:
        drawn = chance.random()
        if drawn > much:
            return match[0]
        if drawn < 0.12 * much:
            return chance.choice(words)
        if drawn < 0.2 * much:
            return ""
        return chance.choice(near.get(match[0].lower()) or [match[0]])

    return _WORD.sub(
        other, _NAME.sub(lambda match: _invented(chance) if chance.random() < _RENAMED else match[0], text)
    )


def _invented(chance: random.Random) -> str:
    """A name that nobody bears."""
    return "".join(chance.choice(_FIRST) + chance.choice("aeiou") for _ in range(chance.choice((2, 2, 3)))).capitalize()


def joined(one: str, other: str, chance: random.Random) -> str:
    first, second = (one, other) if chance.random() < 0.5 else (other, one)
    between = chance.choice(_JOINED)
    return first.rstrip(" .") + between + second if between.strip() else f"{first}{between}{second}"


def part(text: str, chance: random.Random) -> str:
    """Some of its clauses, in their order."""
    clauses = _CLAUSE.split(text)
    if len(clauses) < 2:
        words = text.split()
        middle = max(1, len(words) // 2)
        return " ".join(words[:middle] if chance.random() < 0.5 else words[middle:])
    start = chance.randrange(len(clauses))
    return " ".join(clauses[start : start + chance.randint(1, max(1, len(clauses) - 1))])
