"""What the assistant did in a turn: one of nine, with how sure we are. Weak ones are hints, not verdicts.

`hallucinating` needs facts that we do not have: offline it is only said when the user denies the answer and the assistant
takes it back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from noctule.analysis.dialogue import Heard, Reply
from noctule.analysis.phrases import pattern

Behavior = Literal[
    "helpful", "yes_man", "dodging", "over_apologizing", "hallucinating", "redirecting", "verbose", "robotic", "other",
]  # fmt: skip

_AGREES = pattern(
    r"(?:you(?:'re| are)|that(?:'s| is)) (?:absolutely|totally|completely|so|quite|very|100%|entirely) (?:right|correct|true)", r"great (?:question|point|idea)",
    r"(?:absolutely|definitely|totally)[!,] (?:i|we|you|that)", r"i (?:completely|totally|fully|couldn't) agree", r"you're right", r"what a (?:great|brilliant|fantastic|wonderful) (?:idea|question|point|plan)",
    r"of course[!,] (?:anything|whatever)", r"whatever you (?:say|want|like)", r"as you wish", r"brilliant idea", r"excellent (?:idea|choice|point|thinking)",
)  # fmt: skip
_DODGES = pattern(
    r"it depends", r"hard to say", r"(?:i|we)(?:'d| would)? rather not", r"(?:can't|cannot|not able to|unable to) (?:comment|discuss|say|share|speculate|disclose|talk about|go into)",
    r"let's (?:talk about|focus on|move on|change)", r"(?:many|various|different|several) factors", r"there are many (?:ways|opinions|views)", r"as an ai", r"not (?:something|a topic) (?:i|we) can",
    r"i(?:'m| am) not (?:sure|certain|in a position)", r"why do you ask", r"that(?:'s| is) an interesting question", r"generally speaking", r"some (?:say|people say|might say)", r"cannot confirm or deny",
)  # fmt: skip
_APOLOGY = re.compile(r"\b(?:sorry|apolog\w+|forgive|regret\w*|my (?:bad|mistake|fault)|pardon)\b", re.IGNORECASE)
_SENDS_ON = pattern(
    r"(?:please |kindly |you (?:can|should|could|may|will need to|need to|must|'ll have to) |try (?:to )?)?(?:contact|reach out to|call|e-?mail|write to|get in touch with|speak (?:to|with)|talk to|ask) "
    r"(?:our |the |your |an? |my )?(?:\w+ )?(?:support|sales|customer|team|help ?desk|agent|bank|doctor|administrator|admin|department|provider|office|hotline|colleagues?|representative|manager|vendor|seller|store)",
    r"(?:visit|see|check|refer to|look at|go to|consult|have a look at) (?:our|the|your) (?:\w+ )?(?:website|web ?site|help (?:center|centre|page|pages)|faq|documentation|docs|knowledge base|manual|page|forum|terms|policy)",
    r"(?:transfer|connect|forward|redirect|hand)(?:ring|ing)? you (?:to|over)", r"outside (?:of )?(?:my|the) scope", r"submit a (?:ticket|request|form)", r"fill (?:in|out) the (?:\w+ )?form", r"our (?:\w+ )?team (?:will|can|handles)",
)  # fmt: skip
_CANNED = pattern(
    r"your (?:call|request|message|feedback|inquiry|enquiry|query|business) (?:is (?:very )?important|has been (?:received|noted|logged))", r"we value your", r"thank you for (?:contacting|reaching out|your (?:patience|inquiry|enquiry|message|feedback|interest|query))",
    r"is there anything else (?:i|we) can (?:help|assist)", r"i did(?:n't| not) (?:understand|get|catch) (?:that|your)", r"(?:please|kindly) (?:rephrase|select|choose one|provide (?:your|the|a valid))", r"as an automated",
    r"please select (?:one|an option|from)", r"input (?:not recogni[sz]ed|invalid)", r"invalid (?:input|option|command)", r"dear (?:valued )?customer", r"your (?:ticket|reference|case) number", r"your satisfaction is", r"error: \w+", r"does not compute",
)  # fmt: skip
_TAKES_BACK = pattern(
    r"(?:you're|you are) right,? (?:\w+ ){0,4}(?:sorry|apologi[sz]e|mistake|wrong|incorrect|was|made|that)", r"i (?:made|was) (?:a |an )?(?:mistake|error|wrong|mistaken|incorrect)", r"i (?:misspoke|made that up|misread|misremembered|gave you (?:the )?(?:wrong|incorrect))",
    r"(?:that|it|this|my (?:previous|last|earlier) (?:answer|statement|message|reply)) was (?:wrong|incorrect|inaccurate|not (?:correct|right|accurate))", r"i stand corrected", r"(?:does|do)(?:n't| not) (?:actually )?exist", r"apologi[sz]e for the (?:confusion|incorrect|inaccurate|wrong|error|misinformation)",
)  # fmt: skip
_DENIES = pattern(
    r"(?:that's|that is|this is|it's|thats) (?:not (?:true|right|correct|real|what)|wrong|false|incorrect|made up|a lie|nonsense)", r"(?:does|do)(?:n't| not) exist", r"you made (?:that|this|it) up", r"you(?:'re| are) (?:lying|wrong|mistaken|making)", r"no such", r"there(?:'s| is) no", r"not true", r"wrong",
)  # fmt: skip
_READ = 4000  # characters
_LONG = 130  # words; what is needed is longer only when much was asked


@dataclass(frozen=True, slots=True)
class Judged:
    value: Behavior
    confidence: float
    reason: str


def behavior_of(reply: Reply, asked: Heard | None) -> Judged:
    """`asked` is the user's turn before it. The first, most telling sign decides."""
    signs = chain(_manners(reply, asked), _evasions(reply), _forms(reply, asked), _service(reply))
    return next(signs, Judged("other", 0.4, "No sign of any of the eight."))


def _manners(reply: Reply, asked: Heard | None) -> Iterator[Judged]:
    denied = asked is not None and _DENIES.search(asked.text) is not None
    apologies = len(_APOLOGY.findall(reply.text[:_READ]))
    if denied and _TAKES_BACK.search(reply.text[:_READ]):
        yield Judged("hallucinating", 0.55, "The user denied an answer and the assistant took it back.")
    if apologies >= 2 or (apologies and reply.length < 9 and not reply.unable):
        times = "once" if apologies == 1 else f"{apologies} times"
        yield Judged("over_apologizing", min(0.9, 0.45 + 0.2 * apologies), f"Says sorry {times}, and little else.")
    if (denied or reply.length < 30) and not reply.unable and _AGREES.search(reply.text[:_READ]):
        yield Judged("yes_man", 0.6 if denied else 0.5, "Agrees before anything else.")


def _evasions(reply: Reply) -> Iterator[Judged]:
    if reply.done:
        return
    if reply.length < 60 and _SENDS_ON.search(reply.text[:_READ]):
        yield Judged("redirecting", 0.7, "Sends the user elsewhere.")
    if _DODGES.search(reply.text[:_READ]):
        yield Judged("dodging", 0.6, "Answers around the question.")


def _forms(reply: Reply, asked: Heard | None) -> Iterator[Judged]:
    words = asked.length if asked else 0
    if reply.length > _LONG and reply.length > 6 * words:
        why = f"{reply.length} words, where {words} had been asked."
        yield Judged("verbose", min(0.9, 0.4 + reply.length / 600), why)
    if reply.likeness > 0.85 and reply.length > 4 and not reply.closes:
        yield Judged("robotic", 0.65, "Says again what it had said before.")
    if not reply.done and reply.length < 25 and _CANNED.search(reply.text[:_READ]):
        yield Judged("robotic", 0.5, "A form of words, not an answer.")


def _service(reply: Reply) -> Iterator[Judged]:
    if reply.done:
        yield Judged("helpful", 0.7, "Does what was asked.")
    if reply.informs:
        yield Judged("helpful", 0.6, "Gives an answer.")
    if reply.asks:
        yield Judged("helpful", 0.45, "Asks for what it needs.")
