"""Agents: chatbots that answer themselves, from what a team has taught them, with the words of a source or not at all."""

from noctule.agents.answer import answer, words_of
from noctule.agents.calibrate import HANDLER, calibration_job
from noctule.agents.chat import Asked, Exchange, ask, citation, last_words, segment_of
from noctule.agents.forget import forget_leads, forget_told
from noctule.agents.leads import submit_lead
from noctule.agents.mend import escalate, rate, revise
from noctule.agents.models import Calibration, Delivery, Lead, Looked, Quote, Reply, Said, Webhook
from noctule.agents.store.agents import calibration, calibrations_of, note_change, thumbs_of
from noctule.agents.store.leads import leads_of, leads_with, with_leads
from noctule.agents.store.webhooks import deliveries_of, webhooks_of
from noctule.agents.webhooks import DELIVER, EVENTS, add_webhook, delivering, remove_webhook

__all__ = [
    "DELIVER",
    "EVENTS",
    "HANDLER",
    "Asked",
    "Calibration",
    "Delivery",
    "Exchange",
    "Lead",
    "Looked",
    "Quote",
    "Reply",
    "Said",
    "Webhook",
    "add_webhook",
    "answer",
    "ask",
    "calibration",
    "calibration_job",
    "calibrations_of",
    "citation",
    "deliveries_of",
    "delivering",
    "escalate",
    "forget_leads",
    "forget_told",
    "last_words",
    "leads_of",
    "leads_with",
    "note_change",
    "rate",
    "remove_webhook",
    "revise",
    "segment_of",
    "submit_lead",
    "thumbs_of",
    "webhooks_of",
    "with_leads",
    "words_of",
]
