"""One line for a conversation, in the words of the user, and which of some general intents it has.

Nothing is written anew: a title is the first message that says what it is about, cut at a word.
"""

import re
from collections.abc import Sequence

from noctule.analysis.dialogue import Heard
from noctule.analysis.phrases import pattern

LONGEST = 80  # characters
_GREETING = re.compile(
    r"^\W*(?:(?:hi|hello|hey|hai|good (?:morning|afternoon|evening|day)|greetings|dear \w+|hallo|hola|bonjour|ciao|olá)\b(?: there| all| team| everyone)?[\s,!.:;-]*)+",
    re.IGNORECASE,
)
_ASK = re.compile(
    r"\?|\b(?:need|want|like to|looking for|help|problem|issue|error|cannot|can't|doesn't|does not|won't|how|why|where|when|please|cancel|refund|book|change|order)\b",
    re.IGNORECASE,
)
_ANSWERS = re.compile(  # answers, thanks, and who it is that speaks
    r"^\W*(?:(?:yes|yeah|yep|no|nope|ok(?:ay)?|sure|fine|thanks?|thank you)\b(?! (?:in advance|for))|my name(?: is|'s)\b[^.!?,]*$|(?:i am|i'm|im|this is|it's) [\w.]+[.!]?\s*$)",
    re.IGNORECASE,
)
_INTENTS = [
    ("talk_to_person", pattern(r"(?:speak|talk|chat)(?: \w+){0,3} (?:to|with) (?:an? |the |your |some)?(?:\w+ )?(?:human|person|agent|representative|manager|supervisor|someone|operator)", r"human agent", r"real person", r"customer service rep\w*")),
    ("cancel", pattern(r"cancel\w*", r"terminate", r"unsubscribe", r"close (?:my|the|our) (?:account|card)", r"delete (?:my|the|our) account")),
    ("refund", pattern(r"refund\w*", r"money back", r"reimburse\w*", r"charge ?back", r"return (?:this|my|the|it|an?|these)")),
    ("report_problem", pattern(r"(?:doesn't|does not|don't|isn't|not|won't|stopped) work\w*", r"error", r"crash\w*", r"broken", r"bug", r"fail(?:s|ed|ing)?", r"stuck", r"problem", r"issue", r"can't (?:log|sign|access|open|find|connect)", r"stolen", r"fraud\w*", r"lost (?:my|the|a)", r"damaged", r"missing")),
    ("account_access", pattern(r"password", r"log ?in", r"sign ?in", r"locked out", r"pin", r"two[- ]factor", r"verif\w+ (?:my|the|code)", r"username", r"access (?:my|the) account")),
    ("pricing", pattern(r"pric(?:e|es|ing)", r"how much", r"cost\w*", r"quote", r"discount\w*", r"fees?", r"cheap\w*", r"plans?")),
    ("billing", pattern(r"bill\w*", r"invoice\w*", r"charged?", r"payment\w*", r"pay", r"balance", r"statement", r"transfer\w*", r"transaction\w*", r"credit card")),
    ("order_status", pattern(r"where(?:'s| is) my", r"order (?:no\.? ?|number |#)?\d+", r"in transit", r"track\w*", r"status", r"deliver\w*", r"shipp\w+", r"arriv\w+", r"eta")),
    ("book", pattern(r"book\w*", r"reserv\w+", r"appointment", r"schedul\w+", r"table for", r"order\w*", r"buy", r"purchas\w+", r"rent")),
    ("change", pattern(r"chang\w+", r"updat\w+", r"modif\w+", r"edit", r"switch", r"upgrad\w+", r"reschedul\w+", r"move my")),
    ("complaint", pattern(r"complain\w*", r"unacceptable", r"terrible", r"disappoint\w+", r"ridiculous", r"worst", r"rude")),
    ("feedback", pattern(r"suggest\w*", r"feedback", r"would be (?:nice|great) if", r"feature request", r"love (?:this|your|the)", r"great (?:job|work|service)")),
    ("recommendation", pattern(r"recommend\w*", r"suggestion\w*", r"looking for an? (?:good|nice)", r"what (?:should|would) (?:i|you)", r"best", r"any ideas")),
    ("how_to", pattern(r"how (?:do|can|to|would|should|does)", r"steps", r"instructions", r"explain", r"set ?up", r"guide", r"tutorial", r"configure")),
    ("information", pattern(r"what(?:'s| is| are| time| day)?", r"who", r"when", r"where", r"which", r"is (?:there|it)", r"are (?:there|you)", r"do (?:you|i)", r"does", r"tell me", r"know")),
]  # fmt: skip

INTENTS = (*(name for name, _ in _INTENTS), "other")


def opening(heard: Sequence[str]) -> str:
    """The first message that says something of its own, else the first that says anything."""
    said = [bare for text in heard[:6] if (bare := _without_greeting(text))]
    own = [one for one in said if len(one.split()) >= 3 and not _ANSWERS.match(one)]
    return next(iter([*own, *said]), heard[0] if heard else "")


def title_of(heard: Sequence[str]) -> str | None:
    """The sentence of the opening that asks for something; at most 80 characters."""
    said = " ".join(opening([text[:2000] for text in heard]).split())
    if not said:
        return None
    sentences = re.split(r"(?<=[.!?])\s+", said)
    own = [one for one in sentences if len(one.split()) > 2 and not _ANSWERS.match(one)] or sentences
    chosen = next((one for one in own if _ASK.search(one)), own[0])
    return cut(chosen[:1].upper() + chosen[1:])


def summary_of(heard: Sequence[str], ending: str | None) -> str | None:
    """The opening as it was said, and how it ended: one line."""
    said = " ".join(opening([text[:2000] for text in heard]).split())
    if not said:
        return None
    return cut(said, LONGEST if ending is None else LONGEST - len(ending) - 3) + (f" ({ending})" if ending else "")


def intent_of(heard: Sequence[Heard]) -> tuple[str, float]:
    """A general one, and how sure: the wording of the opening decides, later messages help."""
    said = opening([one.text[:2000] for one in heard]).lower()
    for place, (name, ways) in enumerate(_INTENTS):
        if ways.search(said):
            return name, 0.7 if place < 8 else 0.55
    for name, ways in _INTENTS[:10]:
        if any(ways.search(one.small[:500]) for one in heard[:8]):
            return name, 0.4
    return "other", 0.2


def cut(text: str, longest: int = LONGEST) -> str:
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:-")[: longest - 1] + "…"


def _without_greeting(text: str) -> str:
    return _GREETING.sub("", text.strip()).strip()
