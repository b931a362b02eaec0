"""Names of topics without a model: phrases that its conversations share and others do not have.

A phrase of one to three words counts by the share of the topic's conversations that hold it, by how much rarer it is
elsewhere, and a little more when it is longer. The name begins with the best one and takes up to two words beside it that
stand where the others do not. Forms of a word are one word; words that only keep a dialogue going never make a name.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import chain, count
from math import log

from noctule.analysis.topics.stopwords import DIALOGUE, LINKS
from noctule.base.words import stems

MOST = 6  # phrases of a topic
_LONGEST = 3  # words
_READ = 300  # conversations of a topic; more tell no more
_OPENING = 3  # messages
_LEAST_SHARE = 0.04
_BESIDE = (0.25, 0.3)  # as often as the first of a name, for a second and a third one
_TOLD = 0.9  # of the conversations hold a word of the name: it says enough
_HELD_ALREADY = 0.25  # what a conversation counts for a word when it holds the name as it is
_LEAST_LIFT = 1.5  # as common as elsewhere, to stand in a name
_TOGETHER = 0.5  # of the conversations with the rarer of two words hold them side by side: they are one phrase
_PART = re.compile(r"[.,;:!?\n()\"“”]+")
_WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’-](?=[^\W_]))*")
_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*|\S*\d\S*")
_INTRODUCED = re.compile(r"\b(?:name(?:'s|s)? is|name'?s|this is|i am|i'm|call me|dr\.?|mr\.?|mrs\.?|ms\.?)\s+([^\W\d_]+)(?:\s+([A-Z][^\W\d_]+))?", re.IGNORECASE)  # fmt: skip
Held = dict[str, str]  # the phrases of a conversation: by their stems, as they are said


def names_of(texts: Sequence[str], groups: Sequence[Sequence[int]], taken: Collection[str] = ()) -> list[list[str]]:
    """The phrases of each group of places in `texts`, the most telling first; no two groups begin with the same."""
    people = _people(texts)
    held = [[_phrases(_opening(texts[place]), people) for place in group[:_READ]] for group in groups]
    within = [Counter(chain.from_iterable(many)) for many in held]
    everywhere: Counter[str] = sum(within, Counter[str]())
    said = _commonest_forms(chain.from_iterable(held))
    used = {name.casefold() for name in taken}
    found: list[list[str]] = []
    for many, counted in zip(held, within, strict=True):
        ranked = _telling(counted, everywhere, members=len(many), total=sum(map(len, held)))
        parts = _name(ranked, many, counted=counted, everywhere=everywhere)
        if not parts:
            found.append([])
            continue
        others = [said[one] for one in ranked if not any(set(one.split()) <= set(part.split()) for part in parts)]
        name = _unused([said[part] for part in parts], others, used)
        used.add(title(name).casefold())
        found.append([name, *others][:MOST])
    return found


def _name(ranked: Sequence[str], many: Sequence[Held], *, counted: Counter[str], everywhere: Counter[str]) -> list[str]:
    """The best phrase, and words that reach the conversations without it; the broader ones first."""
    parts = list(ranked[:1])
    near = [one for one in ranked[1 : MOST + 2] if " " not in one]
    for least in _BESIDE:
        rest = [held for held in many if not any(part in held for part in parts)]
        alone = len(parts) == 1 and " " not in parts[0]  # one word says little, however common
        if not near or not (alone or len(rest) > (1 - _TOLD) * len(many)):
            break
        reach = {one: sum(one in held for held in rest) + _HELD_ALREADY * counted[one] for one in near}
        best = max(near, key=reach.__getitem__)
        if counted[best] < least * counted[parts[0]]:
            break
        parts = _joined(parts, best, counted)
        near.remove(best)
    return sorted(parts, key=lambda one: -everywhere[one])


def _joined(parts: list[str], word: str, counted: Counter[str]) -> list[str]:
    """Words that mostly stand side by side are said so: a musical keyboard, not a keyboard and something musical."""
    for place, part in enumerate(parts):
        both = max(f"{part} {word}", f"{word} {part}", key=counted.__getitem__)
        if counted[both] >= _TOGETHER * min(counted[part], counted[word]):
            return [*parts[:place], both, *parts[place + 1 :]]
    return [*parts, word]


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(one for one in (", ".join(parts[:-1]), *parts[-1:]) if one)


def _commonest_forms(held: Iterable[Held]) -> dict[str, str]:
    """For each phrase the form in which it is mostly said."""
    forms = Counter(pair for one in held for pair in one.items())
    return dict(sorted(forms, key=lambda pair: (forms[pair], pair[1])))


def _unused(parts: Sequence[str], others: Sequence[str], used: Collection[str]) -> str:
    """No other topic's name: with one word more when it is, with a number when that does not help either."""
    name = _listed(parts)
    longer = (_listed([*parts, one]) for one in others)
    numbered = (f"{name} {number}" for number in count(2))
    return next(one for one in chain([name], longer, numbered) if title(one).casefold() not in used)


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
        lift = log(share / others) if share > _LEAST_LIFT * others else 0.0
        marks[phrase] = share**1.5 * lift**0.7 * (1 + 0.35 * phrase.count(" "))
    best = sorted((phrase for phrase, mark in marks.items() if mark > 0), key=lambda one: (-marks[one], one))
    return _without_repeats(best[:40])


def _without_repeats(phrases: Sequence[str]) -> list[str]:
    """Of phrases that say the same with more or fewer words, the first."""
    kept: list[set[str]] = []
    found: list[str] = []
    for phrase in phrases:
        words = set(phrase.split())
        if all(not (words <= other or other <= words) for other in kept):
            kept.append(words)
            found.append(phrase)
    return found


def _opening(text: str) -> str:
    """People say first what they want, and details later."""
    return "\n".join(text.split("\n")[:_OPENING])


def _phrases(text: str, people: Collection[str]) -> Held:
    """Each that begins and ends with a word that says something."""
    found: Held = {}
    for part in _PART.split(_ADDRESS.sub("\n", text).lower().replace("’", "'")):
        words = _WORD.findall(part)
        forms = stems([word.partition("'")[0] for word in words], "en")
        for start, word in enumerate(words):
            if _empty(word, people):
                continue
            for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
                last = words[end - 1]
                if not _empty(last, people) and all(
                    one in LINKS or not _empty(one, people) for one in words[start:end]
                ):
                    found[" ".join(forms[start:end])] = " ".join(words[start:end])
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
