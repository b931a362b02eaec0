"""Words that tell how a dialogue goes. Patterns in plain English, grouped by what they are a sign of."""

import re


def pattern(*ways: str) -> re.Pattern[str]:
    """One pattern of several, at the borders of words. For texts in small letters: that is three times as fast as looking
    for letters of any size.
    """
    return re.compile(r"\b(?:" + "|".join(ways) + r")(?!\w)")


# The user
NO_FIRST = re.compile(
    r"^\W*(?:no+|nope|nah|wrong|not (?:that|this|what|really|quite|right)|incorrect|stop)\b", re.IGNORECASE
)
CORRECTS = pattern(
    r"(?:that|this|it)(?:'s| is| was)(?: still| just)? (?:not|wrong|incorrect)", r"that isn't", r"wrong", r"incorrect",
    r"not what i", r"i (?:said|meant|told|asked|already|just) (?!i'?d like)\w+", r"as i said", r"like i said", r"i did(?:n't| not) (?:say|ask|want)",
    r"you(?:'re| are) not (?:listening|understanding|helping|getting|answering)", r"you (?:don't|didn't|do not|did not) (?:understand|listen|answer|get)",
    r"(?:make|change) (?:it|that)", r"should (?:be|have been)", r"actually", r"instead", r"rather",
)  # fmt: skip
AGAIN = pattern(r"again", r"still (?:not|no|doesn't|don't|waiting|can't|cannot|have|haven't|didn't|does not|the same|getting|broken|wrong)",
                r"already", r"once more", r"keeps? \w+ing", r"same (?:thing|question|error|problem|answer)", r"(?:second|third|fourth|fifth|\d+(?:nd|rd|th)) time",
                r"how many times", r"repeat(?:ed|ing)?")  # fmt: skip
WHY = pattern(r"why (?:not|is|isn't|do|don't|does|doesn't|can't|won't|did|didn't|are|aren't|would|should|am|the)", r"how come", r"what do you mean", r"are you (?:sure|serious|kidding|there|even|stupid|a bot|real)",
              r"seriously", r"come on", r"hello\s*\?+", r"do you even", r"what the(?= (?:hell|heck|fuck\w*|f|actual|devil|ever)\b|\W*$)", r"really\s*\?")  # fmt: skip
OTHER = pattern(
    r"(?:any|some|something|anything|what|someone) (?:other|others|else)",
    r"another",
    r"a different",
    r"different",
    r"other (?:one|ones|options?|than)",
)
DISLIKES = pattern(
    r"(?:do(?:n't| not)|did(?:n't| not)|not|never)(?: really| particularly| actually)? (?:like|want|need|care|enjoy|interested|a (?:big |huge )?fan|my|in the mood|into)",
    r"too (?:\w+ )?(?:expensive|high|far|late|early|long|much|slow|small|big|old|scary|many|few)", r"hate", r"sucks?", r"nothing",
)  # fmt: skip
THANKS = pattern(r"thanks?", r"thank ?you", r"thx", r"ty", r"cheers", r"appreciate(?:d)?")
GLAD = pattern(
    r"great", r"perfect(?:ly)?", r"awesome", r"excellent", r"wonderful", r"sounds (?:good|great|nice|fun|interesting|perfect|like)", r"cool", r"good",
    r"nice", r"lovely", r"yes", r"yeah", r"yep", r"sure", r"ok(?:ay)?", r"fine", r"that works", r"correct", r"love", r"please do", r"i(?:'ll| will) (?:take|check|watch|try|look)",
)  # fmt: skip
NOT_NOW = pattern(
    r"not (?:right )?now",
    r"not (?:at this|at the|for) (?:time|moment|now)",
    r"no,? thank(?:s| you)",
    r"don't need",
    r"do not need",
    r"not (?:just )?yet",
    r"maybe later",
    r"nothing (?:else|more)",
    r"that(?:'s| is| will be) (?:all|it|everything)",
)
ANGRY = pattern(
    r"ridiculous", r"unacceptable", r"useless", r"terrible", r"horrible", r"awful", r"worst", r"stupid", r"idiot(?:s|ic)?", r"dumb", r"pathetic", r"garbage",
    r"annoy(?:ed|ing)", r"frustrat(?:ed|ing)", r"angry", r"furious", r"fed up", r"sick of", r"sick and tired", r"tired of", r"disappoint(?:ed|ing)", r"outrageous",
    r"waste of (?:my )?time", r"joke", r"bullshit", r"damn(?:it)?", r"crap", r"hell", r"wtf", r"fuck\w*", r"shit\w*", r"upset", r"unbelievable", r"incompetent",
    r"what(?:'s| is) wrong with you", r"shut up", r"hurry(?: up)?", r"had enough", r"lost my patience", r"impatient", r"this is taking", r"wasting", r"not helpful", r"unhelpful", r"no help",
    r"can't believe", r"cannot believe", r"how hard", r"give up", r"forget (?:it|this)", r"never ?mind", r"ugh+", r"arg+h*", r"jeez|geez|jesus|for (?:god|heaven|christ)'?s sake",
)  # fmt: skip

WITHDRAWS = pattern(
    r"never ?mind", r"forget (?:it|about it|this)", r"(?:don't|do not|won't|no longer) (?:need|want)(?: \w+){0,3} (?:any ?more|any longer|now)", r"no longer (?:need|want)\w*",
    r"i(?:'ll| will|'m going to| am going to|'m gonna| guess i'll| can| think i'll| may| might)(?: just)? (?:take|use|try|call|go|do|check|look|find|come|ask|think|shop|wait|walk|drive)\w*(?: \w+){0,6} "
    r"(?:instead|elsewhere|else|myself|later|back|around|somewhere|about it|it over)",
    r"(?:maybe|some) (?:another|other|later|next) (?:time|day)", r"changed my mind", r"on second thought", r"(?:thanks|thank you) anyway", r"i(?:'ll| will) (?:think|shop|look) (?:about|around|it)",
    r"cancel (?:it|that|this)", r"too (?:bad|late)", r"give up", r"shop around", r"decide later", r"(?:check|come|call|get) back (?:later|another)", r"not (?:going to|gonna) (?:book|take|buy)",
    r"leave it", r"just (?:saw|noticed|found|remembered)",
)  # fmt: skip

NO_ANSWER = pattern(  # what somebody says who got one that was none
    r"not what i (?:asked|was asking|wanted to know|meant)", r"(?:that|this|it)(?:'s| is|'s just)? (?:not|no|hardly) (?:an |a real |much of an )?answer", r"(?:doesn't|does not|didn't|did not|don't|won't) answer(?: my| the| a)?",
    r"(?:just |please )?answer (?:me|my|the) question", r"(?:dodg|avoid|evad|ignor)\w+ (?:my|the) question", r"i asked (?:if|whether|what|when|how|why|who|where)", r"so (?:yes|no|is that a) ?(?:or no|yes|no)?\?",
)  # fmt: skip
WORKS = pattern(  # what somebody says whose matter is settled
    r"worked", r"(?:fixed|solved|did) (?:it|that|the trick)", r"(?:it|that|this) (?:really )?helped", r"works (?:now|again|fine|great|perfectly)", r"(?:it|that|everything)(?:'s| is| are)? (?:now |all )?(?:works|working|fixed|solved|resolved|back(?: up)?|sorted)(?: now| again)?",
    r"(?:problem|issue|all) (?:is )?(?:solved|fixed|sorted|resolved)", r"they let me (?:in|on|through)", r"got it (?:working|to work)",
)  # fmt: skip
WORKS_NOT = re.compile(
    r"\?|\b(?:not|never|nothing|nobody|no|still|if|until|unless|hope|would|should|used to|wish|except|once|when|neither|hardly)\b|n't\b"
)

# The assistant
SORRY = pattern(r"sorry", r"apologi[sz]e\w*", r"apologies", r"regret", r"afraid", r"unfortunately")
UNABLE = pattern(
    r"(?:can't|cannot|can not|couldn't|could not|unable|not able|wasn't able|weren't able|won't be able|isn't possible|not possible|impossible)",
    r"(?:do|does|did)(?:n't| not) (?:have|understand|know|find|support|exist|match|seem|recogni[sz]e|work|go through)", r"no (?:results?|match(?:es)?|availab\w+|information|such|hotels?|rooms?|flights?|record|restaurants?)",
    r"not (?:available|found|authorized|authorised|allowed|permitted|supported|valid|correct|successful)", r"un(?:available|successful|authori[sz]ed)", r"denied", r"declined", r"rejected", r"failed", r"invalid", r"fully booked",
    r"didn't (?:get|catch|understand)", r"not sure (?:what|i understand|how)", r"beyond my", r"outside (?:of )?my", r"none of",
)  # fmt: skip
DONE = pattern(
    r"(?:has|have|is|are|was|were|been|be|'ve|i|we|'s)(?: now| been| all| also| just| successfully| already)* (?:booked|reserved|confirmed|scheduled|completed|sent|submitted|"
    r"cancell?ed|updated|changed|added|processed|placed|resolved|fixed|reset|refunded|unlocked|created|saved|set up|done|ordered|transferred|shipped|issued|approved|registered|"
    r"activated|recorded|restored|delivered|filed|blocked|opened|paid)",
    r"success\w*", r"all set", r"(?:all )?done", r"booked", r"(?:booking|reservation|order|appointment|payment|request|meeting)\b.{0,30}\b(?:complete|confirmed|placed|made|booked|scheduled)",
    r"confirmation (?:number|code|e-?mail)", r"unlocked", r"your \w+ (?:has|have) been", r"thank you for reporting", r"see you (?:there|then|at)", r"here (?:you go|it is|is the|are the|is your)",
)  # fmt: skip
ASKS = re.compile(  # a question at the end, or a word of what is needed
    r"\?\W*$|\b(?:please|kindly|could you|can you|i(?:'ll| will)? (?:just )?need you to) (?:provide|enter|share|tell me|give me|send me|confirm|specify|state|describe|type|upload)\b(?! if)[^.!?]*[.!]?\W*$"
)
WAITS = re.compile(  # how a sentence begins that says nothing but that an answer will come
    r"\W*(?:(?:ok(?:ay)?|sure|alright|of course|certainly|thanks|thank you|got it|i see|i understand)\W+)?(?:(?:i'm |i am )?(?:so |very |truly )?sorry|(?:please )?(?:hold|wait|bear with)|(?:just )?(?:one|a|give me a) (?:moment|second|sec|minute)|hang on|"
    r"let me (?:just )?(?:check|look|see|find|search|have a look|take a look)|i(?:'ll| will|'m| am) (?:now |just )?(?:check|look|search)(?:ing)?)\b|\W*(?:ok(?:ay)?|sure|alright|of course|certainly|got it|i see|i understand)\W*$",
    re.IGNORECASE,
)
MORE_HELP = pattern(
    r"anything else",
    r"something else",
    r"any other (?:questions?|way)",
    r"further (?:help|assist\w*)",
    r"help you with (?:today|anything)",
    r"how (?:can|may) i (?:help|assist)",
)
CLOSES = re.compile(  # how a sentence begins that only ends a talk
    r"\W*(?:(?:ok(?:ay)?|great|sure|alright|perfect)\W+)?(?:thank(?:s| you)|you(?:'re| are) (?:very |most )?welcome|good ?bye|bye|no problem|my pleasure|(?:have|enjoy) (?:a|your|the)|"
    r"is there anything else|can i help|anything else|what else|glad|happy to|nice playing|see you|take care)\b|\W*(?:ok(?:ay)?|great|sure|alright|perfect)\W*$",
    re.IGNORECASE,
)
HANDS_OVER = pattern(
    r"(?:transfer|connect|forward|escalat|redirect|hand|pass)(?:ing|ed|ring|red)? (?:you|this|it|your|the)(?: \w+){0,4} (?:to|with|over)", r"escalated",
    r"(?:human|live|real|support) (?:agent|person|representative|advisor|colleague|specialist)", r"(?:a|our|my) (?:colleague|specialist|supervisor|manager|agent|representative) will",
    r"our (?:support )?team will (?:\w+ )?(?:contact|reach|get back|call|e-?mail)", r"contact (?:our |the )?(?:support|customer (?:service|care)|sales)", r"opened a ticket", r"created a (?:support )?ticket",
)  # fmt: skip
