"""How people say the things that flags listen for: few words for who, what and when, put together in the orders that occur.

Beside the phrases in `flags.py`, which name what was said in whole; here a sentence counts by its parts, so that wordings
nobody thought of are heard as well.
"""

import re

from noctule.analysis.phrases import pattern

_PLAIN = r"(?:(?!(?:from|in|on|of|to|for|by|with|and|or|not|but)\b)[\w'-]+ )"  # a word that does not turn the sentence
_TIE = (
    r"(?:subscription|account|contract|agreement|plan|membership|policy|line|deliver(?:y|ies)|billing|trial|licen[cs]e|insurance|package|coverage|services?|loyalty card|package|retainer|"
    r"direct debit|standing order|auto-?(?:pay|renewal))"
)
_BANDS = r"(?:account|profile|membership|workspace|company|organi[sz]ation|shop permanently|store permanently|everything|login|user data|data and account)"
_NOT = r"(?:won't|will not|not going to|wouldn't|would rather not|'d rather not|don't (?:want|wish|plan|intend) to|do not (?:want|wish|plan|intend) to|can't see (?:us|me|myself)|cannot see (?:us|me)|never|no longer|decided (?:not to|against))"
_AGAIN = r"(?:any ?more|any longer|next (?:year|month|season|term)|again|for another|the (?:extension|renewal|agreement|contract)|of your \w+|your \w+)"

LEAVES = pattern(
    rf"(?:cancel(?:l?ing)?|terminat(?:e|ing)|discontinu(?:e|ing)|end(?:ing)?|revok(?:e|ing)|withdraw(?:ing)? from|get(?:ting)? (?:out|rid) of|wind(?:ing)? up|drop(?:ping)?|quit(?:ting)?|stop(?:ping)?|sunset(?:ting)?) "
    rf"(?:using )?{_PLAIN}{{0,3}}{_TIE}",
    rf"(?:clos(?:e|ing)|shut(?:ting)?|delet(?:e|ing)|remov(?:e|ing)|deactivat(?:e|ing)|eras(?:e|ing)|wip(?:e|ing))(?: down)? (?:my |our |the |this |all of )?(?:\w+ )?{_BANDS}(?: down)?",
    rf"(?:my|our|the) (?:\w+ )?{_BANDS} (?:down|closed|erased|deleted|removed|wiped)",
    rf"(?:let|letting) (?:my|our|the|it|this)(?: \w+)? ?{_TIE}?(?: \w+)? ?(?:run out|laps\w+|expir\w+)",
    rf"{_TIE}(?: \w+){{0,4}} (?:can|should|may|shall|must|to) (?:end|stop|be (?:cancell?ed|terminated|closed|ended|stopped))",
    rf"{_TIE}\W+(?:end|cancel|stop|close|kill|terminate) (?:it|that)",
    rf"consider (?:my|our|this|the) {_TIE} (?:closed|cancell?ed|over|ended|terminated)",
    rf"{_NOT}(?: be)?(?: \w+){{0,2}} (?:renew\w*|extend\w*|continu\w+)(?! to (?:be|have))",
    rf"{_NOT}(?: be)?(?: \w+){{0,2}} (?:us(?:e|ing)|pay(?:ing)?|need(?:ing)?|sign(?:ing)?|stay(?:ing)?|return(?:ing)?|com(?:e|ing) back|top(?:ping)?|book(?:ing)?)(?: \w+){{0,4}} {_AGAIN}",
    rf"{_NOT}(?: be)? (?:stay(?:ing)?(?! (?:there|in|at|overnight))|com(?:e|ing) back|set(?:ting)? foot)",
    r"(?:terminate|cancel|leave|quit) (?:for cause|altogether|for good)", r"we(?: \w+){0,2} (?:now |hereby )?terminate",
    r"(?:uninstall(?:ed|ing)?|delet(?:ed|ing)|quit(?:ting)?|leav(?:e|ing)) (?:the|your|this|using (?:the|your|this)) (?:app|platform|service|software|network)(?! (?:open|on|running|and (?:re)?install))",
    r"(?:seriously |honestly |already )?(?:consider|think|toy)\w* (?:about |of |with the idea of )?(?:going|leaving|quitting|switching|walking away|changing (?:provider|bank|supplier|carrier)s?)(?! (?:to|on|home|with|for|by|through|the|my|out))",
    r"(?:ready|tempted|about|going|decided|want(?:s|ed)?|plan(?:s|ned|ning)?|might as well|prefer)(?: to)? (?:jump ship|walk away|leave (?:you|us|altogether|for good|your)|quit (?:using|your)|part ways)", r"want(?:s|ed)? to be out (?:of (?:this|the) (?:contract|deal)|before|by)",
    r"get rid of (?:this|the|your) (?:tool|app|software|system|platform|product|service)", r"(?:i|we) want out", r"(?:my|our) (?:team|family|company|business|colleagues?) and i are (?:gone|out|leaving)",
    r"(?:pac|port(?:-| )?(?:out|ing)) (?:code|pin|number)", r"(?:transfer|port|take|move|moving) (?:my|our|the) (?:phone )?number (?:away|out|elsewhere|to another)",
    r"(?:hand(?:ing)? in|give|giving) (?:my|our)(?: \w+)? notice", r"my resignation from", r"(?:exit|early termination) fee",
    r"(?:we're|we are|i'm|i am|i think we're) done (?:here|with (?:you|this|your)|for good)", r"(?:get|take) (?:me|us) off (?:the|this|your) (?:plan|list of customers|contract)",
    r"stop being (?:a|your) (?:customer|client|member|subscriber)", r"pull(?:ing|ed)? (?:our|my|all our) (?:business|money|accounts?|savings|custom|ads?|spend)",
    r"mov(?:e|ing) (?:my|our|all my|all our) (?:savings|business|accounts?|money|custom|portfolio|pension) (?:out|away|elsewhere|to)", r"(?:pick up|collect|come (?:and )?get|send back) your (?:router|device|box|modem|machine|equipment)",
    r"(?:one|a|any|a single) (?:good )?reason (?:to (?:keep|stay|renew)|(?:why )?i should (?:stay|keep|renew))", r"on the fence about (?:keeping|staying|renewing)",
    r"(?:voted|decided|decision) (?:against|not to) (?:extend|renew|continu)\w*", r"(?:doesn't seem|isn't|not|hardly|no longer) worth (?:it|keeping|paying|the (?:money|price))(?: (?:any ?more|tbh|to (?:me|us)))?",
    r"(?:this|that) is (?:my|our) (?:final|last) (?:order|purchase|booking|stay|month|year|flight)(?: with)?", r"(?:our|my) last (?:year|month|order) with you",
    r"cut(?:ting)? up (?:my|the|our) (?:\w+ )?card", r"keep (?:the|my|your) money[,.]? (?:i|we)(?:'ll| will)? never", r"(?:never|not)(?: \w+){0,3} (?:one of your|your (?:hotels?|shops?|stores?|flights?|restaurants?)) again",
    r"stop (?:the |all )?(?:billing|charging)(?: \w+){0,3}(?: stop everything)?", r"don't charge my card (?:next|any)", r"(?:remaining|rest of the|final) (?:balance|credit) paid out",
    r"(?:avoid|warn)(?: \w+){0,4} (?:from|about|of) you", r"(?:fan|customer|client|member) for (?:\w+ )?(?:years|ages)\W+not any ?more", r"(?:better|cheaper) (?:\w+ ){0,6}than (?:to )?stay(?:ing)? with you",
    r"(?:off to|going back to|switching to|moving to|signed with) (?:\w+|another (?:provider|bank|carrier|company))(?=.{0,60}(?:cancel|end|close|account|contract|this|line))",
)  # fmt: skip
STAYS = pattern(  # words of leaving, of somebody who does not
    r"not (?:to )?(?:close|cancel|delete|leave|terminate|remove) (?:my|the|our|it)", r"chang(?:ed|ing) (?:my|our) minds?", r"(?:would|will) never (?:leave|go|switch)", r"by (?:accident|mistake)", r"pause", r"how long (?:do|will) you (?:keep|store)",
    r"(?:was|were|got) (?:cancell?ed|closed|deleted|terminated)(?: \w+){0,2} (?:by you|last (?:year|month|week)|yesterday)", r"why would any(?:body|one) (?:leave|cancel)", r"without (?:losing|deleting|removing)", r"not the (?:account|whole|entire)", r"undo|restore|reopen|reactivate|open (?:it|my \w+ account) again",
    r"(?:move|change|switch)(?: \w+){0,4} to (?:an?other|a different) (?:day|time|date|address|room|seat|slot|week|month|table|size|colou?r|number|name|card|device|phone|language|server|folder|page|flight|train|hour)", r"(?:for|if) (?:our |my |the )?(?:guests|customers|users|clients|members) (?:cancel|leave|unsubscribe)\w*", r"if guests cancel",
)  # fmt: skip

_WANTS = (
    r"(?:(?:i|we)(?:'d| would)?(?: really)? (?:like|love|want|wanna|need|plan|hope|wish|intend|decided)|(?:i'm|i am|im|we're|we are) (?:ready|looking|planning|interested|keen|about|considering|thinking|hoping|going|here)|ready|looking|"
    r"(?:can|could|may|shall) (?:i|we)|(?:how|where) (?:do|can|could|would|to) ?(?:i|we)?|steps to|want(?:s|ing)?|interested in|please|let me|plans?)"
)
BUYS = pattern(
    rf"{_WANTS}(?: to| in)? (?:\w+ ){{0,2}}?(?:buy(?:ing)?|purchas(?:e|ing)|subscrib(?:e|ing)|sign(?:ing)? (?:\w+ )?up|upgrad(?:e|ing)(?! (?:my|the|our) (?:browser|phone|driver|server|database|python|system))|get(?:ting)? started|licen[cs]e (?:your|the|\d)|insure|enroll?|becom(?:e|ing) an? (?:\w+ )?(?:customer|reseller|member|partner|client)|"
    r"open(?:ing)? an? (?:\w+ )?(?:account|policy)|order(?:ing)?(?! (?:status|number|history|confirmation|again but|was|is|has|from))|get (?:the|one|two|three|\d+|a|an) (?:\w+ ){0,3}(?:one|in (?:size|black|blue|red|white|green)|licen[cs]es?|seats?))",
    rf"{_WANTS}(?: to)? (?:\w+ ){{0,2}}?(?:add|move to|renew and add|book|rent|lease|activate) (?:\w+ ){{0,4}}(?:lines?|seats?|licen[cs]es?|users|phones?|warranty|add-?ons?|extension|annual billing|cart|basket|package|tickets?|suite|deluxe|offer|it for (?:two|three|four|\d)|paid trial|course|workshop)",
    r"how much (?:for|(?:is|are|would|will|does|do) (?:it|the|a|an|that|this|one|two|your|\d+|you))(?! .{0,20}(?:invoice|bill|owe|left|refund))", r"(?:what|which)(?:'s| is| are| would| does| do| will)?(?: \w+){0,7} (?:cost|price|set (?:us|me) back)(?! (?:me|us) last)(?! on my)",
    r"(?:send|get|give|prepare|have|see|request|need|want)(?: \w+){0,4} (?:quotes?|quotation|proforma|pro-forma|price list|formal offer|offer|estimate)(?= (?:for|on|of|by|to|please|from you)|[.?!]|$)", r"please quote", r"quote (?:me|us|for)", r"could you send (?:me|us) yours",
    r"(?:student|volume|bulk|group|annual|education\w*|charity|startup|business) (?:price|pricing|discount|rate)s?", r"discount (?:if|for|when|on)", r"(?:is|are) (?:financing|instal?ments|leasing) (?:possible|available|offered)", r"what is the minimum (?:term|order)", r"minimum (?:term|order)\?",
    r"ready to (?:order|buy|sign|pay|go ahead|commit)", r"(?:i|we)(?:'ll|'d| will| would) (?:take|buy|order|go for)(?: \w+)? (?:it|two|three|four|five|\d+|the|them|both)(?! (?:look|moment|minute|screenshot|picture|photo|break|bus|train|taxi|first|second|last one off))", r"(?:ill|i'll|i will) (?:get|buy|pay) (?:it |for it )?(?:today|now|tonight|right away)",
    r"put (?:me|us) down for", r"sign (?:me|us) up", r"(?:hold|reserve|keep)(?: \w+){0,4} for me(?=.{0,30}(?:pay|buy|tonight|collect))", r"(?:add|put) (?:me|us) (?:to|on) the wait(?:ing)? ?list", r"(?:take|want|buy|have) the last one", r"definitely want one",
    r"(?:on|made) (?:the|our) short ?list", r"budget (?:is )?(?:approved|for|of)", r"outgrown (?:the|our|your)", r"next (?:one|plan|tier) up", r"what(?:'s| is) included in (?:the )?(?:pro|premium|plus|team|business|enterprise|paid|gold)", r"(?:which|what) (?:plan|tier|package|model|edition|one of (?:the|your)|of the two)(?: \w+){0,2} (?:would|should|do you recommend|covers?|fits?|is right)(?! .{0,20}\bam i\b)",
    r"(?:talk|discuss|agree on) (?:the )?(?:terms|pricing|prices|a deal)", r"live if we sign(?:ed)?", r"^upgrade (?:me|us)", r"(?:try|test) (?:it|this|the \w+)(?: \w+){0,5} before (?:paying|buying|we (?:buy|decide|purchase|pay)|i (?:buy|decide|purchase|pay))", r"before (?:we|i) (?:decide|purchase|buy|order)", r"proof of concept",
    r"gift cards? for", r"sales? (?:call me|contact us)", r"(?:someone|somebody) from sales", r"what do you need from us to (?:get going|start|begin)", r"where(?:'s| is) the checkout", r"(?:do you|can you) (?:sell|ship|deliver)(?: to)? (?:to |\w+ )(?=.{0,60}(?:need|want|order|boxes|buy))",
    r"(?:go|sign|pay)(?: \w+){0,3} for (?:12|24|36|two|three) (?:months|years)", r"pay for (?:two|three|several) years (?:up front|upfront|in advance)", r"purchase orders?", r"put in an offer", r"about to (?:buy|order|purchase|sign)", r"in (?:annual|yearly) billing", r"i'd buy (?:that|it|one)", r"we'd want (?:that|to start|it)",
)  # fmt: skip
BUYS_NOT = pattern(
    r"(?:don't|do not|not|never|didn't|won't|stop|without|no need to|wasn't)(?: \w+){0,4} (?:buy\w*|bought|purchas\w+|order\w*|upgrad\w+|sell(?:ing)?|subscrib\w+)", r"(?:bought|ordered|purchased|paid|upgraded)(?: \w+){0,4} (?:yesterday|last|on monday|this week|and|but|is|was|it broke)", r"(?:order|purchase|invoice|payment|refund)(?: \w+){0,3} (?:wrong|late|missing|failed|broken|number|status)",
)  # fmt: skip

_RIVALS = (
    r"(?:gyms?|hotels?|shops?|stores?|clinics?|agenc(?:y|ies)|schools?|dealers?|airlines?|banks?|providers?|suppliers?|insurers?|vendors?|apps|tools?|restaurants?|baker(?:y|ies)|garages?|carriers?|networks?|brokers?|platforms?|company|companies|"
    r"services|dentists?|lenders?|couriers?|landlords?|supermarkets?|salons?|universit(?:y|ies)|contractors?|plumbers?|pharmac(?:y|ies)|solutions?|products)"
)
COMPARES = (  # ways, some of which need to see how a name is written
    rf"(?<!find )(?<!find me )(?<!book )(?<!show )(?<!show me )(?<!try )(?<!there )(?<!any )(?<!in )(?:other|another|different|rival|competing|cheaper) (?:\w+ )?{_RIVALS}(?! of (?:yours|my))", rf"(?:my|our|the|your) (?:old|previous|former|last|current|next) (?:\w+ )?{_RIVALS}(?=.{{0,80}}(?:never|always|did|had|no such|used|let|charged|gave|could|was))", r"the old (?:tool|system|provider)(?: (?:we|i) (?:used|had))",
    r"(?:better|lower|cheaper) (?:rate|price|offer|deal|quote|terms)s? (?:elsewhere|from (?:an?|my|another)|at (?:an?|the|my)|with (?:an?|another))", r"(?:offer|quote|quoted|estimate)(?: \w+){0,3} (?:from|by) (?:an?|another|somebody|someone|your)(?: \w+)? ?(?:else|different|other|insurer|agency|bank|provider|competitor|company|supplier)?",
    r"been offered(?: \w+){0,4} elsewhere", r"(?:market|industry) leader", r"(?:it'?s|is|them|same|it for less) cheaper (?:at|on|in|elsewhere|somewhere|with)", r"at \w+ (?:it'?s|its|the same|they're) (?:\w+ ){0,3}(?:cheaper|less|\d)", rf"{_RIVALS} (?:across|down|up) the (?:street|road)", r"(?:my|a) (?:friend|neighbou?r|colleague|brother|sister|cousin)(?:'s)? (?:\w+ ){0,2}(?:is with|uses|has|goes to|pays|says|company|provider)(?=.{0,60}(?:better|less|cheaper|five bars|you don'?t|for free|for solar|than yours?|than your))",
    r"we (?:are|were|have been) (?:also )?(?:talking to|testing|evaluating|trialling|comparing)(?: \w+){0,3} (?:others?|alternatives|vendors|tools|(?-i:[A-Z])\w+)", r"(?:two|three|four|several|some) (?:alternatives|other (?:vendors|tools|options)|vendors)", r"(?:evaluated|tested|compared)(?: \w+){0,3} (?:vendors|alternatives|providers|tools|against)",
    r"(?:compatible with|replace|replaces|replacing|instead of) (?:what we have at |our |the )?(?-i:[A-Z])\w+", r"(?:off|back|over) to (?-i:[A-Z])\w+(?=.{0,50}(?:cancel|contract|end|close|account))", r"going back to (?-i:[A-Z])\w+", r"do(?:es)? you (?:beat|match|undercut) (?-i:[A-Z])\w+", r"(?:worse|cheaper|better|nicer|poor(?:er)?) version of", r"(?-i:[A-Z])\w+(?:'s)? (?:vs\.?|versus) (?:you|yours)",
    r"(?:someone|somebody) else (?:offers|gives|charges|does it|can do it)", r"(?:a|the) competitor(?:'s)?", r"everyone(?: \w+){0,3} uses (?-i:[A-Z])\w+",
)  # fmt: skip
COMPARES_NOT = pattern(r"competitors must not", r"hide(?: \w+){0,4} (?:from|before) (?:our |my )?competitors", r"compet\w+ (?:swimmer|athlete|player|runner)", r"(?:from|for) (?:our|my) competitors", r"near the \w+")  # fmt: skip

_SOON = (
    r"(?:in (?:less than |under |about |only )?(?:\d+|an?|one|two|three|five|ten|fifteen|twenty|thirty|forty|half an|a few) ?(?:min|mins|minutes?|hours?|hrs?|h)|within (?:the|an|one|two|\d+)(?: next)? ?(?:hours?|minutes?|mins?)?|today|tonight|this (?:morning|afternoon|evening)|tomorrow|"
    r"on saturday|by (?:noon|midnight|eod|lunch|tonight|\d+)|before (?:noon|midnight|lunch|tonight|\d+|the next)|at (?:\d{1,2}|midnight|noon)(?::\d\d)?|until (?:noon|midnight|\w+ o'clock|\d+))"
)
_DATES = r"(?:flight|train|plane|bus|ferry|board(?:ing)?|exam|interview|presentation|launch|go(?:es)? (?:live|on air)|wedding|surgery|hearing|concert|guests|auditors?|payroll|deadline|auction|thesis|taxi|visa|ceremony|funeral|court)"
_WRONG = r"(?:n't|not|no (?:seat|ticket|answer|code)|fail\w*|error|blank|expired?s?|wrong|broken|down|stuck|unavailable|invalid|missing|lost|refus\w+|reject\w+|damaged|empty|without|need|must|help|please change|change the name|haven't|don't get)"
HURRIES = pattern(
    rf"{_DATES}\b(?=.{{0,60}}\b{_SOON}\b)(?=.{{0,160}}{_WRONG})", rf"{_SOON}\b(?=.{{0,60}}\b{_DATES}\b)(?=.{{0,160}}{_WRONG})", rf"{_WRONG}\b.{{0,80}}\b{_DATES}\b(?=.{{0,60}}\b{_SOON}\b)",
    r"water (?:is )?(?:coming|pouring|leaking|dripping)(?: \w+)? (?:through|from|out|into)", r"smell(?:s|ing)?(?: of)? (?:gas|smoke|burning)", r"(?:gas|water) leak", r"(?:heating|boiler) (?:is|has) (?:out|off|down|died|failed)", r"(?:been|got|was) hacked", r"(?:account|card) (?:was|has been|is being)(?: \w+)? (?:emptied|drained|used by)", r"(?:freeze|block|lock|stop) (?:it|my \w+|the \w+|this)(?: \w+)? ?(?:now|immediately|at once|right away|!!)",
    r"stop the (?:transfer|payment|order|shipment)\W*!!", r"(?:somebody|someone) is using my", r"(?:can't|cannot|can not) get in(?:to)? (?:my|our|the) (?:house|flat|apartment|car|home|room|office)", r"locked (?:out|in)(?! of the (?:feature|beta))(?: in| of| \w+)", r"life or death", r"patient is waiting", r"(?:ate|swallowed|drank)(?: \w+){0,6} (?:tablets|pills|pack|bottle|battery)", r"(?:insulin|oxygen|epipen)", r"standing (?:at|in front of|outside) the",
    r"\bp1\b", r"sev(?:erity)?[ -]?(?:1|one)", r"(?:api|site|shop|store|system|server|website|payments?|registers|tills?|checkout|database|portal|line|production|page|platform|service)(?: \w+){0,6} (?:returns? (?:a )?5\d\d|(?:is|are|has|have|went|been|stands)(?: \w+){0,3} (?:down|offline|failing|stopped|dead|still|crashed|hacked|on fire))", r"(?:nobody|no one|none of us|all of us|everyone)(?: \w+){0,2} (?:can(?:'t)?|are|is)(?: all)? (?:log ?in|access|work|pay|locked|blocked|stuck)",
    r"(?:customers|users) can see each other", r"^critical\W", r"(?:time|mission)[- ]critical", r"(?:rush|speed up|fast-?track|prioriti[sz]e) (?:this|it|my|the)", r"do it now", r"(?:respond|answer|reply|call|come|look|fix it|act) (?:now|at once)", r"(?:need|want)(?! me)(?: (?!(?:all|nothing|me)\b)\w+){0,8} (?:before (?:lunch|noon)|now[.!]|now$)", r"before lunch", r"no later than (?:today|tomorrow|tonight|noon|\d)", r"last day to", r"(?:only )?(?:have |got )?until (?:noon|midnight|tonight|\w+ o'clock|\d+ ?(?:am|pm))",
    r"time is running out", r"clos(?:es|ing) in \d+", r"(?:expires?|ends?|closes?) (?:at midnight|tonight|in \d+|today)", r"can(?:'t|not) (?:leave the|be without|wait (?:any|until monday|that long))", r"pls hurry|please hurry", r"every minute", r"in the middle of (?:the|an?|our) (?:event|show|exam|presentation|ceremony|surgery|concert)", r"by (?:the )?end of (?:the )?day", r"sorted (?:before|by|today|now)", r"treat (?:this|it) as", r"(?:losing|costs? us) (?:orders|money|sales|customers)(?= by| every|$|[.!])", r"(?:must be|have it|be) here by (?:tomorrow|tonight|noon)", r"exam starts",
)  # fmt: skip

_ROLE = (
    r"(?:human(?: being)?s?|persons?|people|agents?|representatives?|reps?|managers?|supervisors?|operators?|someone|somebody|anyone|anybody|advis[eo]rs?|staff|employees?|colleagues?|specialists?|boss|owner|departments?|team|nurse|doctor|billing|sales|legal|hr|"
    r"customer (?:service|support|care)|support|experts?|technicians?|engineers?|headquarters|reception|office|level of support|tier)"
)
_SOME = r"(?:(?:a|an|the|your|some|any|my|one|of|real|live|actual|human|another|in|from|at|charge|competent|technical|account|branch|fraud|legal|next|who)\s+){0,5}"
ASKS_FOR_PERSON = pattern(
    rf"(?:speak|talk|chat|discuss (?:it|this))(?:ing)?(?: \w+)? (?:to|with|2) {_SOME}{_ROLE}(?! (?:plan|account|feature|page|number))", rf"(?:put|pass|hand|transfer|connect|switch|forward|refer|patch|send)(?:ed|red)?(?: (?:me|us|this|it|my case))?(?: over| through| on)? (?:to|with) {_SOME}{_ROLE}", rf"(?:loop|bring|get) in {_SOME}{_ROLE}", rf"get (?:hold of|through to) {_SOME}{_ROLE}",
    r"(?:someone|somebody|representative|agent|advisor|manager|supervisor|person|colleague|technician|nurse|doctor)(?: \w+){0,4} (?:to )?(?:call|phone|ring|contact|reach)s? (?:me|us)", r"call(?:-| )?back from", r"(?:call|phone|ring) (?:me|us) (?:back )?(?:please|today|at|on|this)", rf"have (?:your |a |the )?{_ROLE}(?: \w+)? (?:call|contact|ring|phone|look|review|read)",
    r"(?:human|real person|supervisor|manager|somebody|someone|person)(?: \w+){0,3} (?:take over|take this|review|to read|read this|who can decide)", r"(?:want|need|demand|prefer|give me|get me|take me to|let me have|get|only discuss this with)(?: \w+){0,3} (?:human|real person|live agent|manager|supervisor|person)(?: (?:now|here|instead|please|on the line|in charge|to read|who can)|[.!?]|$)",
    r"(?:human|person|agent|representative|operator|manager|supervisor)[,.!]* (?:now|please)(?=[.!]|$)", r"(?:^|[.!?] )(?:a )?(?:human|person|real person)(?: being)?(?=[.!,]|$)", r"who (?:can|do|should) i (?:call|phone|ring)", r"who(?: else)? can(?: help)?\?", r"who is your (?:boss|manager|supervisor)", r"(?:direct line|phone number) of (?:a|an|my|the|your|somebody|someone)", r"(?:is )?any ?(?:one|body) (?:real )?(?:there|real)(?: there)?\?*$",
    r"(?:escalat|pass)\w* (?:this|it|my case|my ticket|the ticket|my complaint)", r"(?:this|my) (?:ticket|case|complaint) escalated", r"(?:insist|demand) (?:on |to )?(?:talk|speak|see)\w*", r"(?:not|don't want to|rather not)(?: \w+){0,5} (?:bot|robot|machine|computer|algorithm)\b", r"you(?:'re| are) a bot", r"complaint to your",
    rf"(?:be )?connected (?:to|with) {_SOME}{_ROLE}", rf"reach {_SOME}(?:member of staff|employee|person|human|someone|somebody|agent)", r"your colleagues\?", r"get one of your", r"to somebody who (?:understands|can|knows)", r"arrange for (?:a|an|your) \w+ to", r"customer support rep",
)  # fmt: skip
ASKS_NOT = re.compile(r"no need to call|talked to|spoke (?:to|with)|chat support|human[- ]readable|human resources|(?:my|our) manager asked|agents can log|real estate agent", re.IGNORECASE)  # fmt: skip
