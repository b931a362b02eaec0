"""The audit log: every change says who made it, in the same transaction as the change itself."""

from noctule.accounts.models import Caller
from noctule.accounts.store import audit as store
from noctule.base.db import Db
from noctule.base.ids import new_id


async def note(db: Db, actor: Caller, *, action: str, target: object, **details: object) -> None:
    """`action` reads like `chatbot.created`; `target` is an id. Never a secret, never its hash."""
    await store.insert_audit(
        db, new_id(), actor.org_id, actor=(actor.kind, actor.id), action=action, target=str(target), details=details
    )
