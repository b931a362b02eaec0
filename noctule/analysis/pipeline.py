"""How a conversation is judged: a named list of small steps over one value, each timed by its name. Pure; no database.

A step leaves alone what it cannot judge, and the value says why in words that people will read.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from prometheus_client import Histogram

from noctule.analysis import headline, learnt, sentiment
from noctule.analysis.bands import stretched, stretched_chunks
from noctule.analysis.behavior import Judged, behavior_of
from noctule.analysis.definitions import OF_ASSISTANT, OF_USER
from noctule.analysis.dialogue import Dialogue, Heard, Reply, read_dialogue
from noctule.analysis.dissatisfaction import ended_unhappy, turn_probability
from noctule.analysis.flags import Flag, Wanted, flags_of, own_flags_of, wanted_in
from noctule.analysis.models import Chunk, label
from noctule.analysis.outcome import Ending, Outcome, ending, outcomes
from noctule.analysis.quality import quality_of
from noctule.base.language import Language, detect
from noctule.chatbots import AnalysisSettings, Bands
from noctule.conversations import Message, MessageId

JUDGE = "offline-4"  # changes whenever what is judged may come out differently
_SURE = 0.6  # of another language; below it, a text of English words is English
_FEELS = 0.2  # beyond it a message is not neutral
_FRUSTRATED = 0.6  # from here on a whole conversation carries the flag
_CONTENT, _FEW = 0.2, 2  # below it a talk of more turns than a few went well: what was said in anger is forgotten
_SLOW = 0.5  # seconds; a step that takes longer for one conversation is written to the log
_seconds = Histogram("noctule_analysis_step_seconds", "Seconds of one step for one conversation.", ["step"])
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """What a chatbot wants judged: two master switches, one for each signal, and its own flags."""

    user: bool = True
    assistant: bool = True
    off: frozenset[str] = frozenset()  # signals that are switched off
    wanted: tuple[Wanted, ...] = ()
    flags_off: frozenset[str] = frozenset()
    bands: Bands = field(default_factory=Bands)

    def signal(self, name: str) -> bool:
        """Whether it is judged; what belongs to no side is."""
        user = self.user or name not in OF_USER
        return user and (self.assistant or name not in OF_ASSISTANT) and name not in self.off


@dataclass(slots=True)
class Answer:
    """What is said of a turn of the assistant."""

    behavior: Judged | None = None
    outcome: Outcome | None = None
    quality: dict[str, float] | None = None


@dataclass
class Work:
    """A conversation on its way through the steps."""

    messages: Sequence[Message]
    asked: Asked = field(default_factory=Asked)
    spoken: list[Message] = field(default_factory=list[Message])  # the user's messages
    language: Language | None = None
    readable: bool = False  # in a language that we judge
    chunks: dict[MessageId, list[Chunk]] = field(default_factory=dict[MessageId, list[Chunk]])
    feelings: dict[MessageId, float] = field(default_factory=dict[MessageId, float])
    sentiment: float | None = None
    dialogue: Dialogue = field(default_factory=Dialogue)
    chances: dict[MessageId, dict[str, float]] = field(default_factory=dict[MessageId, dict[str, float]])  # of flags
    dissatisfied: dict[MessageId, float] = field(default_factory=dict[MessageId, float])
    dissatisfaction: float | None = None
    flagged: dict[MessageId, list[Flag]] = field(default_factory=dict[MessageId, list[Flag]])
    flags: list[Flag] = field(default_factory=list[Flag])
    answers: dict[MessageId, Answer] = field(default_factory=dict[MessageId, Answer])
    ending: Ending | None = None
    intent: str | None = None
    intent_confidence: float | None = None
    title: str | None = None
    summary: str | None = None
    switched_off: list[str] = field(default_factory=list[str])  # signals that the chatbot does not want
    reason: str = ""


def pick_user_messages(work: Work) -> None:
    work.spoken = [message for message in work.messages if message.role == "user"]
    if not work.spoken:
        work.reason = "The user has not said anything."
    elif not work.asked.user:
        work.reason = "The analysis of user messages is switched off for this chatbot."
    elif not work.asked.signal("sentiment"):
        work.reason = "Sentiment is switched off for this chatbot."


def detect_language(work: Work) -> None:
    if not work.spoken:
        return
    said = "\n".join(message.content[:500] for message in work.spoken[:40])
    work.language = detect(said)
    unsure = work.language is None or work.language.confidence < _SURE
    if unsure and (work.language is None or work.language.code != "en") and sentiment.looks_english(said):
        work.language = Language("en", _SURE)
    work.readable = work.language is not None and work.language.code in sentiment.LANGUAGES
    if work.reason:
        return
    if work.language is None:
        work.reason = "The language could not be told from so few words, so sentiment is not judged."
    elif not work.readable:
        work.reason = f"Sentiment in this language ({work.language.code}) is not supported offline."


def judge_sentiment(work: Work) -> None:
    """Also where it is switched off: other signals lean on it. It is only kept where it is asked for."""
    if work.readable:
        for message in work.spoken:
            work.chunks[message.id], work.feelings[message.id] = sentiment.read(message.content)


def _felt(scores: Sequence[float]) -> str:
    """Which way the messages of a user pull; what pulls both ways may come to nothing."""
    glad, cross = sum(score > _FEELS for score in scores), sum(score < -_FEELS for score in scores)
    parts = [
        f"{many} {word}"
        for many, word in ((glad, "positive"), (cross, "negative"), (len(scores) - glad - cross, "neutral"))
    ]
    return f"{', '.join(part for part in parts if not part.startswith('0 '))} of {len(scores)} user {'message' if len(scores) == 1 else 'messages'}"


def read_turns(work: Work) -> None:
    if work.readable:
        work.dialogue = read_dialogue(work.messages, work.feelings)


def hear_flags(work: Work) -> None:
    """How likely a message carries each, whether or not they are asked for: the outcome leans on one."""
    for heard in work.dialogue.heard:
        work.chances[heard.message.id] = learnt.model().chances(heard.text)


def judge_outcome(work: Work) -> None:
    judged = outcomes(work.dialogue)
    for reply, value in zip(work.dialogue.replies, judged, strict=True):
        work.answers[reply.message.id] = Answer(outcome=value)
    wants = any(learnt.model().wants_person(chances) for chances in work.chances.values())
    work.ending = ending(work.dialogue, judged, wants_person=wants)


def judge_dissatisfaction(work: Work) -> None:
    for heard in work.dialogue.heard:
        work.dissatisfied[heard.message.id] = turn_probability(heard)
    work.dissatisfaction = ended_unhappy(work.dialogue, work.ending.logit if work.ending else 0.0)


def judge_flags(work: Work) -> None:
    for id_, found in _flagged(work):
        if found:
            work.flagged[id_] = found
    best: dict[str, Flag] = {}
    ended, name = work.dissatisfaction or 0.0, "frustrated_user"
    went_well = len(work.dialogue.heard) > _FEW and ended < _CONTENT
    for found in work.flagged.values():
        for flag in found:
            forgotten = went_well and flag.name == name and not flag.own
            if not forgotten and (flag.name not in best or flag.confidence > best[flag.name].confidence):
                best[flag.name] = flag
    enough = next((one.threshold for one in work.asked.wanted if one.name == name), None) or _FRUSTRATED
    if name not in best and name not in work.asked.flags_off and ended > enough:
        best[name] = Flag(name, ended, "From the course of the whole conversation.")
    work.flags = list(best.values())


def _flagged(work: Work) -> Iterator[tuple[MessageId, list[Flag]]]:
    wanted, off = work.asked.wanted, work.asked.flags_off
    if not work.readable:
        yield from ((message.id, own_flags_of(message.content, wanted)) for message in work.spoken)
    for heard in work.dialogue.heard:
        id_ = heard.message.id
        yield id_, flags_of(heard, work.chances[id_], work.dissatisfied[id_], wanted=wanted, off=off)


def judge_answers(work: Work) -> None:
    turns = work.dialogue.turns
    for place, turn in enumerate(turns):
        if isinstance(turn, Reply):
            before, after = _user_at(turns, place - 1), _user_at(turns, place + 1)
            answer = work.answers[turn.message.id]
            answer.behavior = behavior_of(turn, before, after)
            answer.quality = quality_of(turn, before, after)


def judge_intent(work: Work) -> None:
    if work.dialogue.heard:
        work.intent, work.intent_confidence = headline.intent_of(work.dialogue.heard)


def write_headline(work: Work) -> None:
    """In the words of the user, so in any language."""
    spoken = [message.content for message in work.spoken[:6]]
    work.title = headline.title_of(spoken)
    outcome = work.ending.outcome if work.ending else None
    ended = outcome.replace("_", " ") if outcome and outcome != "other" else None
    work.summary = headline.summary_of(spoken, ended)


def tell_sentiment(work: Work) -> None:
    """By the thresholds of the chatbot, once no other signal leans on the scores."""
    if not work.feelings:
        return
    bands = work.asked.bands
    work.chunks = {id_: stretched_chunks(chunks, bands) for id_, chunks in work.chunks.items()}
    work.feelings = {id_: stretched(score, bands) for id_, score in work.feelings.items()}
    scores = list(work.feelings.values())
    work.sentiment = round(sum(scores) / len(scores), 4)
    work.reason = work.reason or f"{label(work.sentiment)}: {_felt(scores)}."


def keep_what_is_asked(work: Work) -> None:
    """Signal by signal: what is switched off leaves no trace but its name."""
    on = work.asked.signal
    work.switched_off = [name for name in (*OF_USER, *OF_ASSISTANT) if not on(name)]
    if not on("sentiment"):
        work.chunks, work.feelings, work.sentiment = {}, {}, None
    if not on("dissatisfaction"):
        work.dissatisfied, work.dissatisfaction = {}, None
    if not on("flags"):
        work.flagged, work.flags = {}, []
    if not on("intent"):
        work.intent = work.intent_confidence = None
    for answer in work.answers.values():
        answer.behavior = answer.behavior if on("behavior") else None
        answer.outcome = answer.outcome if on("outcome") else None
        answer.quality = answer.quality if on("quality") else None
    if not on("outcome"):
        work.ending = None


Step = Callable[[Work], None]
STEPS: Sequence[Step] = (
    pick_user_messages,
    detect_language,
    judge_sentiment,
    read_turns,
    hear_flags,
    judge_outcome,
    judge_dissatisfaction,
    judge_flags,
    judge_answers,
    judge_intent,
    write_headline,
    tell_sentiment,
    keep_what_is_asked,
)


def judge(work: Work) -> Work:
    """The same value, judged as far as it can be."""
    for step in STEPS:
        started = perf_counter()
        try:
            step(work)
        finally:
            took = perf_counter() - started
            _seconds.labels(step.__name__).observe(took)
            if took > _SLOW:
                _log.warning(
                    "a slow step",
                    extra={"step": step.__name__, "seconds": round(took, 3), "messages": len(work.messages)},
                )
    return work


def asked_in(settings: AnalysisSettings, *, user: bool, assistant: bool) -> Asked:
    wanted, flags_off = wanted_in(settings.flag_definitions)
    return Asked(user, assistant, settings.off, wanted, flags_off, settings.bands)


def _user_at(turns: Sequence[Heard | Reply], place: int) -> Heard | None:
    turn = turns[place] if 0 <= place < len(turns) else None
    return turn if isinstance(turn, Heard) else None
