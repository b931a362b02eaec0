"""The ingest key of a chatbot: `ob_live_` and 32 hex digits, shown once, kept as SHA-256, found by its hash.

Looked up on every request, so a process remembers what it found. A rotated key stops at once nevertheless: the
transaction that stores a request checks the key again, and a notice empties the memory of every process.
"""

from noctule.base.crypto import digest, random_hex
from noctule.base.db import Database, Db
from noctule.chatbots.models import ChatbotId, KeyRevoked
from noctule.chatbots.store import chatbots as store

KEY_START = "ob_live_"
SHOWN = 14  # characters of a key that may be seen again
CHANNEL = "chatbot_keys"
_REMEMBERED = 10_000


def new_key() -> str:
    return KEY_START + random_hex(32)


async def announce_change(db: Db) -> None:
    """Sent with the commit."""
    await db.value("select pg_notify('chatbot_keys', '')")


async def opens(db: Db, chatbot_id: ChatbotId, key: str) -> bool:
    """Whether this is the key of the chatbot now."""
    return await store.chatbot_with_key(db, digest(key)) == chatbot_id


class KeyRing:
    """Which chatbot a key opens, as last seen."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[bytes, ChatbotId] = {}

    async def open(self, key: str) -> tuple[ChatbotId, bytes]:
        """The chatbot and the hash of the key. Raises KeyRevoked."""
        key_hash = digest(key)
        chatbot_id = self._known.get(key_hash)
        if chatbot_id is None:
            if not key.startswith(KEY_START):
                raise KeyRevoked("Invalid API key")
            async with self._database.transaction() as db:
                chatbot_id = await store.chatbot_with_key(db, key_hash)
            if chatbot_id is None:
                raise KeyRevoked("Invalid API key")
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key_hash] = chatbot_id
        return chatbot_id, key_hash

    def forget(self) -> None:
        self._known.clear()
