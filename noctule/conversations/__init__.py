"""Conversations: what was said. Words enter by `record` alone, usually through a `Recorder` that groups commits.

A conversation belongs to one chatbot and is named by its caller; here it also waits for the analysers.
"""

from noctule.conversations.group import Recorder
from noctule.conversations.lifecycle import end, state_of
from noctule.conversations.models import (
    SETTLING_PAUSE,
    Capture,
    Conversation,
    ConversationId,
    Due,
    Message,
    MessageId,
    Recorded,
    Role,
    State,
    Turn,
)
from noctule.conversations.record import record
from noctule.conversations.store.queue import chatbots_with_due, claim_due, settle, waiting
from noctule.conversations.store.reading import (
    conversation,
    conversation_named,
    conversations_after,
    conversations_before,
    conversations_page,
    count_conversations,
    count_up_to,
    messages_of,
    opening_words,
)

__all__ = [
    "SETTLING_PAUSE",
    "Capture",
    "Conversation",
    "ConversationId",
    "Due",
    "Message",
    "MessageId",
    "Recorded",
    "Recorder",
    "Role",
    "State",
    "Turn",
    "chatbots_with_due",
    "claim_due",
    "conversation",
    "conversation_named",
    "conversations_after",
    "conversations_before",
    "conversations_page",
    "count_conversations",
    "count_up_to",
    "end",
    "messages_of",
    "opening_words",
    "record",
    "settle",
    "state_of",
    "waiting",
]
