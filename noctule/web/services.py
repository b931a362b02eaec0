"""What a request can reach: made once by the composition root, brought by each request in its state, handed to routes by type."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from noctule.base.db import Database, Db
from noctule.base.embed import Embedder
from noctule.base.settings import Rate, Settings
from noctule.chatbots import ChatRing, KeyRing
from noctule.conversations import Recorder
from noctule.demo import Visitor
from noctule.web.news import News
from noctule.web.ratelimit import RateLimiter

_STRANGERS = Rate(120, 3600)  # per network


@dataclass(frozen=True)
class Services:
    settings: Settings
    secret: str  # signs sessions
    database: Database
    recorder: Recorder
    key_ring: KeyRing
    chat_ring: ChatRing
    embedder: Embedder
    news: News
    limiter: RateLimiter
    patience: float = 10  # seconds that a caller who teaches an agent waits for it to learn
    visitor: Visitor | None = None  # where everybody may look around: `noctule demo`
    strangers: Rate = _STRANGERS

    @property
    def mail_address(self) -> str | None:
        """Where this server is, for the links in mails; None when it sends none."""
        return self.settings.address if self.settings.smtp_url else None


def services(request: Request) -> Services:
    return cast("Services", request.state.services)


def _database(request: Request) -> Database:
    return services(request).database


async def _transaction(request: Request) -> AsyncGenerator[Db]:
    async with services(request).database.transaction() as db:
        yield db


InServices = Annotated[Services, Depends(services)]
InDatabase = Annotated[Database, Depends(_database)]
# The scope matters: without it FastAPI answers first and commits afterwards, and an answer would not mean stored.
InTransaction = Annotated[Db, Depends(_transaction, scope="function")]
