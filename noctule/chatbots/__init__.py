"""Chatbots: what a team runs. Their keys, settings and custom fields, and who may change them."""

from noctule.chatbots.answering import COVERAGE, REFUSAL, AgentSettings, agent_in
from noctule.chatbots.chats import ChatHome, ChatRing, home_of
from noctule.chatbots.columns import MOST_COLUMNS, columns_of, keep_columns
from noctule.chatbots.company import COMPANY, company_in
from noctule.chatbots.declare import accepted_fields, change_field, declare_field, fields_of, filter_by
from noctule.chatbots.fields import note_use, warnings_for
from noctule.chatbots.keys import CHANNEL, KeyRing, opens
from noctule.chatbots.manage import (
    CALENDAR_CHANGED,
    archive,
    calendar_changed,
    calendars_of,
    change,
    create,
    delete,
    get,
    restore,
    rotate_key,
)
from noctule.chatbots.models import (
    Chatbot,
    ChatbotArchived,
    ChatbotId,
    CustomField,
    FieldStatus,
    FieldType,
    Ingest,
    KeyRevoked,
    SavedView,
    Scalar,
    Silence,
    ViewPage,
)
from noctule.chatbots.privacy import LONGEST_RETENTION, retention_in
from noctule.chatbots.settings import silence_in
from noctule.chatbots.signals import AnalysisSettings, FlagDefinition, analysis_in
from noctule.chatbots.store.chatbots import (
    chatbot_anywhere,
    chatbots_of,
    chatbots_with_retention,
    every_chatbot,
    hold_settings,
    ingests_of,
)
from noctule.chatbots.store.fields import forget_samples
from noctule.chatbots.views import LONGEST_VIEW_NAME, change_view, delete_view, save_view, views_of

__all__ = [
    "CALENDAR_CHANGED",
    "CHANNEL",
    "COMPANY",
    "COVERAGE",
    "LONGEST_RETENTION",
    "LONGEST_VIEW_NAME",
    "MOST_COLUMNS",
    "REFUSAL",
    "AgentSettings",
    "AnalysisSettings",
    "ChatHome",
    "ChatRing",
    "Chatbot",
    "ChatbotArchived",
    "ChatbotId",
    "CustomField",
    "FieldStatus",
    "FieldType",
    "FlagDefinition",
    "Ingest",
    "KeyRevoked",
    "KeyRing",
    "SavedView",
    "Scalar",
    "Silence",
    "ViewPage",
    "accepted_fields",
    "agent_in",
    "analysis_in",
    "archive",
    "calendar_changed",
    "calendars_of",
    "change",
    "change_field",
    "change_view",
    "chatbot_anywhere",
    "chatbots_of",
    "chatbots_with_retention",
    "columns_of",
    "company_in",
    "create",
    "declare_field",
    "delete",
    "delete_view",
    "every_chatbot",
    "fields_of",
    "filter_by",
    "forget_samples",
    "get",
    "hold_settings",
    "home_of",
    "ingests_of",
    "keep_columns",
    "note_use",
    "opens",
    "restore",
    "retention_in",
    "rotate_key",
    "save_view",
    "silence_in",
    "views_of",
    "warnings_for",
]
