"""Chatbots: what a team runs. Their keys, settings and custom fields, and who may change them."""

from noctule.chatbots.answering import COVERAGE, REFUSAL, AgentSettings, agent_in
from noctule.chatbots.chats import ChatHome, ChatRing, home_of
from noctule.chatbots.company import COMPANY, company_in
from noctule.chatbots.declare import accepted_fields, change_field, declare_field, fields_of, filter_by
from noctule.chatbots.fields import note_use, warnings_for
from noctule.chatbots.keys import CHANNEL, KeyRing, opens
from noctule.chatbots.manage import archive, change, create, delete, get, restore, rotate_key
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
from noctule.chatbots.settings import check_settings, merge, silence_in
from noctule.chatbots.signals import (
    FLAG_TEXTS,
    HIGHEST,
    LOWEST,
    AnalysisSettings,
    Bands,
    FlagDefinition,
    analysis_in,
    check_analysis,
)
from noctule.chatbots.store.chatbots import chatbot_anywhere, chatbots_of, every_chatbot, ingests_of
from noctule.chatbots.views import LONGEST_VIEW_NAME, change_view, delete_view, save_view, views_of

__all__ = [
    "CHANNEL",
    "COMPANY",
    "COVERAGE",
    "FLAG_TEXTS",
    "HIGHEST",
    "LONGEST_VIEW_NAME",
    "LOWEST",
    "REFUSAL",
    "AgentSettings",
    "AnalysisSettings",
    "Bands",
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
    "change",
    "change_field",
    "change_view",
    "chatbot_anywhere",
    "chatbots_of",
    "check_analysis",
    "check_settings",
    "company_in",
    "create",
    "declare_field",
    "delete",
    "delete_view",
    "every_chatbot",
    "fields_of",
    "filter_by",
    "get",
    "home_of",
    "ingests_of",
    "merge",
    "note_use",
    "opens",
    "restore",
    "rotate_key",
    "save_view",
    "silence_in",
    "views_of",
    "warnings_for",
]
