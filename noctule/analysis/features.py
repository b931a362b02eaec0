"""What the sentiment model sees of a text. Training and judging share this file, so they cannot drift apart.

Two kinds. Hashed ones name a word (with a mark when it is negated), a pair of words, or a run of three to five letters.
Dense ones are figures over the valences of the words: how glad, how sad, where, and how loudly it is said.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from zlib import crc32

from noctule.analysis.tokens import plain

BITS = 18
_MASK = (1 << BITS) - 1
_RUNS = (3, 4, 5)
_RUN_WEIGHT = 0.3
NEGATIONS = frozenset(
    "no not never none nobody nothing neither nor cannot cant dont doesnt didnt wont isnt wasnt arent werent aint hardly "
    "barely without couldnt shouldnt wouldnt hasnt havent hadnt".split()
)
_STRONGER = frozenset(
    "very really extremely so absolutely totally incredibly super completely too truly highly deeply utterly".split()
)
_WEAKER = frozenset("slightly somewhat kinda bit little fairly rather mildly".split())
_TURNS = frozenset("but however although though yet".split())
# Words that mean something else together: the valence of the whole.
_IDIOMS = {
    tuple(words.split()): valence
    for valence, several in {
        -3.0: ["thanks for nothing", "not acceptable", "piece of junk", "waste of time", "waste of money", "rip off"],
        -2.2: ["fed up", "sick of", "had enough", "let down", "never again", "last straw", "not happy", "not satisfied", "no sense", "good luck with"],
        -1.8: ["doesn't work", "does not work", "not working", "didn't work", "did not work", "won't work", "stopped working", "give up", "still waiting", "not helpful", "no help",
               "didn't help", "doesn't help", "did not help", "still broken", "not what i", "nothing works", "yeah right", "just great", "of course it"],
        0.0: ["no thanks", "no thank you", "thanks anyway", "like to know", "like to book", "like to cancel", "would like to", "help me", "please help", "in case"],
        1.5: ["no problem", "no worries", "not bad", "no complaints", "can't complain", "not a problem"],
        2.2: ["can't wait", "like a charm", "works great", "well done", "thumbs up", "spot on", "top notch", "made my day", "saved my", "couldn't be happier", "never better", "second to none"],
    }.items()
    for words in several
}  # fmt: skip
_REACH = 4  # words that a negation reaches
DENSE = 14

Valence = Callable[[str], tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class Seen:
    """A token as the model takes it: its plain form, whether it is negated, and what it weighs."""

    word: str
    negated: bool
    valence: float


def bare(word: str) -> str:
    return word.replace("'", "")


def is_negation(word: str) -> bool:
    return word in NEGATIONS or word.endswith("n't")


def see(tokens: Sequence[str], valence_of: Valence) -> list[Seen]:
    """Each token with its valence here: turned round and weakened behind a negation, stronger behind `very`."""
    seen: list[Seen] = []
    reach, boost = 0, 1.0
    for token in tokens:
        word = plain(token)
        if is_negation(bare(word)) or is_negation(word):
            seen.append(Seen(word, negated=False, valence=0.0))
            reach, boost = _REACH, 1.0
            continue
        if word in _TURNS or not word[0].isalpha():
            reach = 0
        valence = valence_of(word)[0] * boost
        boost = 1.35 if word in _STRONGER else 0.7 if word in _WEAKER else 1.0
        if word in _STRONGER:
            valence = 0.0
        seen.append(Seen(word, negated=reach > 0, valence=-0.6 * valence if reach > 0 else valence))
        reach = max(0, reach - 1)
    for at in range(len(seen) - 1):
        for width in (3, 2):
            words = tuple(one.word for one in seen[at : at + width])
            if words in _IDIOMS:
                seen[at : at + width] = [Seen(word, negated=False, valence=0.0) for word in words]
                seen[at + len(words) - 1] = Seen(words[-1], negated=False, valence=_IDIOMS[words])
                break
    return seen


def word_features(word: str, *, negated: bool) -> list[tuple[int, float]]:
    """Places in the table of weights, and how much each counts."""
    form = bare(word)
    found = [(_place("w" + form), 0.5 if negated else 1.0)]
    if negated:
        found.append((_place("n" + form), 1.0))
    if len(form) > 2 and form.isalpha():
        edged = f"<{form[:24]}>"
        for length in _RUNS:
            found += [(_place("c" + edged[at : at + length]), _RUN_WEIGHT) for at in range(len(edged) - length + 1)]
    return found


def pair_place(first: str, second: str) -> int:
    return _place(f"b{first} {second}")


def _place(name: str) -> int:
    return crc32(name.encode()) & _MASK


def scale(count: int) -> float:
    """By which the sum of the hashed features is multiplied: long texts do not shout down short ones."""
    return 1 / sqrt(count + 1)


def dense_features(tokens: Sequence[str], seen: Sequence[Seen], valence_of: Valence) -> list[float]:
    values = [one.valence for one in seen]
    glad = sum(value for value in values if value > 0)
    sad = -sum(value for value in values if value < 0)
    width = sqrt(sum(1 for value in values if value) + 2)
    turn = max((at for at, one in enumerate(seen) if one.word in _TURNS), default=None)
    told = [valence_of(one.word) for one in seen]
    count = len(seen) + 1
    loud = sum(1 for token in tokens if len(token) > 2 and token.isupper()) / count
    calls = min(sum(token.count("!") for token in tokens), 4) / 4
    asks = 1.0 if any("?" in token for token in tokens[-2:]) else 0.0
    balance = (glad - sad) / (glad + sad + 1)
    return [
        (glad - sad) / width,
        glad / width,
        sad / width,
        balance,
        sum(values[-3:]) / 3,
        max(values, default=0.0),
        min(values, default=0.0),
        sum(pos for _, pos, _ in told) / sqrt(count),
        sum(neg for _, _, neg in told) / sqrt(count),
        calls,
        calls * balance,
        asks,
        loud * balance,
        0.0 if turn is None else sum(values[turn:]) / width,
    ]
