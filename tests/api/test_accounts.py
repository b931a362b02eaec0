"""docs/api/accounts.md, played row by row; sign-up, lock-out and cross-site requests."""

import asyncio

import httpx
import pytest

from noctule.base.db import Database
from noctule.base.settings import Rate
from tests.conftest import Person, TurnableClock, World, running, services_on
from tests.scenarios import Row, assert_matches, expand, scenarios

GROUPS = scenarios("accounts.md")
INES = {"email": "ines@example.com", "password": "correct horse"}


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Row], owner: Person) -> None:
    for row in rows:
        bearer = {"authorization": f"Bearer {owner.token}"} if row.caller == "bearer" else {}
        client = owner.world.client(**bearer) if row.caller else owner.client
        headers = {"content-type": "application/json"} if row.body else {}
        answer = await client.request(row.method, row.path, content=expand(row.body), headers=headers)
        assert answer.status_code == row.status, f"{row.case}: {answer.text}"
        assert_matches(row.answer, answer.json(), row.case)
        async with owner.world.database.transaction() as db:
            users = await db.value("select count(*) from users")
        assert f"{users} user{'s' * (users != 1)}" == row.after, row.case


async def test_sign_up_closes_after_the_first_account(database) -> None:
    async with running(services_on(database)) as world:
        await world.sign_up()
        second = await world.client().post("/api/v1/auth/register", json={**INES, "email": "second@example.com"})
    assert second.status_code == 403
    assert second.json()["error"] == "forbidden"


async def test_of_two_first_accounts_at_once_one_wins(own_database) -> None:
    async with running(services_on(own_database)) as world:
        answers = await asyncio.gather(
            *(
                world.client().post("/api/v1/auth/register", json={**INES, "email": f"{n}@example.com"})
                for n in range(5)
            )
        )
    assert sorted(answer.status_code for answer in answers) == [201, 403, 403, 403, 403]


async def test_five_wrong_passwords_lock_and_the_wait_is_stated(owner: Person, clock: TurnableClock) -> None:
    client = owner.world.client()
    wrong = {**INES, "password": "wrong horse"}
    assert [(await client.post("/api/v1/auth/login", json=wrong)).status_code for _ in range(5)] == [401] * 5
    locked = await client.post("/api/v1/auth/login", json=INES)
    assert locked.status_code == 429
    assert locked.headers["retry-after"] == "30"
    assert "30 seconds" in locked.json()["message"]
    clock.passes(seconds=31)
    assert (await client.post("/api/v1/auth/login", json=wrong)).status_code == 401
    assert (await client.post("/api/v1/auth/login", json=INES)).headers["retry-after"] == "60"
    clock.passes(seconds=61)
    assert (await client.post("/api/v1/auth/login", json=INES)).status_code == 200
    assert (await client.post("/api/v1/auth/login", json=wrong)).status_code == 401


async def test_guesses_at_once_are_no_more_than_guesses_in_a_row(
    own_world: World, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without turns, as on many servers: the database alone holds them back."""

    class NoTurns(dict[str, asyncio.Lock]):
        def setdefault(self, key: str, default: asyncio.Lock) -> asyncio.Lock:
            return default

    async def sign_in(body: dict[str, str]) -> httpx.Response:
        return await own_world.client().post("/api/v1/auth/login", json=body)

    monkeypatch.setattr("noctule.accounts.guesses._turns", NoTurns())
    await own_world.sign_up()
    guesses = [{**INES, "password": f"wrong horse {n}"} for n in range(40)]
    for wait, free in ((30, 5), (60, 1), (120, 1)):
        answers = await asyncio.gather(*map(sign_in, guesses))
        assert sorted(answer.status_code for answer in answers) == [401] * free + [429] * (40 - free)
        assert (await sign_in(INES)).headers["retry-after"] == str(wait)
        clock.passes(seconds=wait)
    assert (await sign_in(INES)).status_code == 200


async def test_signing_in_many_times_at_once_locks_nobody_out(own_world: World) -> None:
    await own_world.sign_up()
    answers = await asyncio.gather(*(own_world.client().post("/api/v1/auth/login", json=INES) for _ in range(12)))
    assert [answer.status_code for answer in answers] == [200] * 12


async def test_an_unknown_e_mail_locks_alike(world: World) -> None:
    client = world.client()
    body = {"email": "ghost@example.com", "password": "whatever 1"}
    answers = [(await client.post("/api/v1/auth/login", json=body)).status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]


async def test_a_session_ends_by_itself(owner: Person, clock: TurnableClock) -> None:
    clock.passes(days=29)
    assert (await owner.client.get("/api/v1/users/me")).status_code == 200
    clock.passes(days=2)
    assert (await owner.client.get("/api/v1/users/me")).status_code == 401


async def test_the_cookie_is_for_the_server_only(world: World) -> None:
    answer = await world.client().post("/api/v1/auth/register", json=INES)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("auth_token=")
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert "Secure" not in cookie


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://test"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://["}, 403),
        ({"origin": "https://evil.example", "sec-fetch-site": "cross-site", "authorization": "Bearer"}, 403),
    ],
)
async def test_a_page_of_another_site_cannot_use_the_cookie(
    owner: Person, headers: dict[str, str], status: int
) -> None:
    answer = await owner.client.post("/api/v1/chatbots", json={"name": "x"}, headers=headers)
    assert answer.status_code == status
    reading = await owner.client.get("/api/v1/chatbots", headers=headers)
    assert reading.status_code == 200
    left = len(reading.json())
    assert left == (1 if status == 200 else 0)


async def test_a_bearer_token_needs_no_page(owner: Person) -> None:
    client = owner.world.client(authorization=f"Bearer {owner.token}", origin="https://elsewhere.example")
    assert (await client.post("/api/v1/chatbots", json={"name": "x"})).status_code == 200


async def test_a_foreign_page_cannot_sign_somebody_in(owner: Person) -> None:
    for origin in ("https://evil.example", "http://["):
        answer = await owner.world.client(origin=origin).post("/api/v1/auth/login", json=INES)
        assert answer.status_code == 403


async def test_a_program_has_the_rate_of_its_key_and_people_have_none(database: Database) -> None:
    async with running(services_on(database, rate_limit=Rate(2, 60))) as world:
        owner = await world.sign_up()
        program = world.client(authorization=f"Bearer {await owner.new_key()}")
        answers = [(await program.get("/api/v1/conversations")).status_code for _ in range(3)]
        people = [(await owner.client.get("/api/v1/conversations")).status_code for _ in range(5)]
    assert answers == [200, 200, 429]
    assert people == [200] * 5


async def test_a_revoked_key_stops_at_once(owner: Person) -> None:
    key = await owner.new_key()
    program = owner.world.client(authorization=f"Bearer {key}")
    assert (await program.get("/api/v1/conversations")).status_code == 200
    listed = (await owner.client.get("/api/v1/orgs/me/apikeys")).json()[0]
    assert listed["last_used_at"] is not None
    assert key.startswith(listed["prefix"])
    await owner.client.delete(f"/api/v1/orgs/me/apikeys/{listed['id']}")
    assert (await program.get("/api/v1/conversations")).status_code == 401
    again = (await owner.client.get("/api/v1/orgs/me/apikeys")).json()[0]
    assert again["revoked_at"] is not None
