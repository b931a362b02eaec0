"""What people do about answers: thumbs, a better answer that counts from then on, and handing over to a person."""

from hashlib import blake2b

from noctule import conversations, knowledge, people
from noctule.accounts import Caller, note
from noctule.agents.store import agents as store
from noctule.agents.webhooks import ESCALATED, fire
from noctule.base.db import Db
from noctule.base.errors import Invalid, NotFound
from noctule.base.jobs import JobState
from noctule.base.text import storable
from noctule.chatbots import Chatbot
from noctule.conversations import Amendment, Conversation
from noctule.knowledge import Draft, Source

_LONGEST_QUESTION, _LONGEST_ANSWER = 2000, 20_000
REVISED = "revised:"  # how the sources of better answers are named


async def rate(db: Db, caller: Caller, chatbot: Chatbot, *, message: str, thumb: int | None) -> None:
    """1 is up, -1 is down, None takes it back. Raises NotFound."""
    found = await store.answer_named(db, chatbot.id, message) if storable(message) is None else None
    if found is None:
        raise NotFound("There is no such answer.")
    conversation_id, message_id = found
    if thumb is None:
        await store.take_thumb_back(db, chatbot.id, conversation_id, message_id)
    else:
        await store.keep_thumb(db, chatbot.id, conversation_id, message_id=message_id, thumb=thumb)
    await note(db, caller, action="answer.rated", target=message_id, chatbot=str(chatbot.id), thumb=thumb)


async def revise(db: Db, caller: Caller, chatbot: Chatbot, *, question: str, expected: str) -> tuple[Source, JobState]:
    """The same question revised again takes the place of the last revision."""
    asked = _checked("question", question, _LONGEST_QUESTION)
    draft = Draft(
        "qna",
        external_id=REVISED + blake2b(" ".join(asked.lower().split()).encode(), digest_size=12).hexdigest(),
        title=asked,
        text=_checked("answer", expected, _LONGEST_ANSWER),
    )
    [source], job = await knowledge.add(db, caller, chatbot, [draft])
    await note(db, caller, action="answer.revised", target=source.id, chatbot=str(chatbot.id))
    return source, job


async def escalate(db: Db, caller: Caller, chatbot: Chatbot, conversation: Conversation) -> Conversation:
    """A person is to take over. Doing it twice, or by two at once, tells nobody twice."""
    await conversations.hold_conversation(db, chatbot.id, conversation.id)
    conversation = await conversations.conversation(db, [chatbot.id], conversation.id) or conversation
    if conversation.stated.get("escalated") is True:
        return conversation
    amendment = Amendment(stated={**conversation.stated, "escalated": True})
    changed = await conversations.amend(db, caller, chatbot.id, conversation_id=conversation.id, amendment=amendment)
    await note(db, caller, action="conversation.escalated", target=conversation.id, chatbot=str(chatbot.id))
    payload = {"conversationId": conversation.external_id, **await _customer(db, conversation)}
    await fire(db, chatbot.id, ESCALATED, payload)
    return changed


async def _customer(db: Db, conversation: Conversation) -> dict[str, str]:
    """As the conversation names them, else as they are known."""
    ids = [conversation.person_id] if conversation.person_id else []
    known = [one.traits for one in await people.contacts_with(db, conversation.chatbot_id, ids)]
    named = {**(known[0] if known else {}), **conversation.person}
    return {"customerEmail": named.get("email") or "", "customerName": named.get("name") or ""}


def _checked(field: str, text: str, most: int) -> str:
    text = text.strip()
    if problem := storable(text):
        raise Invalid.field(field, problem)
    if not 1 <= len(text) <= most:
        raise Invalid.field(field, f"must have 1 to {most:,} characters")
    return text
