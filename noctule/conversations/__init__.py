"""Conversations: what was said. Words enter by `record` alone, usually through a `Recorder` that groups commits.

A conversation belongs to one chatbot and is named by its caller; here it also waits for the analysers.
"""

from noctule.conversations.change import amend, delete
from noctule.conversations.group import Recorder
from noctule.conversations.join import join_people, part_with
from noctule.conversations.lifecycle import end, state_of
from noctule.conversations.merge import Said, continued
from noctule.conversations.metadata import evidence_of, metadata_in, metadata_of, parts_of, stated_in
from noctule.conversations.models import (
    INVENTED,
    SETTLING_PAUSE,
    Amendment,
    Capture,
    Conversation,
    ConversationId,
    Due,
    Gone,
    Message,
    MessageId,
    Note,
    NoteOf,
    Recorded,
    Review,
    Role,
    Standing,
    State,
    Turn,
)
from noctule.conversations.news import DAY_CHANGED, FACTS_CHANGED, day_changed, day_of, days_to_count
from noctule.conversations.record import record
from noctule.conversations.remarks import LONGEST_NOTE, delete_note, mark_reviewed, mark_unreviewed, write_note
from noctule.conversations.removal import remove_before, remove_of
from noctule.conversations.store.queue import (
    awaits_analysis,
    chatbots_with_due,
    claim_due,
    make_due,
    settle,
    still_leased,
    waiting,
)
from noctule.conversations.store.reading import (
    conversation,
    conversation_named,
    conversation_numbered,
    conversations_before,
    conversations_begun,
    conversations_in_order,
    conversations_newest,
    conversations_page,
    count_conversations,
    count_up_to,
    messages_of,
    opening_words,
)
from noctule.conversations.store.remarks import hold_conversation, notes_of, reviews_of
from noctule.conversations.store.removal import conversations_with, count_before, notes_about
from noctule.conversations.store.standing import count_talking, standings_of
from noctule.conversations.store.transcript import END, START, Place, messages_after, messages_before, place_of

__all__ = [
    "DAY_CHANGED",
    "END",
    "FACTS_CHANGED",
    "INVENTED",
    "LONGEST_NOTE",
    "SETTLING_PAUSE",
    "START",
    "Amendment",
    "Capture",
    "Conversation",
    "ConversationId",
    "Due",
    "Gone",
    "Message",
    "MessageId",
    "Note",
    "NoteOf",
    "Place",
    "Recorded",
    "Recorder",
    "Review",
    "Role",
    "Said",
    "Standing",
    "State",
    "Turn",
    "amend",
    "awaits_analysis",
    "chatbots_with_due",
    "claim_due",
    "continued",
    "conversation",
    "conversation_named",
    "conversation_numbered",
    "conversations_before",
    "conversations_begun",
    "conversations_in_order",
    "conversations_newest",
    "conversations_page",
    "conversations_with",
    "count_before",
    "count_conversations",
    "count_talking",
    "count_up_to",
    "day_changed",
    "day_of",
    "days_to_count",
    "delete",
    "delete_note",
    "end",
    "evidence_of",
    "hold_conversation",
    "join_people",
    "make_due",
    "mark_reviewed",
    "mark_unreviewed",
    "messages_after",
    "messages_before",
    "messages_of",
    "metadata_in",
    "metadata_of",
    "notes_about",
    "notes_of",
    "opening_words",
    "part_with",
    "parts_of",
    "place_of",
    "record",
    "remove_before",
    "remove_of",
    "reviews_of",
    "settle",
    "standings_of",
    "state_of",
    "stated_in",
    "still_leased",
    "waiting",
    "write_note",
]
