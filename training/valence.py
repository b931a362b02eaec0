"""How single words feel: rated words (VADER's lexicon, MIT) teach a map from MiniLM's vectors, which rates the others."""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from noctule.analysis.tokens import plain
from training.minilm import WordVectors

_COMMON = 3000  # frequent words without a rating count as feeling nothing
_FAINT = 0.35  # below this an induced valence is none
_RARE = 1e-3


@dataclass(frozen=True)
class Valences:
    words: list[str]
    numbers: np.ndarray


def rated(lexicon: Path) -> dict[str, float]:
    """Word → −4..4, as people rated it."""
    found: dict[str, float] = {}
    for line in lexicon.read_text().splitlines():
        parts = line.split("\t")
        if len(parts) > 1:
            found.setdefault(parts[0].lower(), float(parts[1]))
    return found


def induce(folder: Path, lexicon: Path, texts: list[list[str]]) -> Valences:
    """Rated words keep their rating; of the others those that MiniLM knows as whole words get one by likeness."""
    known = rated(lexicon)
    vectors = WordVectors(folder)
    counts = Counter(plain(token) for tokens in texts for token in tokens)
    whole = {word for word in vectors.vocabulary if word.isalpha() and len(word) > 1}
    words = sorted(
        whole | {word for word in known if word.isalpha()} | {w for w, n in counts.items() if n > 4 and w.isalpha()}
    )
    place = {word: at for at, word in enumerate(words)}
    x = vectors.of(words)
    x = x - x.mean(0)
    teachers = [word for word in words if word in known]
    quiet = [word for word, _ in counts.most_common(_COMMON) if word in place and word not in known]
    a = x[[place[word] for word in teachers + quiet]]
    b = np.array([known[word] for word in teachers] + [0.0] * len(quiet))
    slope = np.linalg.solve(a.T @ a + np.eye(a.shape[1]), a.T @ b)
    guessed = x @ slope * 0.75
    total = sum(counts.values())
    weight = np.array([_RARE / (_RARE + counts[word] / total) for word in words])
    guessed = np.where(np.abs(guessed) < _FAINT, 0.0, guessed) * weight
    valence = np.array([known.get(word, guess) for word, guess in zip(words, guessed, strict=True)])
    others = {word: score for word, score in known.items() if word not in place} | _emoji(known)
    return Valences([*words, *others], np.array([*valence, *others.values()]))


def _emoji(known: dict[str, float]) -> dict[str, float]:
    """An emoji feels as the words of its Unicode name."""
    found: dict[str, float] = {}
    for code in (*range(0x2600, 0x27C0), *range(0x1F300, 0x1FAFF)):
        name = unicodedata.name(chr(code), "").lower().replace("-", " ").split()
        values = [known[word] for word in name if word in known]
        if values:
            found[chr(code)] = sum(values)
    return found | {"👍": 2.0, "👎": -2.0, "😡": -2.5, "🙄": -1.5, "😂": 1.2, "🤣": 1.2, "😭": -1.2, "🙏": 1.2, "🎉": 2.2,
                    "💯": 1.8, "🔥": 1.2, "😤": -1.8, "🤬": -3.0, "😒": -1.8, "😑": -1.0, "🤦": -1.6, "💩": -1.6, "👏": 1.8,
                    "❤": 2.6, "😍": 2.8, "😊": 2.2, "🙂": 1.0, "😀": 2.0, "😃": 2.0, "😄": 2.0, "😁": 2.0, "😎": 1.6, "🥰": 2.8,
                    "😞": -2.0, "😔": -1.8, "😢": -2.0, "😠": -2.4, "☹": -2.0, "🙁": -1.6, "😕": -1.2, "😩": -1.8, "😫": -1.8, "💔": -2.4}  # fmt: skip
