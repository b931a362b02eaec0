"""What a team wants to hear of at once: six flags of user messages, and a chatbot's own. Precision first.

A flag needs a phrase that says it, not a word that may. Each tells the phrase as its reason. A team may add words, phrases
and examples to any flag, or flags of its own, in `settings.analysis.definitions.flags`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from noctule.analysis.dialogue import Heard, content_words, likeness
from noctule.analysis.phrases import ANGRY, named, names_begin, pattern
from noctule.analysis.ways import BUYS, BUYS_NOT, COMPARES, COMPARES_NOT, HURRIES, LEAVES, STAYS
from noctule.chatbots import HIGHEST, FlagDefinition

SYSTEM = ("churn_risk", "frustrated_user", "buying_signal", "competitor_mention", "urgent_request", "confused_user")
_READ = 4000  # characters of a message
_ALIKE = 0.5  # how much of its words a message must share with an example

_US = r"(?:my |the |our |this |your )?(?:\w+ ){0,2}"
_PLAN = r"(?:subscription|account|plan|membership|contract|service|policy|services|trial|renewal|license|licence|card|insurance|premium|pro)"
# Well-known names say little alone; beside a comparison they say enough. A team names its own rivals as words of the flag.
_NAMES = (
    r"salesforce|zendesk|intercom|hubspot|freshdesk|drift|shopify|notion|trello|asana|monday\.com|jira|slack|mailchimp|wix|squarespace|stripe|paypal|square|dropbox|verizon|t-mobile|at&t|"
    r"vodafone|comcast|netflix|spotify|hulu|revolut|n26|chase|wells fargo|citibank|uber|lyft|airbnb|booking\.com|expedia|delta|united|ryanair|lufthansa|emirates|allianz|geico|progressive|"
    r"state farm|crisp|tidio|livechat|chatbase|voiceflow|botpress|dialogflow|chatgpt|openai|gemini|walmart|target|ebay|etsy|best buy|ikea|costco|amazon|google|microsoft|apple|samsung|"
    r"doordash|grubhub|instacart|fedex|ups|dhl|oracle|sap|servicenow|atlassian|gitlab|github|figma|canva|zoom|teams|webex"
)
_COMPARES = (
    r"cheaper|better|easier|faster|nicer|instead|than|compared?|switch\w*|migrat\w*|import|move[ds]?|moving|came from|cancell?ed|your|yours|offers?|offered|quote[ds]?|already has|"
    r"has no|out of the box|automatically|never had|for free|for less|lower|used before|using|looking at|lets me|loves it|would have|could get|same"
)
_RIVALS: tuple[str, ...] = (
        rf"(?:{_NAMES})\b(?=.{{0,80}}\b(?:do you|why don't you|you (?:let|made|took|charged?)|(?:you|to) replace)\b)", rf"(?:{_NAMES})\b(?=.{{0,120}}\b(?:{_COMPARES})\b)", rf"(?:{_COMPARES})\b.{{0,120}}\b(?:{_NAMES})", r"(?:your )?rivals?", r"every(?:one|body) else (?:in the market|offers|has|does|lets)", r"(?:a |an )?different (?:provider|insurer|bank|airline|carrier|vendor|supplier|tool|platform)", r"match (?:the )?prices? (?:with|of|at)", r"cheaper (?:on|at|with|elsewhere)(?: \w+)?",
        r"(?:your |the )?competit(?:or|ors|ion)(?:'s)?", r"(?:switch|switched|switching|migrat\w+|moved|moving|came|coming|changed)(?: \w+){0,3} (?:from|over from) (?!monday|tuesday|wednesday|thursday|friday|saturday|sunday|my |the |your |our |a |an |one |here|there|home|work|this|that|january|february|march|april|may|june|july|august|september|october|november|december|first|last|next|old|new)[a-z0-9]\w+", r"(?:better|cheaper|faster|easier|worse|more expensive|nicer|simpler) (?:at|with|on|from|than (?=[^.?!]*\b(?:you|your|this)\b)) ?(?:what )?(?-i:[A-Z])\w+(?! (?:i|we|you) )(?= |[.,!?]|$)", r"(?:you|your(?: \w+){1,3}|this|pricing|plan|price)(?: \w+){0,3} (?:compare[ds]?|comparison|differ|different|stack up|measure up|versus|vs\.?)(?: \w+){0,2} (?:to |with |against |from |than )?(?-i:[A-Z])[a-z]\w+", r"compared (?:to|with)(?: what)? (?-i:[A-Z])\w+(?=.{0,60}\byour?)", r"(?-i:[A-Z])\w+ (?:does|has|offers|gives|lets|can|supports|charges|is)(?: \w+){0,4} (?:better than (?:you|your|this)|cheaper|for free|for less|faster|half the price|that you don't|and you don't|natively|already)", r"other (?:providers?|vendors?|tools?|companies|banks|airlines|services|platforms|apps|brands|bots|carriers|insurers|suppliers)", r"another (?:provider|vendor|tool|company|bank|airline|platform|carrier|insurer|supplier|brand)", r"(?:why should i|why would (?:i|anyone)|reason to)(?: \w+){0,4} (?:instead of|over|rather than) (?-i:[A-Z])\w+", r"(?:alternative|alternatives) to (?:you|your)", r"(?:used|using|use|tried|trying|try|have|had)(?: to use)? (?!(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?-i:[A-Z])[a-z]\w+ (?:before|until|and it (?:was|is|works)|instead|which (?:was|is|works)|for years)",
    *COMPARES,
)  # fmt: skip
_RULES: dict[str, re.Pattern[str]] = {
    "churn_risk": pattern(
        r"(?:never|not|won't|don't|stop)(?: \w+){0,4} (?:order|buy|fly|shop|book|bank|work|stay|do business|deal)\w*(?: \w+){0,2} (?:with|from|at) (?:you|this (?:company|place|bank|airline|shop|store))(?: \w+)?", r"(?:consider\w*|think\w* (?:about|of)|thought about|plan\w* (?:to|on)|ready to|going to|want to|decided to) (?:leav\w+|quit\w*|drop\w*|cancel\w*|go(?:ing)? (?:somewhere else|elsewhere))(?! (?:it|my|the|a|for|work|home|at|on|one|this (?:order|booking|item|appointment|meeting)) (?:order|booking|item|appointment|meeting|house|bag|office)?)", r"go (?:somewhere else|elsewhere)", r"not (?:going to |gonna |planning to )?(?:extend\w*|renew\w*|continu\w+)(?: \w+){0,3}", r"(?:don't|do not) want to continue", r"cancell?ation notice", r"(?:reason|why i should(?:n't)?|convince me) not to (?:cancel|leave)", r"reconsider\w*(?: \w+){0,3} (?:contract|subscription|relationship|partnership|plan)", r"(?:i'm|i am|we're|we are) (?:out|leaving|gone)(?: at (?:the )?end\b.*)?(?=[.,!]|$)", r"(?:find|need|want)(?: \w+){0,2} (?:a )?replacement for (?:your|this|you)", r"pay (?:somebody|someone) else",
        rf"(?:cancel|cancell?ing|terminate|terminating|close|closing|delete|deleting|end|ending|discontinue|stop|stopping|quit|drop|dropping) {_US}{_PLAN}",
        r"(?:switch|switching|move|moving|going|go|change|changing|migrat\w+|leave|leaving)(?: over| us| you| everything)?(?: \w+){0,2} (?:to|for) (?:an?other(?! (?:day|time|date|address|room|seat|slot|week|month|table|size|color|colour|number|one|flight|page|city|hour|reason))|a different|your competitor|the competition|a competitor|someone else)\w*(?: \w+)?",
        r"(?:won't|will not|not|never|don't|isn't|aren't)(?: \w+){0,3} (?:renew|renewing|be back|come back|coming back|order again|buy(?:ing)? (?:from you )?again|use (?:you|this|your \w+) again|shop(?:ping)? here again|do business)",
        r"(?:looking|look|shopping|searching)(?: \w+){0,2} (?:for|at) (?:an |some |other |better |your |the )*alternatives?", r"(?:taking|take) (?:my|our) (?:business|money|custom) elsewhere", r"(?:leaving|leave|quitting|done with|finished with|ditch\w*) (?:you|you guys|your (?:company|service|product|app|platform|bank)|this (?:company|service|app|platform|product))",
        r"unsubscrib\w+", r"(?:want|need|like) (?:to |you to )?(?:cancel|terminate)(?: (?:it|everything|immediately|now|today|right away))", r"last (?:chance|straw|order|time (?:i|we)(?:'m| am|'re| are|'ll| will)? (?:order|buy|us|shop)\w*)", r"(?:you(?:'ve| have)? (?:just )?lost|losing) (?:a|me as a|another|my) (?:loyal |long-?time |good )?(?:customer|business|client)", r"had enough of (?:you|this|your)", r"we(?:'re| are) (?:re)?considering (?:leaving|our options|other (?:options|vendors|providers))", r"evaluating (?:other|alternative|different) (?:options|vendors|providers|tools)", r"not worth (?:the money|it any ?more|renewing|keeping|paying)", r"no (?:reason|point) (?:to stay|in staying|to keep paying|in (?:keeping|paying)|to renew|in renewing)", r"export (?:all )?(?:my|our) data (?:and|before i|before we|so i can|so we can) (?:leave|close|cancel|switch|move)",
    ),
    "buying_signal": pattern(
        r"price difference", r"(?:share|know|see|give|tell|need|have)(?: \w+){0,3} (?:your |the |any |\w+ )?pricing", r"(?:free|basic|current) (?:tier|plan|version)(?: \w+){0,2} (?:to|into) (?:an? |the )?(?:\w+ )?(?:paid|pro|premium|plus|business)\w*", r"(?:like|want|ready) to get started", r"sign (?:us|me) up(?! for (?:the|your) newsletter)", r"discount (?:if|for|when)(?: \w+){0,3} (?:commit|order|buy|years?|pay|annual\w*|prepay|more than)", r"before (?:i|we) (?:buy|purchase|commit|upgrade|subscribe)", r"sales (?:call|contact|team)", r"from sales", r"(?:enterprise|premium|business) package", r"roll (?:this|it|you) out", r"(?:if|when) (?:we|i) sign", r"accept (?:purchase orders|pos?)\b", r"comparing (?:your )?plans", r"(?:a |your |the )proposal", r"upgrade (?:mid|now|today|next|later|my plan|our plan|to)", r"become (?:a |your )?customers?",
        r"(?:want|like|ready|looking|love|interested|need|planning|hoping|going|decided|wish)(?:ed)? (?:to |in |us to )?(?:buy|buying|purchas\w+|upgrad\w+|subscrib\w+|sign(?:ing)? up|get(?:ting)? started with|order(?:ing)? (?:\d+|ten|twenty|fifty|more|licen[cs]es|seats)|add(?:ing)? (?:\w+ )?(?:seats|licen[cs]es|users))",
        r"(?:how much|what)(?: does| do| is| are| would| will)(?: \w+){0,5} (?:cost|price|pricing|charge|charged)", r"how much (?:is|are|for) (?:the|a|an|your) (?:\w+ ){0,3}(?:plan|subscription|licen[cs]e|package|edition|tier|version|seat|upgrade|membership|premium|enterprise|pro)", r"(?:send|get|give)(?: \w+){0,3} (?:a |an |your )?(?:quote|price list|proposal|offer|invoice for (?:the )?(?:upgrade|order))", r"(?:request|book|schedule|see|arrange|get)(?: \w+){0,2} (?:a |the |your )?(?:product |live |sales )?demo", r"(?:do you (?:have|offer)|is there|any|are there)(?: \w+){0,3} (?:volume|bulk|annual|student|nonprofit|non-profit|startup|educational|team) (?:discounts?|pricing|rates?|plan)", r"where (?:can|do) (?:i|we) (?:buy|purchase|order|sign up|upgrade|subscribe)", r"how (?:can|do) (?:i|we) (?:buy|purchase|upgrade|subscribe|sign up|order)", r"(?:talk|speak|chat)(?: \w+)? (?:to|with) (?:your |the |someone (?:in|from) |a )?sales", r"(?:upgrade|move|switch|go)(?: \w+){0,3} (?:to|onto) (?:the |your |a )?(?:pro|premium|enterprise|business|paid|annual|yearly|team|plus|higher|bigger|next (?:plan|tier|level)|gold|platinum|unlimited)(?: \w+)?", r"(?:i'll|we'll|i will|we will) (?:take|buy) (?:it|the|two|three|ten|\d+|them)", r"take my money", r"free trial", r"(?:extend|start|begin) (?:the|a|my|our) trial", r"(?:enterprise|team|business|pro|premium) (?:plan|pricing|edition|tier)(?: \w+){0,4} (?:include|support|offer|come with|have|allow)\w*", r"pricing (?:page|information|info|details|options|plans?)", r"add (?:\d+|more|another|two|three|five|ten|extra)(?: \w+)? (?:seats?|licen[cs]es?|users?|accounts?)", r"(?:pay|billed|invoice\w*) (?:annually|yearly|per seat|per user|by invoice)", r"(?:place|submit) (?:an?|the|our|my) (?:\w+ )?(?:purchase )?order(?! status)", r"what plans? do you (?:have|offer)", r"which plan (?:should|do|would|is (?:best|right))",
    ),
    "competitor_mention": pattern(*(way for way in _RIVALS if not names_begin(way))),
    "urgent_request": pattern(
        r"straight away", r"(?:quickly|fast),? please|please,? (?:quickly|hurry|be quick|expedite)", r"expedite\w*", r"(?:interview|meeting|exam|flight|train|presentation|call|launch|deadline|appointment)(?: \w+){0,4} in (?:\d+|ten|five|twenty|thirty|half an|an|one|two|a few) (?:minutes?|mins?|hours?)", r"(?:run|running|ran) out (?:tonight|today|tomorrow|of (?:insulin|medication|medicine|time))", r"(?:wedding|launch|exam|flight|funeral|deadline|event|interview|surgery|court date)(?: \w+){0,2} is (?:tomorrow|today|tonight)", r"(?:stranded|trapped)(?: \w+){0,4}", r"(?:site|checkout|server|system|service|app|store|shop|payments?)(?: \w+){0,3} (?:has|have) been down", r"answer me (?:quickly|now|immediately)", r"act now", r"before we miss", r"someone is using my (?:account|card)",
        r"urgent(?:ly)?", r"asap", r"a\.s\.a\.p", r"as soon as possible", r"right away", r"(?:need|want|fix|help|answer|call|send|do|stop|block|book|get|happening|down|using my \w+)(?! that i)(?: (?!(?:all|nothing)\b)\w+){0,6} right now(?! (?:i'?m|it'?s|we'?re) (?:just|only))", r"immediate(?:ly)?(?! (?:family|relative)\w*)", r"emergenc(?:y|ies)(?! (?:contact|exit|number|fund|kit))", r"(?:need|want|have to|must|require|needs)(?: \w+){0,8} (?:within (?:the|an|one|\d+|two|a few) (?:hours?|minutes?)|in (?:the next )?(?:an|one|\d+|two|ten|five|a few) (?:hours?|minutes?)|before (?:noon|midnight|tonight|\d+|the (?:meeting|deadline|end of the day))|by (?:tonight|noon|\d+ ?(?:am|pm)|end of (?:the )?day|eod|tomorrow morning))", r"(?:can't|cannot|can not|couldn't) wait (?:any|until|that long|for (?:days|weeks|hours)|much)(?! (?:i|we)\b)(?: longer)?", r"(?:this|it|that|which|he|she|patient|problem|matter) (?:can't|cannot|really can't) wait", r"(?:time|mission|business)[- ](?:sensitive|critical)", r"(?:production|everything|our (?:site|system|server|shop|store|app|website|service)|the (?:site|system|server|whole \w+)|payments?|checkout)(?: \w+){0,3} (?:is|are|went|just went|has gone|have gone) (?:completely |totally |all )?(?:down|offline)", r"(?:my|our|the) (?:flight|train|meeting|presentation|interview|deadline|wedding|event|launch|exam|plane|bus|appointment|demo|surgery)(?: \w+){0,3} (?:in|within) (?:an|one|two|\d+|a few|half an|less than \w+|under \w+|twenty|thirty|ten|five) (?:hours?|minutes?|mins?)", r"running out of time", r"no time to (?:lose|waste)", r"every (?:minute|second|hour) counts", r"(?:top|highest|high) priority", r"hurry(?: up)?", r"sos", r"deadline is (?:today|tonight|tomorrow|in)", r"(?:must|has to|have to|needs to be)(?: \w+){0,6} (?:today|tonight|now)", r"need(?:s|ed)? (?:it|this|that|help|an answer|you)(?: \w+){0,4} (?:today|tonight|now)", r"(?:stuck|stranded|locked out)(?: \w+){0,5} (?:right now|tonight|now|outside)", r"before it(?:'s| is) too late", r"critical(?:ly)? (?:issue|problem|outage|bug|failure|situation|important that)", r"drop everything", r"losing (?:money|customers|sales|data) (?:every|by the|right|as we)", r"help me now", r"without (?:any )?(?:further )?delay", r"at once(?! again)",
    ),
    "confused_user": pattern(
        r"(?:i(?:'m| am)|we(?:'re| are)|now i'm|im|got|getting) (?:\w+ )?(?:confused|lost(?! (?:my|our|a|the|it|in transit))|puzzled|baffled|stumped|bewildered)", r"confusing", r"(?:don't|do not|didn't|did not|can't|cannot|couldn't|dont|not sure i|still don't) (?:\w+ )?(?:understand|follow|get (?:it|this|what|why|how|the)|make sense of|figure (?:it |this |that )?out|see (?:how|what you mean|the difference|why))", r"(?:doesn't|does not|don't|do not|didn't|did not|not|hardly) mak(?:e|ing) (?:any |much |a lot of )?sense", r"mak(?:es?|ing) (?:no|little|zero) sense", r"what (?:do|did|does) (?:you|that|this|it|the)(?: \w+){0,3} (?:mean|mean by that)", r"what(?:'s| is) (?:that|this) supposed to mean", r"(?:not|isn't|wasn't|aren't) (?:at all |very |really |quite )?clear", r"unclear", r"(?:could|can|would) you (?:please )?(?:clarify|explain (?:that|this|it|again|what you|in (?:simple|plain|other)|more)|rephrase|elaborate|say that (?:again|differently)|be more (?:clear|specific|precise))", r"which (?:one|button|page|link|menu|field|screen|option)(?: \w+)? (?:do you mean|are you (?:talking|referring)|should i)", r"(?:have|has|i've|i have) no (?:idea|clue)(?: what| how| where| why| which)", r"(?:not|never) sure (?:what|how|which|where|why|whether|if) (?:i|to|you|this|that|the|it|we)", r"no (?:idea|clue) what (?:you|that|this|to)", r"you lost me", r"huh\s*\?", r"wait,? what", r"mixed up", r"over my head", r"in (?:plain|simple) (?:english|words|terms)", r"what am i (?:supposed|meant) to (?:do|click|enter|choose|see)", r"contradict\w+", r"how (?:exactly )?(?:does|is|am i supposed) (?:this|that|it|to)(?: \w+)? (?:work|supposed to work|even)", r"too (?:complicated|technical|complex)", r"explain like", r"lost here", r"i thought (?:you|it|that|the|this)(?: \w+){0,6} (?:but|so)", r"two different (?:answers|things|prices|numbers|dates)",
    ),
}  # fmt: skip
_NAMED = {"competitor_mention": named(*(way for way in _RIVALS if names_begin(way)))}
_CALM = pattern(  # what sounds urgent and is not
    r"(?:good|fine|okay|all|everything|that's it)(?: \w+){0,4} right now", r"(?:not|isn't|no|nothing|never|without) (?:\w+ )?(?:urgent|hurry|rush|emergency|urgency|immediate)", r"urgent care", r"effective immediately", r"(?:is|was) (?:it|this|that) urgent", r"emergency (?:room|number|contact|exit|fund|kit|brake)",
)  # fmt: skip
_REPORTED = pattern(  # questions about cancelling are not leaving
    r"how (?:long|often|much notice)", r"what (?:is|are) (?:the|your) (?:cancell?ation|refund) (?:policy|terms|fee|fees)", r"(?:without|before|instead of|don't want to|do not want to|not going to|rather not|didn't|did not|avoid|not looking to|never asked to|why (?:did|was|has|have|were|would)(?: \w+){0,4}) (?:cancel|cancell?ed|clos|delet|terminat)\w*",
)  # fmt: skip


_WAYS = {"churn_risk": LEAVES, "buying_signal": BUYS, "urgent_request": HURRIES}
_EXCEPT = {
    "churn_risk": (_REPORTED, STAYS),
    "buying_signal": (BUYS_NOT,),
    "competitor_mention": (COMPARES_NOT,),
    "urgent_request": (_CALM,),
}


@dataclass(frozen=True, slots=True)
class Flag:
    name: str
    confidence: float
    reason: str


@dataclass(frozen=True)
class Wanted:
    """A flag as a chatbot has it: what the team added, or made."""

    name: str
    ways: re.Pattern[str] | None
    examples: tuple[frozenset[str], ...]
    unless: re.Pattern[str] | None = None  # rules it out
    threshold: float | None = None  # how sure it must be

    def admits(self, flag: Flag, text: str) -> bool:
        return flag.confidence >= (self.threshold or 0.0) and not (self.unless and self.unless.search(text))


def flags_of(
    heard: Heard, dissatisfied: float, *, wanted: Sequence[Wanted] = (), off: frozenset[str] = frozenset()
) -> list[Flag]:
    text, small = heard.text[:_READ], heard.small[:_READ]
    found = {name: Flag(name, 0.8, f"Says “{_short(words)}”.") for name, words in _told(text, small)}
    if frustrated := _frustrated(heard, small, dissatisfied):
        found["frustrated_user"] = frustrated
    for one in wanted:
        own = _said(one, text) or (_alike(one, heard) if one.name not in found else None)
        if own:
            found[one.name] = own
        if one.name in found and not one.admits(found[one.name], text):
            del found[one.name]
    return [flag for name, flag in found.items() if name not in off]


def _told(text: str, small: str) -> Iterator[tuple[str, str]]:
    """The flags that a phrase tells, with its words."""
    for name, ways in _RULES.items():
        match = ways.search(small) or (_WAYS[name].search(small) if name in _WAYS else None)
        match = match or (_NAMED[name].search(text) if name in _NAMED else None)
        if match and not any(except_for.search(small) for except_for in _EXCEPT.get(name, ())):
            yield name, (text[match.start() : match.end()] if len(text) == len(small) else match[0])


def own_flags_of(content: str, wanted: Sequence[Wanted]) -> list[Flag]:
    """Words and phrases of a team's own are found in any language."""
    text = content[:_READ].replace("’", "'")
    return [flag for one in wanted if (flag := _said(one, text)) and one.admits(flag, text)]


def _frustrated(heard: Heard, small: str, dissatisfied: float) -> Flag | None:
    angry = ANGRY.search(small)
    if angry and heard.feeling < -0.2:
        return Flag("frustrated_user", 0.85, f"Says “{_short(angry[0])}” and sounds negative.")
    if heard.feeling < -0.45 and heard.signs & {"again", "why", "corrects"} and "sorry" not in small:
        return Flag("frustrated_user", 0.75, "Sounds very negative and presses the point.")
    if (heard.shouts or heard.presses) and dissatisfied > 0.35 and heard.feeling < 0:
        return Flag("frustrated_user", 0.65, "Raises the voice and is not content.")
    return None


def _said(one: Wanted, text: str) -> Flag | None:
    match = one.ways.search(text) if one.ways else None
    return Flag(one.name, HIGHEST, f"Says “{_short(match[0])}”, as the team wrote it.") if match else None


def _alike(one: Wanted, heard: Heard) -> Flag | None:
    near = max((likeness(heard.words, words) for words in one.examples), default=0.0)
    enough = min(_ALIKE, one.threshold or _ALIKE)
    return Flag(one.name, round(near, 2), "Is like one of its examples.") if near >= enough else None


def wanted_in(definitions: Mapping[str, FlagDefinition]) -> tuple[tuple[Wanted, ...], frozenset[str]]:
    """What a chatbot asks for beside the six, and which flags it switches off."""
    off = frozenset(name for name, one in definitions.items() if one.enabled is False)
    return tuple(_wanted(name, one) for name, one in definitions.items() if name not in off), off


def _wanted(name: str, one: FlagDefinition) -> Wanted:
    examples = tuple(content_words(text) for text in one.examples or ())
    return Wanted(
        name, _ways((one.words or ()) + (one.phrases or ())), examples, _ways(one.unless or ()), one.threshold
    )


@lru_cache(maxsize=1000)
def _ways(said: tuple[str, ...]) -> re.Pattern[str] | None:
    escaped = [re.escape(text.strip().replace("’", "'")) for text in said if text.strip()]
    return re.compile(r"(?<!\w)(?:" + "|".join(escaped) + r")(?!\w)", re.IGNORECASE) if escaped else None


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
