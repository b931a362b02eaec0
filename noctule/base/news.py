"""News for whoever looks at a page: that something about a chatbot has changed, not what. Carried by NOTIFY to every web
process; whoever hears them looks again for himself, so lost ones cost a moment and nothing else.
"""

from collections.abc import Collection

from noctule.base.db import Db

CHANNEL = "news"


async def tell(db: Db, about: Collection[str]) -> None:
    """Heard once this transaction has committed."""
    await db.run("select pg_notify('news', about) from unnest($1::text[]) as about", list(about))
