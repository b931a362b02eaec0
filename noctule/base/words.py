"""A text as the terms by which it is found: stems where a language has a stemmer, else the first letters of its words.

Scripts that put no spaces between words are cut into pairs of characters. Marks belong to letters, or Hindi falls apart.
Case and accents are taken away here and not in the database, so that every PostgreSQL finds the same.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Any

_regex: Any = import_module("regex")
_WORD: Any = _regex.compile(r"[\p{L}\p{M}\p{N}]+")
_UNSPACED: Any = _regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Mn}ー]+|[^\p{Han}\p{Hiragana}"
    r"\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]+"
)
_IS_UNSPACED: Any = _regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_PREFIX = 5
_LONGEST = 40  # characters of a term
_FIRST_ACCENT, _LAST_ACCENT = "\u0300", "\u036f"
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


def words_in(text: str) -> list[str]:
    """In lower case, with their accents; pairs of characters where there are no words."""
    found: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).lower()):
        if _IS_UNSPACED.search(word):
            found.extend(_pairs(word))
        else:
            found.append(word)
    return found


def terms_of(text: str, language: str | None) -> list[str]:
    return stems(words_in(text), language)


def stems(words: Sequence[str], language: str | None) -> list[str]:
    """One term for each word."""
    stemmer = _stemmer(language or "en")
    if stemmer is None:
        return [folded(word)[:_PREFIX] if len(word) > 2 else folded(word) for word in words]
    return [folded(word)[:_LONGEST] for word in stemmer.stemWords(list(words))]


def folded(word: str) -> str:
    """Without the accents of Latin, Greek and Cyrillic; the marks of other scripts are letters and stay."""
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFD", word)
    plain = "".join(one for one in apart if not _FIRST_ACCENT <= one <= _LAST_ACCENT)
    return unicodedata.normalize("NFC", plain).replace("ı", "i").replace("ß", "ss")


def slips(word: str, letters: Iterable[str]) -> set[str]:
    """All that one slip of the fingers away from a word: a letter too few, too many, wrong, or two exchanged."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {head + tail[1:] for head, tail in cuts if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    for letter in letters:
        found |= {head + letter + tail for head, tail in cuts}
        found |= {head + letter + tail[1:] for head, tail in cuts if tail}
    return found - {word}


def _pairs(word: str) -> Iterator[str]:
    for part in _UNSPACED.findall(word):
        if _IS_UNSPACED.search(part) and len(part) > 1:
            yield from (part[place : place + 2] for place in range(len(part) - 1))
        else:
            yield part


@cache
def _stemmer(language: str) -> Any:
    name = _STEMMERS.get(language)
    snowball: Any = import_module("Stemmer")
    return snowball.Stemmer(name) if name in snowball.algorithms() else None
