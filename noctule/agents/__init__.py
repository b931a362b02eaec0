"""Agents: chatbots that answer themselves, from what a team has taught them, with the words of a source or not at all."""

from noctule.agents.answer import answer, words_of
from noctule.agents.calibrate import HANDLER, calibration_job
from noctule.agents.chat import Asked, Exchange, ask, citation, last_words, segment_of
from noctule.agents.models import Calibration, Looked, Quote, Reply, Said
from noctule.agents.store.agents import calibration, calibrations_of

__all__ = [
    "HANDLER",
    "Asked",
    "Calibration",
    "Exchange",
    "Looked",
    "Quote",
    "Reply",
    "Said",
    "answer",
    "ask",
    "calibration",
    "calibration_job",
    "calibrations_of",
    "citation",
    "last_words",
    "segment_of",
    "words_of",
]
