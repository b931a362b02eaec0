"""What a job is, to whoever runs it and to its owner, and how a handler says that it ends otherwise than well."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from noctule.base.db import Database


@dataclass(frozen=True)
class Job:
    id: UUID
    handler: str
    args: dict[str, Any]
    attempts: int  # this one included
    done: int = 0  # how far earlier attempts came
    result: dict[str, Any] | None = None


@dataclass(frozen=True)
class JobState:
    """A job as its owner sees it."""

    id: UUID
    handler: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    done: int
    total: int | None
    result: dict[str, Any] | None
    error: str | None
    created_at: datetime
    finished_at: datetime | None
    args: dict[str, Any]


class JobStopped(Exception):
    """The job was cancelled, or another worker has taken it over: what this attempt was about to do is undone."""


class JobHandedOver(Exception):
    """The job goes on in another attempt; this one is over, and nothing went wrong."""


class JobHopeless(Exception):
    """Another attempt would end the same way."""


Handler = Callable[[Database, Job], Awaitable[None]]
