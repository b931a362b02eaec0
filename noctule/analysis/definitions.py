"""What each signal and each flag means, in words that a team can hold a conversation against."""

from typing import Literal, NamedTuple

Side = Literal["user", "assistant"]


class Signal(NamedTuple):
    name: str
    side: Side
    label: str
    definition: str


SIGNALS = (
    Signal(
        "sentiment", "user", "Sentiment", "How the words of the user feel, from −1 to 1, sentence by sentence. English only."
    ),
    Signal(
        "dissatisfaction", "user", "Dissatisfaction",
        "How likely it is that the user is unhappy with the answers: refusals, corrections, repetition, the course of the talk.",
    ),
    Signal("intent", "user", "Intent", "What the user wants, one of fifteen general ones, by the wording of the opening."),
    Signal(
        "topics", "user", "Topics",
        "What conversations are about: those alike are grouped. Switched off, new conversations join no topic.",
    ),
    Signal("flags", "user", "Flags", "What a team wants to hear of at once: the six below and your own."),
    Signal("behavior", "assistant", "Behavior", "How the assistant behaves in each turn, one of nine, such as helpful or dodging."),
    Signal(
        "outcome", "assistant", "Outcome",
        "What came of it: resolved, partly, deflected or not possible; also whether a question stayed open or a person was asked for.",
    ),
    Signal("quality", "assistant", "Quality", "Six marks of each answer from its form and its fit to the question. An estimate."),
)  # fmt: skip
OF_USER, OF_ASSISTANT = (tuple(one.name for one in SIGNALS if one.side == side) for side in ("user", "assistant"))

FLAGS: dict[str, str] = {
    "churn_risk": "The user says that he is leaving, cancelling or not coming back.",
    "frustrated_user": "The user is angry or fed up, in words or by the course of the talk.",
    "buying_signal": "The user wants to buy, upgrade, get a quote or see a demo.",
    "competitor_mention": "The user compares with another provider, or has been there. Add your rivals as words.",
    "urgent_request": "The user cannot wait: a deadline, an outage, an emergency.",
    "confused_user": "The user does not understand the answer or what to do.",
}
