"""Where the chats of an organization live: callers who know no chatbots send them with the key of the organization.

They get a chatbot of their own, made when the first chat comes, which from then on is a chatbot like every other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from noctule import accounts
from noctule.accounts import Caller, OrgId
from noctule.base.crypto import digest
from noctule.base.db import Database, Db
from noctule.base.errors import Unauthenticated
from noctule.base.ids import new_id
from noctule.chatbots import store
from noctule.chatbots.keys import SHOWN, new_key
from noctule.chatbots.models import Chatbot, ChatbotId

_NAME = "Chats"
_REMEMBERED, _SECONDS = 10_000, 30.0


@dataclass(frozen=True, slots=True)
class ChatHome:
    org_id: OrgId
    org_slug: str
    chatbot_id: ChatbotId
    key_id: UUID | None  # the key of the organization; None: a person's session


async def home_of(db: Db, caller: Caller) -> ChatHome:
    """Made now when the organization has none."""
    chatbot_id = await store.chatbot_for_chats(db, caller.org_id)
    if chatbot_id is None:
        key = new_key()
        chatbot = Chatbot(ChatbotId(new_id()), caller.org_id, _NAME, key[:SHOWN], {}, db.now)
        if await store.insert_chatbot_for_chats(db, chatbot, key_hash=digest(key)):
            await accounts.note(db, caller, action="chatbot.created", target=chatbot.id, name=_NAME)
        chatbot_id = await store.chatbot_for_chats(db, caller.org_id) or chatbot.id
    key_id = caller.id if isinstance(caller, accounts.KeyHolder) else None
    return ChatHome(caller.org_id, caller.org_slug, chatbot_id, key_id)


class ChatRing:
    """Which home the key of an organization opens, as last seen: it is asked with every chat.

    A revoked key stops at once nevertheless: the transaction that stores a chat asks again.
    """

    def __init__(self, database: Database, *, clock: Callable[[], float] = monotonic) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[bytes, tuple[ChatHome, float]] = {}  # hash of the key → home, until when

    async def open(self, key: str) -> ChatHome:
        """Raises Unauthenticated."""
        key_hash = digest(key)
        home, until = self._known.get(key_hash, (None, 0.0))
        if home is None or until <= self._clock():
            home = await self._look_up(key)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key_hash] = home, self._clock() + _SECONDS
        return home

    async def _look_up(self, key: str) -> ChatHome:
        async with self._database.transaction() as db:
            holder = await accounts.holder_of(db, key)
            if holder is None:
                raise Unauthenticated("invalid API key")
            return await home_of(db, holder)

    def forget(self) -> None:
        self._known.clear()
