"""Saved views of a chatbot's conversations."""

from collections.abc import Sequence
from uuid import UUID

from noctule.accounts import UserId
from noctule.base.db import Db
from noctule.chatbots.models import ChatbotId, SavedView


async def views_of(db: Db, chatbot_id: ChatbotId, user_id: UserId) -> list[SavedView]:
    """Those of a person and those for everybody, by name."""
    return await db.all(
        SavedView,
        """
        select id, page, name, query, shared, saved_by, created_at
        from saved_views
        where chatbot_id = $1 and (shared or saved_by = $2)
        order by lower(name), id
        """,
        chatbot_id,
        user_id,
    )


async def insert_view(db: Db, chatbot_id: ChatbotId, view: SavedView) -> None:
    await db.run(
        """
        insert into saved_views (chatbot_id, id, page, name, query, shared, saved_by, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        chatbot_id,
        view.id,
        view.page,
        view.name,
        view.query,
        view.shared,
        view.saved_by,
        view.created_at,
    )


async def update_view(db: Db, chatbot_id: ChatbotId, view: SavedView) -> None:
    await db.run(
        """
        update saved_views
        set name = $3, query = $4, shared = $5
        where chatbot_id = $1 and id = $2
        """,
        chatbot_id,
        view.id,
        view.name,
        view.query,
        view.shared,
    )


async def delete_view(db: Db, chatbot_id: ChatbotId, view_id: UUID) -> None:
    await db.run("delete from saved_views where chatbot_id = $1 and id = $2", chatbot_id, view_id)


async def columns_of(db: Db, chatbot_id: ChatbotId, user_id: UserId) -> list[str] | None:
    return await db.value(
        "select columns from list_columns where chatbot_id = $1 and user_id = $2", chatbot_id, user_id
    )


async def keep_columns(db: Db, chatbot_id: ChatbotId, user_id: UserId, columns: Sequence[str]) -> None:
    await db.run(
        """
        insert into list_columns (chatbot_id, user_id, columns)
        values ($1, $2, $3)
        on conflict (chatbot_id, user_id) do update set columns = excluded.columns
        """,
        chatbot_id,
        user_id,
        columns,
    )


async def forget_columns(db: Db, chatbot_id: ChatbotId, user_id: UserId) -> None:
    await db.run("delete from list_columns where chatbot_id = $1 and user_id = $2", chatbot_id, user_id)
