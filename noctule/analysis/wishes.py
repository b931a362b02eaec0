"""What a chatbot wants judged, as people read it: every signal and every flag with what it means, and how far judging is."""

from dataclasses import dataclass

from noctule import chatbots
from noctule.analysis.again import last_asked
from noctule.analysis.definitions import FLAGS, SIGNALS, Signal
from noctule.analysis.parked import ATTEMPTS
from noctule.analysis.store import judgements, parked
from noctule.base.db import Db
from noctule.base.jobs import JobState
from noctule.chatbots import Bands, Chatbot, FlagDefinition


@dataclass(frozen=True)
class FlagWish:
    name: str
    system: bool
    own: FlagDefinition  # what the team says of it; nothing, of most
    conversations: int  # that carry it

    @property
    def enabled(self) -> bool:
        return self.own.enabled is not False

    @property
    def definition(self) -> str:
        return self.own.description or FLAGS.get(self.name, "")


@dataclass(frozen=True)
class Wishes:
    user: bool
    assistant: bool
    off: frozenset[str]  # switched off by themselves
    bands: Bands
    flags: list[FlagWish]
    judged: dict[str, int]  # conversations by the version that judged them
    parked: int
    job: JobState | None  # the last judging anew

    def on(self, signal: Signal) -> bool:
        """It and its side."""
        return signal.name not in self.off and (self.user if signal.side == "user" else self.assistant)

    @property
    def signals(self) -> tuple[Signal, ...]:
        return SIGNALS


async def wishes_of(db: Db, chatbot: Chatbot) -> Wishes:
    asked = chatbots.analysis_in(chatbot.settings.get("analysis"))
    found = await judgements.flags_found(db, chatbot.id)
    names = [*FLAGS, *sorted(asked.flag_definitions.keys() - FLAGS.keys())]
    return Wishes(
        user=chatbot.settings.get("userAnalysisEnabled") is not False,
        assistant=chatbot.settings.get("assistantAnalysisEnabled") is not False,
        off=asked.off,
        bands=asked.bands,
        flags=[
            FlagWish(name, name in FLAGS, asked.flag_definitions.get(name, FlagDefinition()), found.get(name, 0))
            for name in names
        ],
        judged=(await judgements.standing(db, chatbot.id)).versions,
        parked=await parked.count_parked(db, chatbot.id, attempts=ATTEMPTS),
        job=await last_asked(db, chatbot),
    )
