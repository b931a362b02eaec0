"""How the words of a text feel where they stand: turned round behind a negation, stronger behind `very`, some only together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from noctule.analysis.tokens import plain

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

Valence = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Seen:
    """A token: its plain form, whether it is negated, and what it weighs."""

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
        valence = valence_of(word) * boost
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


def leaning(seen: Sequence[Seen]) -> float:
    """The sum of the valences, by how many words have one."""
    felt = [one.valence for one in seen if one.valence]
    return sum(felt) / sqrt(len(felt) + 2)
