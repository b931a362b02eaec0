"""Cuts a message into plain pieces and pieces that carry feeling, so that a template can mark them."""

from dataclasses import dataclass

from noctule.analysis import MessageJudgement


@dataclass(frozen=True)
class Piece:
    text: str
    score: float | None = None  # none: plain
    reasoning: str = ""

    @property
    def tone(self) -> str:
        if self.score is None:
            return ""
        return "pos" if self.score > 0.2 else "neg" if self.score < -0.2 else "neu"


def pieces_of(text: str, judgement: MessageJudgement | None) -> list[Piece]:
    """Joined again, the pieces are the text. Chunks that do not fit the text are left out."""
    pieces: list[Piece] = []
    place = 0
    for chunk in judgement.chunks if judgement else []:
        start, end = int(chunk["start"]), int(chunk["end"])
        if place <= start < end <= len(text):
            if start > place:
                pieces.append(Piece(text[place:start]))
            pieces.append(Piece(text[start:end], float(chunk["score"]), str(chunk["reasoning"])))
            place = end
    if place < len(text):
        pieces.append(Piece(text[place:]))
    return pieces
