"""Words that carry a dialogue and not its subject. English; a topic's name never consists of them alone."""

# May stand inside a phrase, between words that say something.
LINKS = frozenset("of the to for a an on in and my with at by from off up out".split())

DIALOGUE = LINKS | frozenset(
    """
about above across actually after again against ago ahead alexa all almost alone along already alright also although always am amazing among
another any anybody anymore anyone anything anyway anywhere apologies apologize appreciate appreciated are aren around as ask asked asking assist assistance
assistant available aware away awesome back basically be because become been before began begin behind being believe below best better
between big bit both bother bot bring bring brief but bye call came can cannot cant care case cause certain certainly chance change chat check cheers
choose city come comes coming completely confirm confused consider could couldn couple course currently day days dear definitely detail details did didn different do does doesn
doing don done dont double down due during each early easily easy either else end enjoy enough especially etc even evening ever every everybody everyone
everything exactly example excellent excuse extra fact fairly fantastic far fast feel feeling few final finally find fine first five fix folks follow
forget forgot forward found four friend full fun further general get gets getting give given giving glad go goes going gone gonna good goodbye
got gotta great guess guy guys had hadn half hand happen happened happening happens happy hard has hasn hate have haven having he hear
heard hello help helped higher lower helpful helping her here hers herself hey hi him himself his hold honestly hope hopefully hoping hour hours how however
huge idea if im important including indeed inform information inquire inquiring inside instead interested into is isn issue issues it its itself
ive just keep kind kindly knew know known lately later least leave left less let lets like liked likely line list listen little live
ll long longer look looked looking looks lot lots love loved lovely ma maam made madam main make makes making man many matter may maybe me
mean means meant mention message middle might min mind mine minute minutes miss mistake moment month months more morning most mostly move much must
myself name named near nearly necessary need needed needing needs never nevermind new next nice night no nobody none nope nor normal
normally not note nothing noticed now number obviously oclock odd offer often oh ok okay old once one ones only onto open opinion option options
or order other others otherwise ought our ours out over own page part particular past pay people perfect perhaps person place plan plans
please plus pm point possible possibly pretty previous proceed probably problem problems prefer provide provided put question questions quick quickly quite
rather ready real really reason reasonable recent recently regarding related rest result right said same saw say saying says second
see seem seemed seems seen send sent set several shall she short should shouldn show shows side similar simple simply since sir small so some
somebody somehow someone something sometimes somewhere soon sorry sort sound sounds specific start started starting state stay still stop
stuff such sudden super suppose supposed sure system take taken takes taking talk tell ten than thank thanks that thats the their theirs them
themselves then there theres these they thing things think thinking this those though thought three through throughout thx till time times to today
together told tomorrow tonight too took top total town totally touch toward tried true truly try trying turn turned turns two type understand
understood unfortunately unless until upon us use used useful user uses using usually ve very via wait waiting wanna want wanted
wants was wasn way ways we week weekend weeks welcome well went were weren what whatever whats when whenever where wherever whether which
while who whole whom whose why will willing wish with within without won wonder wonderful wondering word words work worked working works worried
worry would wouldn wow wrong yeah year years yep yes yesterday yet you your yours yourself
monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december
able remember remembered last hurry current process showing appears explain calling
hai hmm huh lol uh um ugh yup nah nope ya yea btw fyi asap hows gimme lemme sup dude bloody damn darn fuck fucking shit
""".split()
)
