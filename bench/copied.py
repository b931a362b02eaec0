"""The floor under storing messages: what PostgreSQL itself needs for the same rows in the same tables, with COPY.

Rows that capture has stored are written once more, for another chatbot, in one piece and with all indexes and references.
"""

import io
from typing import Any
from uuid import UUID

import asyncpg

from bench.server import Server

_COLUMNS = """
select column_name from information_schema.columns
where table_name = $1 and is_identity = 'NO' and column_name <> 'chatbot_id' order by ordinal_position
"""
# The rows of conversations with so many messages, some of them, as another chatbot's.
_CHOSEN = "select id from conversations where chatbot_id = $2 and message_count = $3 order by id limit $4"
_ROWS = {
    "conversations": f"select $1::uuid, {{}} from conversations where chatbot_id = $2 and id in ({_CHOSEN}) order by id",
    "messages": f"select $1::uuid, {{}} from messages where chatbot_id = $2 and conversation_id in ({_CHOSEN})"
    " order by conversation_id, placed_at, placed_rank, id",
}


async def copy_again(server: Server, chatbot_id: str, *, messages: int, most: int) -> float:
    """CPU of PostgreSQL in seconds for each message, of at most so many conversations with `messages` each."""
    another, _ = server.new_chatbot("copied")
    known = UUID(another), UUID(chatbot_id), messages, most
    connection: Any = await asyncpg.connect(server.database_url)
    try:
        pieces = [(table, await _columns(connection, table), io.BytesIO()) for table in _ROWS]
        for table, columns, piece in pieces:
            query = _ROWS[table].format(", ".join(columns))
            await connection.copy_from_query(query, *known, output=piece, format="binary")
        before = server.cpu_seconds()["postgres"]
        stored = 0
        async with connection.transaction():
            for table, columns, piece in pieces:
                piece.seek(0)
                told = await connection.copy_to_table(
                    table, source=piece, columns=["chatbot_id", *columns], format="binary"
                )
                stored = int(told.removeprefix("COPY "))
        return (server.cpu_seconds()["postgres"] - before) / stored
    finally:
        await connection.close()


async def _columns(connection: Any, table: str) -> list[str]:
    return [row["column_name"] for row in await connection.fetch(_COLUMNS, table)]
