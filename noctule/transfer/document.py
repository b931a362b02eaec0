"""A part of a conversation as a JSON document: the shape in which conversations are read, with every fact that is kept.

The import reads the same shape again (shapes.py). Times keep their microseconds.
"""

from typing import Any

import msgspec

from noctule import analysis
from noctule.analysis import ConversationJudgement
from noctule.transfer.models import Part, Words


def encode(part: Part, *, with_analysis: bool) -> bytes:
    return msgspec.json.encode(_document(part, with_analysis=with_analysis))


def _document(part: Part, *, with_analysis: bool) -> dict[str, Any]:
    conversation = part.conversation
    document: dict[str, Any] = {
        "id": str(conversation.id),
        "number": conversation.number,
        "chatbot_id": str(conversation.chatbot_id),
        "external_conversation_id": conversation.external_id,
        "external_user_id": conversation.external_user_id,
        "source": conversation.source,
        "state": part.state,
        "ended_at": conversation.ended_at,
        "reopened": conversation.reopened,
        "created_at": conversation.created_at,
        "first_message_at": conversation.first_message_at,
        "last_message_at": conversation.last_message_at,
        "last_received_at": conversation.last_received_at,
        "message_count": conversation.message_count,
        "part": part.number,
        "more": part.more,
        "title": conversation.title,
        "tags": conversation.tags,
        "user": conversation.person,
        "organization": conversation.organization,
        "session": conversation.session,
        "custom": conversation.custom,
        "enrichment": conversation.enrichment,
        "stated": conversation.stated,
    }
    if with_analysis:
        document["analysis"] = judged(part.judgement)
    document["messages"] = [_message(words, with_analysis=with_analysis) for words in part.words]
    return document


def _message(words: Words, *, with_analysis: bool) -> dict[str, Any]:
    message: dict[str, Any] = {
        "id": str(words.id),
        "role": words.role,
        "content": words.content,
        "external_message_id": words.external_id,
        "sent_at": words.sent_at,
        "received_at": words.received_at,
        "evidence": words.evidence,
    }
    if with_analysis:
        message["sentiment"] = words.sentiment
        if words.role == "user":
            message["user_sentiments"] = words.chunks or []
    return message


def judged(judgement: ConversationJudgement | None) -> dict[str, Any]:
    """Before anybody has judged it, everything but the status is null."""
    sentiment = judgement.sentiment if judgement else None
    return {
        "status": judgement.status if judgement else "pending",
        "final": judgement.final if judgement else False,
        "judged_by": judgement.judged_by if judgement else None,
        "judged_at": judgement.judged_at if judgement else None,
        "language": judgement.language if judgement else None,
        "sentiment": sentiment,
        "sentiment_label": None if sentiment is None else analysis.label(sentiment),
        "intent": judgement.intent if judgement else None,
        "escalated": judgement.escalated if judgement else None,
        "reason": judgement.reason if judgement else None,
        "by_caller": judgement.by_caller if judgement else [],
        "by_human": sorted(judgement.by_human) if judgement else [],
    }
