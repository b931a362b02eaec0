"""Invitations by mail and forgotten passwords: through the routes, the jobs and a real mail server, to the end."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio

from noctule.base import jobs
from noctule.base.crypto import digest
from noctule.base.db import Database
from noctule.main.recurring import handlers
from tests.conftest import Person, TurnableClock, World, running, services_on
from tests.mailbox import Mailbox, mailbox

TOKEN = re.compile(r"http://bots\.example/(?:invitations/|reset\?token=)([0-9a-f]{64})\n")
NEW = "a new password"


class Post:
    """A world with a mail server; `deliver` does what a worker does."""

    def __init__(self, world: World, box: Mailbox, owner: Person) -> None:
        self.world, self.box, self.owner = world, box, owner

    async def deliver(self) -> None:
        while await jobs.run_next(self.world.database, handlers(self.world.services.settings.smtp_url)):
            pass

    async def forgot(self, email: str = "ines@example.com") -> None:
        answer = await self.world.client().post("/api/v1/auth/forgot", json={"email": email})
        assert answer.status_code == 200
        await self.deliver()

    def token(self) -> str:
        found = TOKEN.search(self.box.mails[-1].get_content().replace("\r\n", "\n"))
        assert found
        return found[1]

    async def reset(self, token: str, password: str = NEW) -> int:
        body = {"token": token, "password": password}
        return (await self.world.client().post("/api/v1/auth/reset", json=body)).status_code

    async def invite(self, email: str = "new@example.com") -> dict[str, Any]:
        answer = await self.owner.client.post("/api/v1/orgs/me/invitations", json={"email": email})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def accept(self, token: str) -> int:
        body = {"token": token, "name": "Noor", "password": NEW}
        return (await self.world.client().post("/api/v1/invitations/accept", json=body)).status_code


@asynccontextmanager
async def posting(database: Database) -> AsyncGenerator[Post]:
    async with mailbox() as box:
        services = services_on(
            database, base_url="http://bots.example/", smtp_url=box.url("", "?from=bots@example.com")
        )
        async with running(services) as world:
            yield Post(world, box, await world.sign_up())


@pytest_asyncio.fixture
async def post(database: Database) -> AsyncGenerator[Post]:
    async with posting(database) as post:
        yield post


async def test_a_forgotten_password_is_set_by_mail_and_everybody_is_signed_out(post: Post) -> None:
    await post.forgot("INES@example.com")
    assert post.box.recipients == ["ines@example.com"]
    token = post.token()
    assert await post.reset(token) == 200
    assert (await post.owner.client.get("/api/v1/users/me")).status_code == 401
    for password, status in (("correct horse", 401), (NEW, 200)):
        body = {"email": "ines@example.com", "password": password}
        assert (await post.world.client().post("/api/v1/auth/login", json=body)).status_code == status
    assert await post.reset(token) == 404, "it works once"
    async with post.world.database.transaction() as db:
        log = await db.rows("select actor_kind, action from audit_log where action like 'user.%' order by id")
    assert log == [("server", "user.reset_link_made"), ("reset_link", "user.password_reset")]


async def test_nobody_learns_which_accounts_exist(post: Post) -> None:
    """The request does the same for every e-mail: one job. Only a worker looks further."""
    said: list[tuple[int, str]] = []
    for email in ("ines@example.com", "ghost@example.com"):
        answer = await post.world.client().post("/api/v1/auth/forgot", json={"email": email})
        said.append((answer.status_code, answer.text))
    assert said[0] == said[1]
    async with post.world.database.transaction() as db:
        assert await db.values("select args ->> 'email' from jobs order by id") == [
            "ines@example.com",
            "ghost@example.com",
        ]
        assert await db.value("select count(*) from password_resets") == 0
    await post.deliver()
    assert post.box.recipients == ["ines@example.com"]


async def test_nobody_is_flooded_with_mail(post: Post, clock: TurnableClock) -> None:
    for _ in range(6):
        await post.forgot()
    assert len(post.box.mails) == 3
    clock.passes(hours=1, seconds=1)
    await post.forgot()
    assert len(post.box.mails) == 4


async def test_a_reset_runs_out_and_one_ends_the_others(post: Post, clock: TurnableClock) -> None:
    await post.forgot()
    first = post.token()
    clock.passes(minutes=59)
    assert await post.reset(first, "short") == 400
    clock.passes(minutes=1)
    assert await post.reset(first) == 404
    await post.forgot()
    second = post.token()
    await post.forgot()
    assert await post.reset(post.token()) == 200
    assert await post.reset(second) == 404


async def test_a_reset_ends_the_wait_after_wrong_guesses(post: Post) -> None:
    login = "/api/v1/auth/login"
    for _ in range(5):
        await post.world.client().post(login, json={"email": "ines@example.com", "password": "wrong"})
    await post.forgot()
    await post.reset(post.token())
    right = await post.world.client().post(login, json={"email": "ines@example.com", "password": NEW})
    assert right.status_code == 200


async def test_of_many_resets_at_once_one_counts(own_database: Database) -> None:
    async with posting(own_database) as post:
        await post.forgot()
        token = post.token()
        answers = await asyncio.gather(*(post.reset(token, f"password {n}") for n in range(4)))
    assert sorted(answers) == [200, 404, 404, 404]


async def test_links_in_mails_never_lead_to_the_host_that_a_request_names(post: Post) -> None:
    evil = post.world.client(host="evil.example", **{"x-forwarded-host": "evil.example"})
    await evil.post("/api/v1/auth/forgot", json={"email": "ines@example.com"})
    await post.deliver()
    assert "evil" not in post.box.mails[0].get_content()
    assert post.token()


async def test_an_invitation_goes_out_with_a_link_of_its_own(post: Post) -> None:
    made = await post.invite()
    assert made["mail"] is True
    await post.deliver()
    mailed = post.token()
    assert mailed != made["token"]
    assert post.box.mails[0]["Subject"] == "ines invites you to Northwind"
    listed = (await post.owner.client.get("/api/v1/orgs/me/invitations")).json()["invitations"]
    assert listed[0]["mailed_at"] is not None
    assert await post.accept(mailed) == 200
    assert await post.accept(made["token"]) == 404
    assert await post.accept(mailed) == 404


async def test_no_job_holds_a_link(post: Post) -> None:
    await post.invite()
    await post.forgot()
    await post.deliver()
    tokens = [TOKEN.findall(mail.get_content().replace("\r\n", "\n"))[0] for mail in post.box.mails]
    async with post.world.database.transaction() as db:
        rows = await db.values("select j::text from jobs j")
        hashes = await db.values("select token_hash from password_resets union all select mail_hash from invitations")
    assert len(rows) == len(tokens) == 2
    assert not any(token in row for row in rows for token in tokens)
    assert set(hashes) == {digest(token) for token in tokens}


async def test_an_invitation_that_was_taken_back_is_not_mailed(post: Post, clock: TurnableClock) -> None:
    made = await post.invite()
    await post.owner.client.delete(f"/api/v1/orgs/me/invitations/{made['invitation']['id']}")
    await post.invite("late@example.com")
    clock.passes(days=8)
    await post.deliver()
    assert post.box.mails == []


async def test_a_mail_server_that_is_busy_is_asked_again_and_one_that_refuses_is_not(
    post: Post, clock: TurnableClock, caplog: pytest.LogCaptureFixture
) -> None:
    post.box.answers = {"RCPT": ["451 not now"], "DATA": ["550 never"]}
    await post.invite()
    await post.deliver()
    assert await states(post) == [("queued", 1)]
    clock.passes(seconds=3)
    await post.deliver()
    assert await states(post) == [("failed", 2)]
    clock.passes(hours=1)
    await post.deliver()
    assert post.box.mails == []
    await post.invite()
    await post.deliver()
    assert len(post.box.mails) == 1
    assert post.token() not in caplog.text


async def test_a_mail_server_may_be_away_for_an_hour(post: Post, clock: TurnableClock) -> None:
    post.box.answers = {"RCPT": ["451 not now"] * 12}
    answer = await post.world.client().post("/api/v1/auth/forgot", json={"email": "ines@example.com"})
    assert answer.status_code == 200
    for _ in range(20):
        await post.deliver()
        clock.passes(minutes=5)
    assert len(post.box.mails) == 1
    assert await post.reset(post.token()) == 200, "the link is as young as its mail"
    assert [state for state, _ in await states(post)] == ["failed", "failed", "done"]


async def states(post: Post) -> list[tuple[str, int]]:
    async with post.world.database.transaction() as db:
        return [(state, attempts) for state, attempts in await db.rows("select state, attempts from jobs order by id")]


async def test_a_worker_without_a_mail_server_says_so(post: Post) -> None:
    await post.invite()
    assert await jobs.run_next(post.world.database, handlers(""))
    async with post.world.database.transaction() as db:
        assert "NOCTULE_SMTP_URL" in await db.value("select error from jobs")


@pytest.mark.parametrize(
    "name", ["Eve\r\nBcc: victim@example.com", "<script>alert(1)</script>", "\u202egnp.exe", "🦊" * 50]
)
async def test_names_in_mails_are_text_in_their_line(post: Post, name: str) -> None:
    async with post.world.database.transaction() as db:
        await db.run("update users set name = $1", name)
        await db.run("update organizations set name = $1", name)
    await post.invite()
    await post.deliver()
    mail = post.box.mails[0]
    assert mail.get_all("Bcc") is None
    assert post.box.recipients == ["new@example.com"]
    assert mail.get_content_type() == "text/plain"
    assert "\u202e" not in mail.get_content() + mail["Subject"]
    assert "\r\nBcc:" not in mail.get_content()


async def test_without_a_mail_server_nothing_waits(world: World) -> None:
    await world.sign_up()
    answer = await world.client().post("/api/v1/auth/forgot", json={"email": "ines@example.com"})
    assert answer.status_code == 200
    async with world.database.transaction() as db:
        assert await db.value("select count(*) from jobs") == 0


async def test_links_that_have_run_out_are_forgotten(post: Post, clock: TurnableClock) -> None:
    await post.invite()
    await post.forgot()
    clock.passes(days=38)
    async with post.world.database.transaction() as db:
        await jobs.enqueue(db, "sweep_accounts")
    await post.deliver()
    async with post.world.database.transaction() as db:
        assert await db.value("select count(*) from invitations") == 0
        assert await db.value("select count(*) from password_resets") == 0
