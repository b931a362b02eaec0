"""Webhooks: a team's own servers hear of what happens. Signed, sent by a job that tries again, and logged.

The body is written as JavaScript writes JSON, because receivers may verify what they have read and written again.
"""

import hmac
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from noctule.accounts import Caller, Member, note
from noctule.agents.models import Webhook
from noctule.agents.store import webhooks as store
from noctule.base import jobs
from noctule.base.crypto import random_hex
from noctule.base.db import Database, Db
from noctule.base.egress import Egress, NotFetched
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import new_id
from noctule.base.jobs import Handler, Job
from noctule.base.text import storable
from noctule.chatbots import Chatbot, ChatbotId

DELIVER = "deliver_webhook"
LEAD_SUBMITTED, ESCALATED = "leads.submit", "conversation.escalated"
EVENTS = (LEAD_SUBMITTED, ESCALATED)
_MOST = 20  # webhooks of a chatbot
_LONGEST = 2000


class NotDelivered(Exception):
    """The text says why; the job is tried again."""


async def add_webhook(
    db: Db, caller: Caller, chatbot: Chatbot, *, url: str, events: Sequence[str], secret: str | None
) -> tuple[Webhook, str]:
    """The webhook and its secret, which is never shown again."""
    _may_manage(caller)
    if storable(url) or len(url) > _LONGEST or not url.startswith(("http://", "https://")):
        raise Invalid.field("url", "must be an address that begins with http:// or https://")
    if unknown := [one for one in events if one not in EVENTS]:
        raise Invalid.field("events", f"must be some of {', '.join(EVENTS)}, not {unknown[0][:50]}")
    if secret is not None and (storable(secret) or not 8 <= len(secret) <= 200):
        raise Invalid.field("secret", "must have 8 to 200 characters")
    if len(await store.webhooks_of(db, chatbot.id)) >= _MOST:
        raise Invalid.field("url", f"would be one more than the {_MOST} webhooks that a chatbot may have")
    webhook = Webhook(new_id(), url, list(dict.fromkeys(events)) or [LEAD_SUBMITTED], db.now)
    known = secret or random_hex(40)
    await store.insert_webhook(db, chatbot.id, webhook, secret=known)
    await note(db, caller, action="webhook.added", target=webhook.id, chatbot=str(chatbot.id), events=webhook.events)
    return webhook, known


async def remove_webhook(db: Db, caller: Caller, chatbot: Chatbot, webhook_id: UUID) -> None:
    _may_manage(caller)
    if not await store.delete_webhook(db, chatbot.id, webhook_id):
        raise NotFound("There is no such webhook.")
    await note(db, caller, action="webhook.removed", target=webhook_id, chatbot=str(chatbot.id))


async def fire(db: Db, chatbot_id: ChatbotId, event: str, payload: Mapping[str, object]) -> None:
    """In the transaction of what happened: nobody hears of what did not."""
    body = {"eventType": event, "chatbotId": str(chatbot_id), "payload": dict(payload)}
    text = msgspec.json.encode(body).decode()
    for webhook_id in await store.listeners(db, chatbot_id, event):
        delivery_id = new_id()
        await store.insert_delivery(db, chatbot_id, delivery_id, webhook_id=webhook_id, event=event, body=text)
        await jobs.enqueue(db, DELIVER, {"chatbot_id": str(chatbot_id), "delivery_id": str(delivery_id)})


def delivering(egress: Egress) -> Handler:
    async def deliver(database: Database, job: Job) -> None:
        chatbot_id, delivery_id = ChatbotId(UUID(job.args["chatbot_id"])), UUID(job.args["delivery_id"])
        async with database.transaction() as db:
            posting = await store.posting(db, chatbot_id, delivery_id)
            now = int(db.now.timestamp())
        if posting is None:
            return  # the webhook is gone, or it has arrived
        body = posting.body.encode()
        headers = signatures(body, posting.secret, now) | {"x-noctule-event": posting.event}
        answer = await egress.post(posting.url, body, headers)
        problem = f"The address {answer.reason}." if isinstance(answer, NotFetched) else None
        async with database.transaction() as db:
            await store.note_attempt(db, chatbot_id, delivery_id, status=answer.status, problem=problem)
        if problem is not None:
            raise NotDelivered(problem)

    return deliver


def signatures(body: bytes, secret: str, seconds: int) -> dict[str, str]:
    """As clients of Chatbase verify it, and one of ours that also binds the hour."""
    key = secret.encode()
    ours = hmac.new(key, f"{seconds}.".encode() + body, "sha256").hexdigest()
    return {
        "x-chatbase-signature": hmac.new(key, body, "sha1").hexdigest(),
        "x-noctule-signature": f"t={seconds},v1={ours}",
    }


def _may_manage(caller: Caller) -> None:
    if isinstance(caller, Member):
        caller.must_be("admin")
