"""Correcting a judgement by hand, and taking that back: for owners and admins. Figures and filters follow at once.

The conversation is held meanwhile, as analysers hold it when they save, so that neither overlooks the other.
"""

import re
from collections.abc import Mapping
from typing import Any, get_args

from noctule import conversations, people
from noctule.accounts import Member, note
from noctule.analysis.corrected import FLAG, with_corrected, without_corrected
from noctule.analysis.models import LABELS, ConversationJudgement, Correction, label
from noctule.analysis.outcome import Outcome
from noctule.analysis.store import corrections as store
from noctule.analysis.store import facts, judgements
from noctule.base.db import Db
from noctule.base.errors import Conflict, Invalid, NotFound
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId
from noctule.people import Identified

OUTCOMES: tuple[str, ...] = get_args(Outcome)
MOST_CORRECTIONS = 50  # at once
_SLUG = re.compile(r"[a-z0-9][a-z0-9_]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


async def correct(
    db: Db, member: Member, chatbot_id: ChatbotId, *, conversation_id: ConversationId, said: Mapping[str, Any]
) -> None:
    """`said` by signal: `sentiment` in words, `outcome`, `intent`, `escalated`, `language`, and `flags.<name>` as true or
    false. Raises NotFound, Denied, Invalid, or Conflict for a conversation that is not judged yet.
    """
    judged = await _held(db, member, chatbot_id, conversation_id)
    if not 1 <= len(said) <= MOST_CORRECTIONS:
        raise Invalid.field("body", f"must correct 1 to {MOST_CORRECTIONS} signals")
    for signal, value in said.items():
        _check(signal, value)
    if judged is None:
        raise Conflict("This conversation is not judged yet.")
    plain = without_corrected(judged)
    new = [
        Correction(
            conversation_id,
            signal,
            value,
            was=said_of(plain, signal),
            was_by="caller" if signal in plain.by_caller else plain.judged_by,
            corrected_by=member.user_id,
            corrector=member.name,
            corrected_at=db.now,
        )
        for signal, value in said.items()
    ]
    await store.save_corrections(db, chatbot_id, new)
    await _lay_over(db, chatbot_id, judged)
    await note(db, member, action="conversation.corrected", target=conversation_id, **said)


async def take_back(
    db: Db, member: Member, chatbot_id: ChatbotId, *, conversation_id: ConversationId, signal: str
) -> None:
    """What the analysers or the caller say holds again. Raises NotFound or Denied."""
    judged = await _held(db, member, chatbot_id, conversation_id)
    if judged is None or signal not in judged.by_human:
        raise NotFound("There is no such correction.")
    await store.delete_correction(db, chatbot_id, conversation_id, signal)
    await _lay_over(db, chatbot_id, judged)
    await note(db, member, action="conversation.correction_taken_back", target=conversation_id, signal=signal)


def said_of(judgement: ConversationJudgement, signal: str) -> Any:
    """In the words of a correction; None when it was not judged."""
    if signal.startswith(FLAG):
        return any(flag["name"] == signal.removeprefix(FLAG) for flag in judgement.flags)
    if signal == "sentiment":
        return None if judgement.sentiment is None else label(judgement.sentiment)
    return getattr(judgement, signal)


async def _held(
    db: Db, member: Member, chatbot_id: ChatbotId, conversation_id: ConversationId
) -> ConversationJudgement | None:
    known = await conversations.conversation(db, [chatbot_id], conversation_id)
    if known is None:
        raise NotFound("There is no such conversation.")
    member.must_be("admin")
    # People before conversations, as whoever records holds them.
    await people.renew_soon(db, chatbot_id, [Identified(known.person_id, known.company_id)])
    if not await conversations.hold_conversation(db, chatbot_id, conversation_id):
        raise NotFound("There is no such conversation.")
    await conversations.day_changed(db, chatbot_id, [known.first_message_at])
    return (await judgements.judgements_of(db, chatbot_id, [conversation_id])).get(conversation_id)


async def _lay_over(db: Db, chatbot_id: ChatbotId, judged: ConversationJudgement) -> None:
    ours = await store.corrections_of(db, chatbot_id, [judged.conversation_id])
    await judgements.update_corrected(db, chatbot_id, with_corrected(judged, ours.get(judged.conversation_id, [])))
    await facts.note_facts(db, chatbot_id, [judged.conversation_id])


def _check(signal: str, value: Any) -> None:
    """Raises Invalid, naming the signal."""
    if signal == "escalated" or (signal.startswith(FLAG) and _SLUG.fullmatch(signal.removeprefix(FLAG))):
        fits, wanted = isinstance(value, bool), "must be true or false"
    elif signal == "sentiment":
        fits, wanted = value in LABELS, f"must be one of {', '.join(LABELS)}"
    elif signal == "outcome":
        fits, wanted = value in OUTCOMES, f"must be one of {', '.join(OUTCOMES)}"
    elif signal == "intent":
        fits, wanted = bool(_SLUG.fullmatch(str(value))), "must be 1 to 64 small letters, digits and underscores"
    elif signal == "language":
        fits, wanted = bool(_LANGUAGE.fullmatch(str(value))), "must be a code of two or three small letters, such as de"
    else:
        fits, wanted = False, "is not a signal that can be corrected"
    if not fits:
        raise Invalid.field(signal, wanted)
