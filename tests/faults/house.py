"""A server to which something happens, the clients who send to it meanwhile, and what is true afterwards."""

import argparse
import asyncio
import re
import time
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, redirect_stdout, suppress
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO
from uuid import UUID, uuid4

from bench.server import Server, alive
from noctule.analysis.work import LEASE
from noctule.base.clock import utc_now
from noctule.base.db import Db, connect
from noctule.base.errors import Unavailable
from noctule.base.postgres import Postgres
from noctule.base.reach import DatabaseOutOfReach
from noctule.base.settings import Settings
from noctule.main.doctor import doctor
from tests.diary import judged_twice, keep_a_diary
from tests.faults.clients import Clients
from tests.faults.doors import Keys
from tests.faults.size import Size
from tests.faults.table import Row

_PATIENCE_SECONDS = 180
_TOLD = re.compile(r"([\d,]+) accepted = ([\d,]+) stored = ([\d,]+) judged")


@dataclass
class House:
    server: Server
    size: Size
    database_url: str
    clients: Clients
    began: float = field(default_factory=time.monotonic)

    async def reckon(self, fault: str, done: str) -> Row:
        """When everything is judged: what was acknowledged, beside what is there."""
        found, twice = await self._judged()
        return Row(
            fault=fault,
            done=done,
            acknowledged=len(self.clients.acknowledged),
            stored=sum(one.times for one in found.values()),
            judged=sum(one.judged for one in found.values()),
            doubled=sum(one.times - 1 for one in found.values()) + twice,
            not_durable=len(self.clients.acknowledged - set(found)),
            refused=self.clients.refused,
            seconds=round(time.monotonic() - self.began),
            unexplained=await asyncio.to_thread(self._unexplained, found),
        )

    async def _judged(self) -> tuple[dict[str, "_Found"], int]:
        """What is there, and how many conversations were judged twice. PostgreSQL may still be on its way back."""
        taken_until_now = utc_now() + LEASE
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                with suppress(DatabaseOutOfReach, Unavailable):
                    async with connect(self.database_url, most=1) as database, database.transaction() as db:
                        if not self.size.is_long:
                            await _end_leases(db, taken_until_now)
                        found = await _found(db, self.clients.name)
                        if all(one.judged == one.times for one in found.values()):
                            return found, await judged_twice(db)
                await asyncio.sleep(0.3)

    def _unexplained(self, found: Mapping[str, "_Found"]) -> str:
        """What the ledger of `noctule doctor` has to say against these figures; empty when it explains them."""
        lines = self._doctor_about({one.chatbot_id for one in found.values()})
        told = [
            [int(part.replace(",", "")) for part in entry.groups()] for line in lines if (entry := _TOLD.search(line))
        ]
        accepted, stored, judged = (sum(entry[place] for entry in told) for place in range(3))
        rows = sum(one.times for one in found.values())
        is_explained = accepted >= len(self.clients.acknowledged) and stored == judged == rows
        return "" if is_explained and not any(line.startswith("look") for line in lines) else "\n".join(lines)

    def _doctor_about(self, chatbot_ids: set[UUID]) -> Sequence[str]:
        """Its lines about these chatbots."""
        said, about, ours = StringIO(), list[str](), False
        settings = Settings(data_dir=self.server.data_dir, database_url=self.database_url)
        with redirect_stdout(said):
            for one in chatbot_ids:
                doctor(settings, argparse.Namespace(chatbot=str(one)))
        for line in said.getvalue().splitlines():
            if not line[6:].startswith(" "):
                ours = any(f"({one})" in line for one in chatbot_ids)
            about += [line] if ours else []
        return about


@dataclass(frozen=True)
class _Found:
    said: str
    chatbot_id: UUID
    times: int
    judged: int


async def _found(db: Db, name: str) -> dict[str, _Found]:
    """All that is stored in the chatbots to whom words were said that begin with this name: by their words, and answers of
    agents by their ids; how often, and how often in a judged conversation.
    """
    found = await db.all(
        _Found,
        """
        select case when m.evidence ? 'agent' then m.external_id else m.content end as said, m.chatbot_id,
               count(*)::int as times,
               count(*) filter (
                   where j.status = 'done' and j.revision = c.revision and j.messages_judged = c.message_count
                       and c.analysis_leased_until is null
               )::int as judged
        from messages m
        join conversations c on c.chatbot_id = m.chatbot_id and c.id = m.conversation_id
        left join conversation_judgements j on j.chatbot_id = m.chatbot_id and j.conversation_id = m.conversation_id
        where m.chatbot_id in (select spoken.chatbot_id from messages spoken where spoken.content like $1 || ' %')
        group by said, m.chatbot_id
        """,
        name,
    )
    return {one.said: one for one in found}


async def _end_leases(db: Db, latest: datetime) -> None:
    """As if the minute were over, after which others take what an analyser had in hand when it died."""
    await db.run(
        """
        update conversations
        set analysis_leased_until = $1, analysis_due_at = $1
        where analysis_leased_until > $1 and analysis_leased_until <= $2
        """,
        db.now,
        latest,
    )


@asynccontextmanager
async def house(server: Server, size: Size) -> AsyncGenerator[House]:
    """An organization of its own on this server, and a diary in its database."""
    url = Postgres(server.data_dir / "postgres").url
    async with connect(url, most=1) as database, database.transaction() as db:
        if await db.value("select to_regclass('diary') is null"):
            await keep_a_diary(db)
        await db.run("truncate diary")
    name = uuid4().hex[:12]
    keys = await asyncio.to_thread(_new_keys, server, name)
    yield House(server, size, url, Clients(name, server.port, keys))


def _new_keys(server: Server, name: str) -> Keys:
    credentials = {"email": f"{name}@example.com", "password": "a long password"}
    server.ask("POST", "/api/v1/auth/register", {**credentials, "organization": name})
    token = server.ask("POST", "/api/v1/auth/login", credentials)[1]["token"]
    made = server.ask("POST", "/api/v1/chatbots", {"name": name}, token)[1]
    organization = server.ask("POST", "/api/v1/orgs/me/apikeys", {"label": name}, token)[1]["key"]
    return Keys(made["apiKey"], organization, made["chatbot"]["id"])


def postmaster_of(server: Server) -> int:
    pid_file = server.data_dir / "postgres" / "data" / "postmaster.pid"
    return int(pid_file.read_text().split("\n", 1)[0])


async def until_gone(pids: Iterable[int]) -> None:
    while alive(pids):
        await asyncio.sleep(0.05)
