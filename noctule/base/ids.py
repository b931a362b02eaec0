"""UUID version 7 (RFC 9562, section 5.7): ids that grow with time, so that new rows land at the end of an index.

Within a process each id is greater than the one before, also inside one millisecond: messages keep the order of
their array by their ids alone.
"""

import os
import time
import uuid
from datetime import UTC, datetime
from threading import Lock

_LOCK = Lock()
_RANDOM_BITS = 74
_last = 0


def new_id() -> uuid.UUID:
    global _last
    with _LOCK:
        start = (time.time_ns() // 1_000_000) << _RANDOM_BITS
        # Random bits once a millisecond, then count on. A clock that stands still or jumps back counts on as well.
        _last = start | int.from_bytes(os.urandom(9)) if start > _last else _last + 1
        value = _last
    high, low = value >> 62, value & ((1 << 62) - 1)
    moment, tail = high >> 12, high & 0xFFF
    return uuid.UUID(int=moment << 80 | 0x7 << 76 | tail << 64 | 0b10 << 62 | low)


def parse_id(text: str) -> uuid.UUID | None:
    """Only the canonical form is an id: Python's own parser also takes braces, URNs and bare hex."""
    try:
        parsed = uuid.UUID(text)
    except ValueError:
        return None
    return parsed if str(parsed) == text.lower() else None


def moment_of(made: uuid.UUID) -> datetime:
    """When an id was made, to the millisecond."""
    return datetime.fromtimestamp((made.int >> 80) / 1000, UTC)


def first_id(moment: datetime) -> uuid.UUID:
    """The smallest that can be made at that moment or later."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62)
