"""How the words of a user feel, in English: a small linear model, with the words that weigh most as the reason.

A message is read sentence by sentence. One that carries feeling becomes a chunk; a message has the mean of its chunks, and
without any the faint lean of its words, inside the neutral band. A language it was not made for is not judged at all.
"""

from noctule.analysis.features import see
from noctule.analysis.models import Chunk, label
from noctule.analysis.tokens import LONGEST, plain, sentences_of, tokens_of
from noctule.analysis.weights import SentimentModel, model

LANGUAGES = frozenset({"en"})
_EDGE = 0.2  # of the neutral band
_FELT = 0.2001  # just beyond it
_FAINT = 0.15
_LIGHT = 0.7  # how far the score of a sentence moves with that of the whole message
_SENTENCES = 60  # of one message: more are read as one
_TOLD = 3  # words named in a reason
# A sentence of these alone answers or greets, and does not tell how somebody feels.
_CIVIL = frozenset(
    "a ok okay okey k kk yes yeah yep yup ya sure fine alright right correct exactly indeed no nope nah please hi hello hey hiya there "
    "bye goodbye understood noted hmm hm ah oh well so and it that this is will do got i see".split()
)


def chunks_of(text: str) -> list[Chunk]:
    """One chunk per sentence that carries feeling. English text in; spans are characters of that text."""
    return read(text)[0]


def score_of(text: str) -> float:
    return read(text)[1]


def read(text: str) -> tuple[list[Chunk], float]:
    """The chunks of a message, and its score. Several sentences are read in the light of the whole."""
    judge = model()
    scored = [(start, sentence, _score(judge, sentence)) for start, sentence in _sentences(text)]
    felt = [one for one in scored if abs(one[2]) > _FELT]
    whole = judge.score(tokens_of(text)) if len(scored) > 1 else None
    if not felt:
        faint = whole if whole is not None else sum(score for _, _, score in scored)
        return [], round(max(-_EDGE, min(_EDGE, faint)), 4)
    light = 0.0 if whole is None else _LIGHT * (whole - sum(score for _, _, score in felt) / len(felt))
    chunks = [_chunk(start, sentence, _lit(score, light)) for start, sentence, score in felt]
    return chunks, round(sum(chunk.score for chunk in chunks) / len(chunks), 4)


def _score(judge: SentimentModel, sentence: str) -> float:
    tokens = tokens_of(sentence)
    score = judge.score(tokens)
    only_civil = all(plain(token) in _CIVIL for token in tokens)
    return max(-_FAINT, min(_FAINT, score)) if only_civil else score


def _lit(score: float, light: float) -> float:
    """Moved, but not to the other side of the neutral band."""
    return max(_FELT, min(1.0, score + light)) if score > 0 else min(-_FELT, max(-1.0, score + light))


def looks_english(text: str) -> bool:
    """Nearly all of its words are English ones, and there are some."""
    words = [plain(token) for token in tokens_of(text) if token[0].isalpha()]
    return len(words) > 1 and sum(model().knows(word) for word in words) >= 0.85 * len(words)


def _sentences(text: str) -> list[tuple[int, str]]:
    found = list(sentences_of(text))
    if len(found) <= _SENTENCES:
        return found
    start = found[_SENTENCES - 1][0]
    last, words = found[-1]
    return [*found[: _SENTENCES - 1], (start, text[start : min(last + len(words), LONGEST)])]


def _chunk(start: int, sentence: str, score: float) -> Chunk:
    return Chunk(round(score, 4), sentence, start, start + len(sentence), _reason(model(), sentence, score))


def _reason(judge: SentimentModel, sentence: str, score: float) -> str:
    """One sentence: which words pull the way the score went."""
    side = 1 if score > 0 else -1
    weighed: dict[str, float] = {}
    for one in see(tokens_of(sentence), judge.valence_of):
        pull = one.valence * side
        if pull > 0.3:
            word = f"not {one.word}" if one.negated else one.word
            weighed[word] = max(weighed.get(word, 0), pull)
    words = [f"“{word}”" for word, _ in sorted(weighed.items(), key=lambda item: -item[1])[:_TOLD]]
    if not words:
        return f"{label(score)} by its wording as a whole."
    listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    return f"{label(score)}: {listed} weigh{'s' if len(words) == 1 else ''} most."
