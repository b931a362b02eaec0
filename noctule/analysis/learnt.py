"""What two small nets tell: seven things of a user's message, and one of nine of an answer. Each with its chance.

The file holds numbers and plain text, nothing that could run. docs/models/flags.md says what it was made from and how to make it again.
"""

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import exp
from pathlib import Path

import msgspec

from noctule.analysis.net import Layers, Net, Pair, PairLayers, Vocabulary, Words
from noctule.analysis.tokens import all_tokens_of

FILE = Path(__file__).parent / "data" / "flags.bin"
FLAGS = (
    "churn_risk", "frustrated_user", "buying_signal", "competitor_mention", "urgent_request", "confused_user", "escalation",
)  # fmt: skip
READ = 4000  # characters of a message
_PIECE, _STEP = 60, 40  # words that are read at once, and from one such piece to the next
_CLAUSE = re.compile(
    r"(?<=[.!?…,;:])\s+|\s+[–—-]+\s+|\n+|\s+(?=(?:but|and|because|so|or|if|when|since|while|which)\b)", re.IGNORECASE
)
_CLAUSES = 40  # more are not weighed one by one
_FEW = 3  # words that are no clause by themselves
_LONG, _TOLD, _ON = 60, 9, 3  # a clause of more characters is told by so many of its words, looked for by so many on
_WORD = re.compile(r"\S+")


class Weights(msgspec.Struct):
    vocabulary: Vocabulary
    flags: Layers
    thresholds: list[float]  # chances from which on a flag is raised
    behaviors: PairLayers


class Model:
    def __init__(self, weights: Weights) -> None:
        words = Words(weights.vocabulary)
        self._net, self._pair = Net(words, weights.flags), Pair(words, weights.behaviors)
        self.thresholds = dict(zip(FLAGS, weights.thresholds, strict=True))

    def chances(self, text: str) -> dict[str, float]:
        """Of each flag. English text in; of a long one what its most telling piece says."""
        best = [max(found) for found in zip(*map(self._net.logits, _pieces(text)), strict=True)]
        return {name: 1 / (1 + exp(-logit)) for name, logit in zip(FLAGS, best, strict=True)}

    def wants_person(self, chances: Mapping[str, float]) -> bool:
        return chances["escalation"] >= self.thresholds["escalation"]

    def carrier(self, text: str, name: str) -> str:
        """The clause that says it most by itself; of a long one some words in a row."""
        clauses = [text[start:end] for start, end in _clauses(text[:READ])][:_CLAUSES] or [text]
        best = self._most_telling(clauses, name).strip(" ,;:\n")
        told = best if len(best) <= _LONG else self._most_telling(_in_a_row(best), name)
        return told.rstrip(" .,;:\n")

    def _most_telling(self, texts: Sequence[str], name: str) -> str:
        return max(texts, key=lambda text: self.chances(text)[name]) if len(texts) > 1 else texts[0]

    def behaviors(self, asked: str, said: str, form: Sequence[float]) -> list[float]:
        """The chance of each, in the order of `BEHAVIORS`. `form` is what can be counted."""
        logits = self._pair.logits(all_tokens_of(asked), all_tokens_of(said), form)
        most = max(logits)
        parts = [exp(logit - most) for logit in logits]
        return [part / sum(parts) for part in parts]


@cache
def model() -> Model:
    return Model(msgspec.msgpack.decode(zlib.decompress(FILE.read_bytes()), type=Weights))


def _pieces(text: str) -> Iterator[Sequence[str]]:
    tokens = all_tokens_of(text[:READ])
    for start in range(0, max(1, len(tokens) - _PIECE + _STEP), _STEP):
        yield tokens[start : start + _PIECE]


def _in_a_row(clause: str) -> list[str]:
    words = [(word.start(), word.end()) for word in _WORD.finditer(clause)] or [(0, len(clause))]
    starts = range(0, max(1, len(words) - _TOLD + _ON), _ON)
    return [clause[words[start][0] : words[start : start + _TOLD][-1][1]] for start in starts]


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    """Each with where it starts and where it ends; one of a word or two belongs to the next."""
    start = 0
    ends = [(gap.start(), gap.end()) for gap in _CLAUSE.finditer(text)]
    for end, following in [*ends, (len(text), len(text))]:
        whole = end == len(text) or len(text[start:end].split()) >= _FEW
        if whole and text[start:end].strip():
            yield start, end
        start = following if whole else start
