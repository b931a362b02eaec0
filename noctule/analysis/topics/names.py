"""Names of topics without a model: phrases that its conversations share and others do not have.

A phrase of one to three words counts by the share of the topic's conversations that hold it, by how much rarer it is
elsewhere, and a little more when it is longer. Words that only keep a dialogue going never make a name by themselves.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import chain, count
from math import log

from noctule.analysis.topics.stopwords import DIALOGUE, LINKS

MOST = 6  # phrases of a topic
_LONGEST = 3  # words
_READ = 300  # conversations of a topic; more tell no more
_OPENING = 3  # messages
_LEAST_SHARE = 0.04
_BESIDE = 0.4  # as often as the first word of a name, for a second one
_PART = re.compile(r"[.,;:!?\n()\"“”]+")
_WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’-](?=[^\W_]))*")
_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*|\S*\d\S*")
_INTRODUCED = re.compile(r"\b(?:name(?:'s|s)? is|name'?s|this is|i am|i'm|call me|dr\.?|mr\.?|mrs\.?|ms\.?)\s+([^\W\d_]+)(?:\s+([A-Z][^\W\d_]+))?", re.IGNORECASE)  # fmt: skip


def names_of(texts: Sequence[str], groups: Sequence[Sequence[int]], taken: Collection[str] = ()) -> list[list[str]]:
    """The phrases of each group of places in `texts`, the most telling first; no two groups begin with the same."""
    people = _people(texts)
    held = [[_phrases(_opening(texts[place]), people) for place in group[:_READ]] for group in groups]
    within = [Counter(phrase for one in many for phrase in one) for many in held]
    everywhere: Counter[str] = sum(within, Counter[str]())
    total = sum(len(many) for many in held)
    used = {name.casefold() for name in taken}
    found: list[list[str]] = []
    for many, counted in zip(held, within, strict=True):
        phrases = _paired(_telling(counted, everywhere, members=len(many), total=total), counted, everywhere)
        if phrases:
            first = _unused(phrases, used)
            used.add(title(first).casefold())
            phrases = [first, *(one for one in phrases if one != first)]
        found.append(phrases[:MOST])
    return found


def _paired(phrases: list[str], within: Counter[str], everywhere: Counter[str]) -> list[str]:
    """One word alone says little: it takes the commonest of the next words beside it, the broader of both first."""
    if not phrases or " " in phrases[0]:
        return phrases
    beside = [one for one in phrases[1:MOST] if " " not in one]
    second = max(beside, key=lambda one: within[one], default="")
    if within[second] < _BESIDE * within[phrases[0]]:
        return phrases
    pair = sorted([phrases[0], second], key=lambda one: -everywhere[one])
    return [" and ".join(pair), *(one for one in phrases[1:] if one != second)]


def _unused(phrases: Sequence[str], used: Collection[str]) -> str:
    """The first that is no other topic's name; when all are, the first with a number."""
    numbered = (f"{phrases[0]} {number}" for number in count(2))
    return next(one for one in chain(phrases, numbered) if title(one).casefold() not in used)


def title(phrase: str) -> str:
    """As people read it in a heading."""
    first, *others = phrase.split()
    return " ".join([_capital(first), *(word if word in LINKS else _capital(word) for word in others)])


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _telling(counted: Counter[str], everywhere: Counter[str], *, members: int, total: int) -> list[str]:
    least = max(2, members * _LEAST_SHARE)
    marks: dict[str, float] = {}
    for phrase, many in counted.items():
        if many < least:
            continue
        share, others = many / members, (everywhere[phrase] - many + 0.5) / (total - members + 1)
        lift = log(share / others) if share > others else 0.0
        marks[phrase] = share**1.5 * lift**0.7 * (1 + 0.35 * phrase.count(" "))
    best = sorted((phrase for phrase, mark in marks.items() if mark > 0), key=lambda one: (-marks[one], one))
    return _without_repeats(best[:40])


def _without_repeats(phrases: Sequence[str]) -> list[str]:
    """Of phrases that say the same with more or fewer words, the first."""
    kept: list[str] = []
    for phrase in phrases:
        stems = {_stem(word) for word in phrase.split()}
        if all(not (stems <= other or other <= stems) for other in ({_stem(w) for w in one.split()} for one in kept)):
            kept.append(phrase)
    return kept


def _stem(word: str) -> str:
    return re.sub(r"(?:ing|ed|es|s|e)$", "", word) if len(word) > 4 else word


def _opening(text: str) -> str:
    """People say first what they want, and details later."""
    return "\n".join(text.split("\n")[:_OPENING])


def _phrases(text: str, people: Collection[str]) -> set[str]:
    """Each that begins and ends with a word that says something."""
    found: set[str] = set()
    for part in _PART.split(_ADDRESS.sub("\n", text).lower().replace("’", "'")):
        words = _WORD.findall(part)
        for start, word in enumerate(words):
            if _empty(word, people):
                continue
            for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
                last = words[end - 1]
                if not _empty(last, people) and all(
                    one in LINKS or not _empty(one, people) for one in words[start:end]
                ):
                    found.add(" ".join(words[start:end]))
    return found


def _empty(word: str, people: Collection[str]) -> bool:
    stem = word.partition("'")[0]
    return len(stem) < 3 or word in DIALOGUE or stem in DIALOGUE or word in people


def _people(texts: Sequence[str]) -> set[str]:
    """Words that mostly stand where somebody says his name."""
    introduced: Counter[str] = Counter()
    for text in texts:
        for match in _INTRODUCED.finditer(text):
            introduced.update(word.lower() for word in match.groups() if word and word[0].isupper())
    if not introduced:
        return set()
    everywhere: Counter[str] = Counter()
    for text in texts:
        everywhere.update(word for word in _WORD.findall(text.lower()) if word in introduced)
    return {word for word, many in introduced.items() if many >= 0.25 * everywhere[word]}
