"""Words that say nothing about what a question is about, and how a question leans on the one before."""

import re
from collections.abc import Mapping

_FUNCTION = frozenset(
    """
    a about again all also am an and any anything are as at be because been but by can cannot could did do does doing don
    else for from get give go got had has have he her here hers him his how i if in into is it its just know let like may
    me might mine more most much must my need no not now of off on one only or other our ours out over own please put s
    same say she should show so some something still such t tell than that the their them then there these they thing
    things this those to too under until up us use using very want was way we were what when where whether which while
    who whom whose why will with without won would yes you your yours
    aber als am an auch auf aus bei bin bis bist da das dass dein dem den denn der des die doch dort du ein eine einem
    einen einer eines er es für geht gibt hat habe haben hier ich ihr im in ist kann kein keine man mein mich mir mit
    muss nach nicht noch nur oder ohne sie sind so und uns unser von vor was wann warum weil welche wenn wer werden wie
    wieso wir wird wo zu zum zur über
    au aux avec ce ces cette comment dans de des du elle en est et il ils je la le les leur ma mais me mes mon ne nous on
    ou où par pas pour pourquoi quand que quel quelle qui quoi sa se ses son sur ta te tu un une vos votre vous à
    al como con cuando cuál cómo de del donde dónde el ella en es esta este esto la las lo los me mi no nos o para pero
    por porque que qué quien quién se si sin son su sus te tu un una y ya
    а без бы в вам вас вы где да для до его ее если есть еще же за и из или их к как какой когда кто ли мне мой мы на не
    него нет но о об он она они от по почему при с со так такой там тебя то тот ты у уже чем что чтобы эта это я
    """.split()
)
_LEANS = re.compile(
    r"\b(it|its|they|them|their|that|this|these|those|he|she|there|then|one|ones|same|else|other|dort|davon|dafür|damit|"
    r"es|sie|cela|ça|eso|это|этого|там)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\s*(and|but|also|or|so|what about|how about|what if|and if|why|why not|und|aber|et|mais|pourquoi|y|pero|а|и|но)\b",
    re.IGNORECASE,
)
_FEW = 2  # words about something: fewer can hardly stand alone


_GREETS = re.compile(
    r"\W*(hi|hey|hello|good (morning|afternoon|evening|day)|hallo|guten (tag|morgen|abend)|moin|servus|bonjour|salut|hola|"
    r"buenos días|ciao|olá|привет|здравствуйте)( there| all)?\W*",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\W*(thanks?( you)?( so much| a lot| very much)?|thx|cheers|danke( schön| sehr)?|vielen dank|merci( beaucoup)?|"
    r"(muchas )?gracias|grazie|obrigad[oa]|спасибо|bye|goodbye)\W*",
    re.IGNORECASE,
)


def greets(text: str) -> bool:
    return _GREETS.fullmatch(text) is not None


def thanks(text: str) -> bool:
    return _THANKS.fullmatch(text) is not None


def about(weights: Mapping[str, float]) -> dict[str, float]:
    """Of the words of a question those that say what it is about. In a small index rarity says little: none is below 1."""
    return {word: max(1.0, weight) for word, weight in weights.items() if word not in _FUNCTION}


def leans_back(question: str, words: list[str]) -> bool:
    """Whether a question can hardly be understood without what was said before it."""
    subject = [word for word in words if word not in _FUNCTION]
    if not subject:
        return True
    return len(subject) <= _FEW and bool(_LEANS.search(question) or _GOES_ON.match(question))
