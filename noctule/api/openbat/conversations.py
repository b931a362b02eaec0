"""Conversations as OpenBat's clients read them: a list by pages, and one with its messages and judgements."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from noctule import analysis, chatbots, conversations
from noctule.accounts import OrgId
from noctule.analysis import ConversationJudgement, MessageJudgement
from noctule.api.openbat.narrowing import Asked, narrowing_in, narrows, span_of
from noctule.api.openbat.shapes import (
    Analysis,
    ConversationDetail,
    ConversationItem,
    ConversationList,
    Done,
    MessageShape,
    correction_shape,
    note_shape,
    review_shape,
)
from noctule.base.clock import iso
from noctule.base.db import Db
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import parse_id
from noctule.base.text import storable
from noctule.chatbots import Chatbot, ChatbotId, Scalar
from noctule.conversations import Conversation, ConversationId, Message, MessageId, Place, State
from noctule.web.callers import InCaller, JsonRoute
from noctule.web.paging import whole_number
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/api/v1/conversations", tags=["conversations"], route_class=JsonRoute)


_MOST_MESSAGES = 2000
_MOST_COUNTED = 1_000_000


@router.get("")
async def list_conversations(
    request: Request,
    caller: InCaller,
    db: InTransaction,
    *,
    chatbotId: str | None = None,
    page: str | None = None,
    limit: str | None = None,
    asked: Annotated[Asked, Query()],
) -> ConversationList:
    """With `chatbotId` also by conditions, and by accepted custom fields: `custom.<key>=<value>`, as many as there are."""
    number = whole_number("page", page, default=1, least=1, most=10_000)
    size = whole_number("limit", limit, default=20, least=1, most=100, cut=True)
    bots = await chatbots_asked_for(db, caller.org_id, chatbotId)
    custom = await _custom_asked_for(request, db, list(bots) if chatbotId else [])
    if narrows(asked):
        narrowing = await narrowing_in(db, bots if chatbotId else {}, asked, custom=custom or {})
        chatbot_id = next(iter(bots))
        found = await analysis.matching_page(db, chatbot_id, narrowing, limit=size, offset=(number - 1) * size)
        total = await analysis.count_matching(db, chatbot_id, narrowing, most=_MOST_COUNTED)
    else:
        since, until = span_of(asked)
        found = await conversations.conversations_page(
            db, list(bots), limit=size, offset=(number - 1) * size, since=since, until=until, custom=custom
        )
        total = await conversations.count_conversations(db, list(bots), since=since, until=until, custom=custom)
    items = [_item(conversation, bots[conversation.chatbot_id]) for conversation in found]
    return ConversationList(conversations=items, total=total, page=number, limit=size)


@router.get("/{conversation_id:path}", response_model_exclude_unset=True)
async def read_conversation(
    conversation_id: str,
    caller: InCaller,
    db: InTransaction,
    chatbotId: str | None = None,
    after: str | None = None,
) -> ConversationDetail:
    """By our id, or with `chatbotId` also by the caller's own id, which may hold slashes. A long one comes in parts:
    `next_after` is given back as `after` until it is null.
    """
    bots = await chatbots_asked_for(db, caller.org_id, chatbotId)
    found = await find_conversation(db, bots, conversation_id, by_name=chatbotId is not None)
    place = await place_in(db, found, "after", after) if after else conversations.START
    said = await conversations.messages_after(db, found.chatbot_id, found.id, place=place, limit=_MOST_MESSAGES + 1)
    next_after = str(said[_MOST_MESSAGES - 1].id) if len(said) > _MOST_MESSAGES else None
    del said[_MOST_MESSAGES:]
    judgements = await analysis.judgements_of(db, found.chatbot_id, [found.id])
    judged = await analysis.message_judgements_of(db, found.chatbot_id, said)
    messages = [_message(message, judged.get(message.id)) for message in said]
    silence = chatbots.silence_in(bots[found.chatbot_id].settings.get("lifecycle"))
    state = conversations.state_of(found, silence, db.now)
    detail = _detail(found, judgements.get(found.id), messages, state=state)
    topics = await analysis.topics_of_conversations(db, found.chatbot_id, [found.id])
    detail.analysis.topics = [{"id": str(one.id), "name": one.name} for one in topics.values()]
    return detail.model_copy(update={"next_after": next_after, **await _remarks(db, found)})


@router.post("/{conversation_id:path}/end")
async def end_conversation(
    conversation_id: str, caller: InCaller, db: InTransaction, chatbotId: str | None = None
) -> Done:
    """Nothing more will be said: it is judged for the last time now. A later message opens it again."""
    caller.must_be("admin")
    bots = await chatbots_asked_for(db, caller.org_id, chatbotId)
    found = await find_conversation(db, bots, conversation_id, by_name=chatbotId is not None)
    await conversations.end(db, caller, found.chatbot_id, found.id)
    return Done()


async def place_in(db: Db, conversation: Conversation, name: str, message_id: str) -> Place:
    """Where a message of this conversation stands. Raises Invalid for any other id."""
    parsed = parse_id(message_id)
    place = parsed and await conversations.place_of(db, conversation.chatbot_id, conversation.id, MessageId(parsed))
    if not place:
        raise Invalid.field(name, "is not a message of this conversation")
    return place


async def find_conversation(
    db: Db, bots: Mapping[ChatbotId, Chatbot], conversation_id: str, *, by_name: bool
) -> Conversation:
    parsed = parse_id(conversation_id)
    found = parsed and await conversations.conversation(db, list(bots), ConversationId(parsed))
    if not found and by_name and storable(conversation_id) is None:
        found = await conversations.conversation_named(db, next(iter(bots)), conversation_id)
    if not found:
        raise NotFound("There is no such conversation.")
    return found


async def chatbots_asked_for(db: Db, org_id: OrgId, chatbot_id: str | None) -> dict[ChatbotId, Chatbot]:
    """All of the organization's, or the one that is named. Raises NotFound for one that is not theirs."""
    if not chatbot_id:
        return {chatbot.id: chatbot for chatbot in await chatbots.chatbots_of(db, org_id)}
    chatbot = await chatbots.get(db, org_id, chatbot_in(chatbot_id))
    return {chatbot.id: chatbot}


async def _custom_asked_for(request: Request, db: Db, bots: list[ChatbotId]) -> dict[str, Scalar] | None:
    """What the query says as `custom.<key>=<value>`. Raises Invalid unless the fields are accepted by the one chatbot."""
    asked: dict[str, str] = {}
    for name, text in request.query_params.multi_items():
        start, dot, key = name.partition(".")
        if start == "custom" and dot:
            if key in asked:
                raise Invalid.field(name, "may be given once")
            asked[key] = text
    if not asked:
        return None
    if not bots:
        raise Invalid.field("chatbotId", "is required to filter by custom fields")
    return await chatbots.filter_by(db, bots[0], asked)


async def _remarks(db: Db, conversation: Conversation) -> dict[str, object]:
    reviews = await conversations.reviews_of(db, conversation.chatbot_id, [conversation.id])
    notes = await conversations.notes_of(db, conversation.chatbot_id, conversation.id)
    corrections = await analysis.corrections_of(db, conversation.chatbot_id, [conversation.id])
    return {
        "reviewed": review_shape(reviews.get(conversation.id)),
        "notes": [note_shape(one) for one in notes],
        "corrections": [correction_shape(one) for one in corrections.get(conversation.id, [])],
    }


def _item(conversation: Conversation, chatbot: Chatbot) -> ConversationItem:
    return ConversationItem.model_validate({**_head(conversation), "chatbots": {"name": chatbot.name}})


def _head(conversation: Conversation) -> dict[str, object]:
    return {
        "id": str(conversation.id),
        "chatbot_id": str(conversation.chatbot_id),
        "external_conversation_id": conversation.external_id,
        "external_user_id": conversation.external_user_id,
        "message_count": conversation.message_count,
        "first_message_at": iso(conversation.first_message_at),
        "last_message_at": iso(conversation.last_message_at),
        "created_at": iso(conversation.created_at),
    }


def _detail(
    conversation: Conversation, judgement: ConversationJudgement | None, messages: list[MessageShape], *, state: State
) -> ConversationDetail:
    return ConversationDetail.model_validate(
        {
            **_head(conversation),
            "source": conversation.source,
            "state": state,
            "ended_at": iso(conversation.ended_at) if conversation.ended_at else None,
            "reopened": conversation.reopened,
            "title": conversation.title,
            "user": conversation.person,
            "organization": conversation.organization,
            "session": conversation.session,
            "custom": conversation.custom,
            "enrichment": conversation.enrichment,
            "stated": conversation.stated,
            "tags": conversation.tags,
            "analysis": _analysis(conversation, judgement),
            "messages": messages,
        }
    )


def _analysis(conversation: Conversation, judgement: ConversationJudgement | None) -> dict[str, Any]:
    unknown = Analysis(
        status="pending", final=False, judged_by=None, judged_at=None, language=None, sentiment=None,
        sentiment_label=None, reason=None, by_caller=[], by_human=[], switched_off=[],
    ).model_dump()  # fmt: skip
    if judgement is None:
        return unknown
    return unknown | {
        "status": "pending" if _is_behind(conversation, judgement) else judgement.status,
        "final": judgement.final,
        "judged_by": judgement.judged_by,
        "judged_at": iso(judgement.judged_at),
        "language": judgement.language,
        "sentiment": judgement.sentiment,
        "sentiment_label": None if judgement.sentiment is None else analysis.label(judgement.sentiment),
        "reason": judgement.reason,
        "dissatisfaction": judgement.dissatisfaction,
        "outcome": judgement.outcome,
        "outcome_reason": judgement.outcome_reason,
        "unresolved_probability": judgement.unresolved_probability,
        "intent": judgement.intent,
        "intent_confidence": judgement.intent_confidence,
        "flags": judgement.flags,
        "escalated": judgement.escalated,
        "unanswered": judgement.unanswered,
        "title": judgement.title,
        "summary": judgement.summary,
        "by_caller": judgement.by_caller,
        "by_human": sorted(judgement.by_human),
        "switched_off": judgement.switched_off,
    }


def _is_behind(conversation: Conversation, judgement: ConversationJudgement) -> bool:
    """Something has changed since; the older judgement is shown meanwhile."""
    return judgement.status == "done" and judgement.revision < conversation.revision


def _message(message: Message, judgement: MessageJudgement | None) -> MessageShape:
    shape: dict[str, object] = {
        "id": str(message.id),
        "role": message.role,
        "content": message.content,
        "created_at": iso(message.said_at),
        "sentiment": judgement.sentiment if judgement else None,
        "dissatisfaction": judgement.dissatisfaction if judgement else None,
        "flags": judgement.flags if judgement else [],
    }
    if message.callers_id is not None:
        shape["external_message_id"] = message.callers_id
    if message.sent_at is not None:
        shape["sent_at"] = iso(message.sent_at)
    if message.role == "user":
        shape["user_sentiments"] = judgement.chunks if judgement else []
    if message.role == "assistant":
        shape |= {
            "behavior": judgement.behavior if judgement else None,
            "behavior_confidence": judgement.behavior_confidence if judgement else None,
            "behavior_reason": judgement.behavior_reason if judgement else None,
            "outcome": judgement.outcome if judgement else None,
            "quality": judgement.quality if judgement else None,
        }
    return MessageShape.model_validate(shape)
