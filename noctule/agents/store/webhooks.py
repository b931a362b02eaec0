"""SQL on webhooks and on what was sent to them."""

from collections.abc import Sequence
from uuid import UUID

from noctule.agents.models import Delivery, Posting, Webhook
from noctule.base.db import Db
from noctule.chatbots import ChatbotId


async def insert_webhook(db: Db, chatbot_id: ChatbotId, webhook: Webhook, *, secret: str) -> None:
    await db.run(
        """
        insert into webhooks (chatbot_id, id, url, secret, events, created_at)
        values ($1, $2, $3, $4, $5, $6)
        """,
        chatbot_id,
        webhook.id,
        webhook.url,
        secret,
        webhook.events,
        webhook.created_at,
    )


async def webhooks_of(db: Db, chatbot_id: ChatbotId) -> list[Webhook]:
    return await db.all(
        Webhook,
        """
        select id, url, events, created_at
        from webhooks
        where chatbot_id = $1
        order by created_at, id
        """,
        chatbot_id,
    )


async def listeners(db: Db, chatbot_id: ChatbotId, event: str) -> list[UUID]:
    return await db.values(
        "select id from webhooks where chatbot_id = $1 and $2 = any(events) order by id", chatbot_id, event
    )


async def delete_webhook(db: Db, chatbot_id: ChatbotId, webhook_id: UUID) -> bool:
    """With what was ever sent to it."""
    return bool(await db.run("delete from webhooks where chatbot_id = $1 and id = $2", chatbot_id, webhook_id))


async def insert_delivery(
    db: Db, chatbot_id: ChatbotId, delivery_id: UUID, *, webhook_id: UUID, event: str, body: str
) -> None:
    await db.run(
        """
        insert into deliveries (chatbot_id, id, webhook_id, event, body, created_at)
        values ($1, $2, $3, $4, $5, $6)
        """,
        chatbot_id,
        delivery_id,
        webhook_id,
        event,
        body,
        db.now,
    )


async def posting(db: Db, chatbot_id: ChatbotId, delivery_id: UUID) -> Posting | None:
    return await db.one(
        Posting,
        """
        select w.url, w.secret, d.event, d.body
        from deliveries d
        join webhooks w on w.chatbot_id = d.chatbot_id and w.id = d.webhook_id
        where d.chatbot_id = $1 and d.id = $2 and d.delivered_at is null
        """,
        chatbot_id,
        delivery_id,
    )


async def note_attempt(
    db: Db, chatbot_id: ChatbotId, delivery_id: UUID, *, status: int | None, problem: str | None
) -> None:
    """Without a problem it has arrived."""
    await db.run(
        """
        update deliveries
        set attempts = attempts + 1, status = $3, problem = $4,
            delivered_at = case when $4::text is null then $5::timestamptz end
        where chatbot_id = $1 and id = $2
        """,
        chatbot_id,
        delivery_id,
        status,
        problem,
        db.now,
    )


async def deliveries_of(db: Db, chatbot_id: ChatbotId, *, limit: int) -> list[Delivery]:
    """The newest first."""
    return await db.all(
        Delivery,
        """
        select id, webhook_id, event, attempts, status, problem, created_at, delivered_at
        from deliveries
        where chatbot_id = $1
        order by created_at desc, id desc
        limit $2
        """,
        chatbot_id,
        limit,
    )


async def delete_told(db: Db, chatbot_id: ChatbotId, words: Sequence[str]) -> None:
    """What was or is to be sent with one of these words in it."""
    await db.run(
        """
        delete from deliveries
        where chatbot_id = $1 and exists (select 1 from unnest($2::text[]) as u (word) where position(u.word in body) > 0)
        """,
        chatbot_id,
        words,
    )
