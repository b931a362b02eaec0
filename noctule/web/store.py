"""All SQL of what web processes share: how much is left of each rate."""

from datetime import datetime

from noctule.base.db import Db
from noctule.web.buckets import Bucket


async def hold_bucket(db: Db, key: bytes, *, tokens: int) -> Bucket:
    """As it stands, for nobody else until we commit; made with so many tokens when there is none."""
    (held,) = await db.all(
        Bucket,
        """
        insert into rate_buckets (key, tokens, counted_at, leases)
        values ($1, $2, $3, '{}')
        on conflict (key) do update set key = rate_buckets.key
        returning tokens, counted_at, leases
        """,
        key,
        tokens,
        db.now,
    )
    return held


async def settle_bucket(db: Db, key: bytes, bucket: Bucket) -> None:
    await db.run(
        """
        update rate_buckets
        set tokens = $2, counted_at = $3, leases = $4
        where key = $1
        """,
        key,
        bucket.tokens,
        bucket.counted_at,
        bucket.leases,
    )


async def delete_buckets(db: Db, before: datetime) -> int:
    """Those that nothing was taken from since."""
    return await db.run(
        """
        delete from rate_buckets
        where counted_at < $1
        """,
        before,
    )
