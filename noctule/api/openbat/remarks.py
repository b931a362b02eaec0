"""What people say of a conversation: that it is reviewed, notes, and corrections of what was judged. Persons only; owners and admins write."""

from fastapi import APIRouter
from pydantic import BaseModel, Field, field_validator

from noctule import analysis, conversations
from noctule.accounts import Member
from noctule.api.openbat.conversations import chatbots_asked_for, find_conversation
from noctule.api.openbat.shapes import (
    CorrectionShape,
    Done,
    NoteShape,
    ReviewShape,
    correction_shape,
    note_shape,
    review_shape,
)
from noctule.base.db import Db
from noctule.base.errors import NotFound
from noctule.base.ids import parse_id
from noctule.conversations import Conversation
from noctule.web.callers import InMember, JsonRoute
from noctule.web.services import InTransaction

router = APIRouter(prefix="/api/v1/conversations", tags=["conversations"], route_class=JsonRoute)


class ReviewChange(BaseModel):
    reviewed: bool


class Reviewed(BaseModel):
    ok: bool = True
    reviewed: ReviewShape | None


class NewNote(BaseModel):
    text: str


class Corrected(BaseModel):
    sentiment: str | None = Field(None, description="Very Positive, Positive, Neutral, Negative or Very Negative")
    outcome: str | None = None
    intent: str | None = None
    escalated: bool | None = None
    language: str | None = Field(None, description="a code such as de")
    flags: dict[str, bool] = Field({}, description="by name: whether it holds")

    @field_validator("sentiment", "outcome", "intent", "escalated", "language", mode="before")
    @classmethod
    def _not_null(cls, value: object) -> object:
        if value is None:
            raise ValueError("must not be null; take a correction back by DELETE")
        return value


class Corrections(BaseModel):
    ok: bool = True
    corrections: list[CorrectionShape]


@router.post("/{conversation_id:path}/review")
async def review_conversation(
    conversation_id: str, body: ReviewChange, member: InMember, db: InTransaction, chatbotId: str | None = None
) -> Reviewed:
    """Whoever marked it first stays the one who did."""
    found = await _found(db, member, conversation_id, chatbotId)
    await analysis.review(db, member, found.chatbot_id, [found.id], reviewed=body.reviewed)
    review = (await conversations.reviews_of(db, found.chatbot_id, [found.id])).get(found.id)
    return Reviewed(reviewed=review_shape(review))


@router.post("/{conversation_id:path}/notes", status_code=201)
async def write_note(
    conversation_id: str, body: NewNote, member: InMember, db: InTransaction, chatbotId: str | None = None
) -> NoteShape:
    found = await _found(db, member, conversation_id, chatbotId)
    return note_shape(
        await conversations.write_note(db, member, found.chatbot_id, conversation_id=found.id, text=body.text)
    )


@router.delete("/{conversation_id:path}/notes/{note_id}")
async def delete_note(
    conversation_id: str, note_id: str, member: InMember, db: InTransaction, chatbotId: str | None = None
) -> Done:
    """One's own; owners and admins any."""
    found = await _found(db, member, conversation_id, chatbotId)
    parsed = parse_id(note_id)
    if parsed is None:
        raise NotFound("There is no such note.")
    await conversations.delete_note(db, member, found.chatbot_id, conversation_id=found.id, note_id=parsed)
    return Done()


@router.post("/{conversation_id:path}/corrections")
async def correct(
    conversation_id: str, body: Corrected, member: InMember, db: InTransaction, chatbotId: str | None = None
) -> Corrections:
    """Some of them; it stays when the conversation is judged again, until it is taken back."""
    found = await _found(db, member, conversation_id, chatbotId)
    said = body.model_dump(exclude_unset=True)
    flags = said.pop("flags", {})
    said |= {f"flags.{name}": value for name, value in flags.items()}
    await analysis.correct(db, member, found.chatbot_id, conversation_id=found.id, said=said)
    return await _corrections(db, found)


@router.delete("/{conversation_id:path}/corrections/{signal}")
async def take_back(
    conversation_id: str, signal: str, member: InMember, db: InTransaction, chatbotId: str | None = None
) -> Corrections:
    """What was judged or stated holds again."""
    found = await _found(db, member, conversation_id, chatbotId)
    await analysis.take_back(db, member, found.chatbot_id, conversation_id=found.id, signal=signal)
    return await _corrections(db, found)


async def _corrections(db: Db, found: Conversation) -> Corrections:
    known = await analysis.corrections_of(db, found.chatbot_id, [found.id])
    return Corrections(corrections=[correction_shape(one) for one in known.get(found.id, [])])


async def _found(db: Db, member: Member, conversation_id: str, chatbot_id: str | None) -> Conversation:
    """By our id, or in a chatbot also by the caller's."""
    bots = await chatbots_asked_for(db, member.org_id, chatbot_id)
    return await find_conversation(db, bots, conversation_id, by_name=chatbot_id is not None)
