"""A first, plain judgement of feeling: words and their negations, in English, with the words shown as the reason.

It knows some two hundred words and no irony. It is honest rather than clever: a message without such a word is
neutral, and a language it does not speak is not judged at all.
"""

import re
from collections.abc import Iterator

from noctule.analysis.models import Chunk

JUDGE = "rules-1"
LANGUAGES = frozenset({"en"})

_STRENGTH = {
    0.9: "amazing awesome brilliant excellent fantastic perfect perfectly wonderful superb outstanding delighted",
    0.6: "great love loved helpful impressed happy glad thrilled grateful pleased enjoy enjoyed best beautiful",
    0.4: "good nice thanks thank appreciate appreciated useful easy fast friendly works worked solved fixed cool fine",
    -0.4: "problem problems issue issues confusing confused difficult slow wrong missing unable worried late error "
    "errors unclear sorry unfortunately complicated delayed delay lost fail fails failed stuck",
    -0.6: "bad broken annoying annoyed disappointed disappointing frustrated frustrating unhappy upset useless poor "
    "crash crashes crashed unacceptable hate hated refuse refused rude angry mistake waste wasted",
    -0.9: "awful terrible horrible worst furious outrageous ridiculous disgusting disgusted scam fraud pathetic garbage "
    "nightmare incompetent",
}
_SCORES = {word: score for score, words in _STRENGTH.items() for word in words.split()}
_NEGATIONS = frozenset(
    "not no never isn't wasn't don't doesn't didn't won't can't couldn't without hardly aren't".split()
)
_REACH = 3  # words that a negation reaches
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_LONGEST = 20_000  # characters read of one message


def chunks_of(text: str) -> list[Chunk]:
    """One chunk per sentence that holds words of feeling. English text in; spans are characters of that text."""
    return [chunk for start, sentence in _sentences(text[:_LONGEST]) if (chunk := _judge(sentence, start)) is not None]


def score_of(chunks: list[Chunk]) -> float:
    """The mean of the chunks; a message without any is neutral."""
    return round(sum(chunk.score for chunk in chunks) / len(chunks), 4) if chunks else 0.0


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for gap in _SENTENCE_END.finditer(text):
        yield start, text[start : gap.start()]
        start = gap.end()
    yield start, text[start:]


def _judge(sentence: str, start: int) -> Chunk | None:
    found: list[tuple[str, float]] = []
    negated_for = 0
    for match in _WORD.finditer(sentence):
        word = match[0].lower().replace("’", "'")
        if word in _NEGATIONS:
            negated_for = _REACH
            continue
        score = _SCORES.get(word)
        if score is not None:
            found.append((f"not {word}", -score / 2) if negated_for else (word, score))
        negated_for = max(0, negated_for - 1)
    if not found:
        return None
    score = round(sum(value for _, value in found) / len(found), 4)
    words = ", ".join(f"“{word}” {value:+.1f}" for word, value in found[:5])
    trimmed = sentence.strip()
    offset = start + sentence.index(trimmed)
    return Chunk(score, trimmed, offset, offset + len(trimmed), f"Words of feeling: {words}.")
