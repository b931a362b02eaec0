"""Which columns of the list of conversations a person wants to see: names that the page knows, in their order."""

from collections.abc import Sequence

from noctule.accounts import Member, note
from noctule.base.db import Db
from noctule.chatbots.manage import get
from noctule.chatbots.models import ChatbotId
from noctule.chatbots.store import views as store

MOST_COLUMNS = 20


async def columns_of(db: Db, member: Member, chatbot_id: ChatbotId) -> list[str] | None:
    """None: the usual ones."""
    return await store.columns_of(db, chatbot_id, member.user_id)


async def keep_columns(db: Db, member: Member, chatbot_id: ChatbotId, names: Sequence[str] | None) -> None:
    """None: the usual ones again. Raises NotFound for another organization's chatbot."""
    await get(db, member.org_id, chatbot_id)
    if names is None:
        await store.forget_columns(db, chatbot_id, member.user_id)
    else:
        await store.keep_columns(db, chatbot_id, member.user_id, names[:MOST_COLUMNS])
    await note(db, member, action="columns.chosen", target=chatbot_id, columns=len(names or ()))
