"""Text as the analysers read it: words, emoji and marks in their order, and sentences with their places."""

import re
from collections.abc import Iterator

LONGEST = 8_000  # characters read of one message: more changes nothing, and time stays bounded
_NOISE = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w-]{1,64}\.\S{1,64}|```.*?(?:```|\Z)|(?<!\w)@\w+", re.DOTALL
)
_TOKEN = re.compile(
    r"[^\W\d_]+(?:'[^\W\d_]+)*"  # words, with their apostrophes
    r"|[!?]+"
    r"|[:;=8][-o^']?[)(\]\[dDpP/\\|3*](?!\w)|<3|\^_\^|xD\b"  # emoticons
    r"|[\u2190-\u2bff\U0001f000-\U0001faff]"  # emoji and drawn signs
    r"|\.{2,}",
    re.UNICODE,
)
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
# A number is known by how long it is, as the word of one of that length.
_NUMBERS = ("5", "20", "300", "2000")
_WITH_NUMBERS = re.compile(rf"{_NUMBER.pattern}|{_TOKEN.pattern}", re.UNICODE)
_STRETCHED = re.compile(r"(.)\1{2,}")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")


def tokens_of(text: str) -> list[str]:
    """As they stand, in their own case; addresses, mentions and code are left out."""
    return _TOKEN.findall(_without_noise(text))


def all_tokens_of(text: str) -> list[str]:
    """With its numbers, each as one that stands for all of its length."""
    return [_number(token) for token in _WITH_NUMBERS.findall(_without_noise(text))]


def plain(token: str) -> str:
    """The form by which a word is known: small letters, and nothing stretched out further than twice."""
    low = token.lower()
    return _STRETCHED.sub(r"\1\1", low) if len(low) > 3 else low


def sentences_of(text: str) -> Iterator[tuple[int, str]]:
    """Each with where it starts, without the blanks around it."""
    start = 0
    read = text[:LONGEST]
    for gap in _SENTENCE_END.finditer(read):
        yield from _trimmed(read, start, gap.start())
        start = gap.end()
    yield from _trimmed(read, start, len(read))


def _without_noise(text: str) -> str:
    return _NOISE.sub(" ", text[:LONGEST].replace("’", "'"))


def _number(token: str) -> str:
    return _NUMBERS[min(len(token), len(_NUMBERS)) - 1] if token[0].isdecimal() else token


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    sentence = text[start:end]
    bare = sentence.strip()
    if bare:
        yield start + sentence.index(bare), bare
