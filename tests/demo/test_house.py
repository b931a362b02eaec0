"""Demo data in an organization: loaded once, gone with its chatbots; and the house in which a visitor only looks."""

import re
from collections.abc import AsyncGenerator
from dataclasses import replace
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from noctule import demo
from noctule.base import jobs
from noctule.base.clock import iso
from noctule.base.db import Database
from noctule.base.ids import new_id
from noctule.base.jobs import Job, JobHopeless
from tests.api.test_chatbots import join
from tests.api.test_isolation import PUBLIC, PUBLIC_PAGES
from tests.conftest import Bot, Person, World, running, services_on
from tests.operations import operations, pages


@pytest_asyncio.fixture
async def house(database: Database) -> AsyncGenerator[World]:
    """A server that runs as demo; what it is to load still waits."""
    services = replace(services_on(database), visitor=demo.VISITOR)
    await demo.open_house(database, secret=services.secret)
    async with running(services) as world:
        yield world


async def look_around(world: World) -> httpx.AsyncClient:
    client = world.client()
    form = {"email": demo.VISITOR.email, "password": demo.VISITOR.password}
    assert (await client.post("/sign-in", data=form)).status_code == 303
    return client


async def job_for(bot: Bot, slug: str = "people") -> Job:
    """Under way, as a worker has it."""
    async with bot.owner.world.database.transaction() as db:
        args = {"chatbot_id": bot.id, "bot": slug, "until": iso(db.now)}
        await jobs.start(db, UUID(bot.owner.org_id), demo.HANDLER, job_id=new_id(), args=args)
        job = await jobs.lease(db, [demo.HANDLER])
    assert job
    return job


async def stored(database: Database) -> tuple[int, int]:
    async with database.transaction() as db:
        return (
            await db.value("select count(*) from conversations"),
            await db.value("select count(*) from messages"),
        )


async def test_loading_twice_stores_nothing_more(bot: Bot) -> None:
    job = await job_for(bot)
    await demo.store_demo(bot.owner.world.database, job)
    once = await stored(bot.owner.world.database)
    assert once[0] == 450
    await demo.store_demo(bot.owner.world.database, job)
    assert await stored(bot.owner.world.database) == once


async def test_loading_goes_on_where_it_was_broken_off_and_ends_with_its_chatbot(bot: Bot) -> None:
    job = await job_for(bot)
    await demo.store_demo(bot.owner.world.database, replace(job, done=440))
    assert (await stored(bot.owner.world.database))[0] == 10
    await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/archive")
    with pytest.raises(JobHopeless, match="archived"):
        await demo.store_demo(bot.owner.world.database, job)
    await bot.owner.client.delete(f"/api/v1/chatbots/{bot.id}")
    with pytest.raises(JobHopeless, match="gone"):
        await demo.store_demo(bot.owner.world.database, job)


async def test_an_owner_loads_it_on_the_first_day(owner: Person) -> None:
    assert "Load demo data" in (await owner.client.get("/")).text
    assert (await owner.client.post("/demo")).headers["location"] == "/jobs"
    working = (await owner.client.get("/jobs")).text
    assert working.count("Loading demo data") >= 3
    assert "0 of 1,500" in working
    home = (await owner.client.get("/")).text
    assert all(name in home for name in ("Heathermoor shop", "Kitewell helpdesk", "Alderbrook people desk"))
    assert "Load demo data" not in home
    assert (await owner.client.post("/demo")).status_code == 409
    assert "demo.loaded" in (await owner.client.get("/api/v1/orgs/me/audit")).text


async def test_nobody_but_an_owner_loads_it(owner: Person) -> None:
    admin = await owner.world.sign_up("ada@example.com", "Elsewhere")
    await join(admin, owner.org_id, "admin")
    assert "Load demo data" not in (await admin.client.get("/")).text
    assert (await admin.client.post("/demo")).status_code == 403


async def test_a_visitor_sees_the_house(house: World) -> None:
    door = (await house.client().get("/sign-in")).text
    assert demo.VISITOR.email in door
    assert demo.VISITOR.password in door
    client = await look_around(house)
    home = (await client.get("/")).text
    assert "Heathermoor shop" in home
    chatbot_id = (await client.get("/api/v1/chatbots")).json()[0]["id"]
    for page in ("overview", "conversations", "search", "users", "organizations", "settings"):
        assert (await client.get(f"/b/{chatbot_id}/{page}")).status_code == 200, page


async def test_a_visitor_changes_nothing(house: World) -> None:
    client = await look_around(house)
    chatbot_id = (await client.get("/api/v1/chatbots")).json()[0]["id"]
    known = {"chatbot_id": chatbot_id}
    for one in [*operations(), *pages()]:
        if one.method == "GET" or one.name in PUBLIC | PUBLIC_PAGES or one.path in ("/sign-out", "/api/v1/auth/logout"):
            continue
        path = re.sub(r"\{(\w+)\}", lambda part: known.get(part[1], chatbot_id), one.path)
        answer = await client.request(one.method, path, json=one.body)
        assert answer.status_code in (401, 403), f"{one.name}: {answer.status_code} {answer.text[:200]}"
    assert (await client.get("/")).status_code == 200
    assert (await client.post("/sign-out")).headers["location"] == "/sign-in"


async def test_a_second_start_changes_nothing(house: World) -> None:
    await demo.open_house(house.database, secret=house.services.secret)
    async with house.database.transaction() as db:
        assert await db.value("select count(*) from jobs where handler = $1", demo.HANDLER) == 3
        assert await db.value("select count(*) from users") == 2


async def test_no_demo_where_others_have_accounts(owner: Person) -> None:
    with pytest.raises(demo.NoDemo):
        await demo.open_house(owner.world.database, secret=owner.world.services.secret)


async def test_an_ordinary_server_has_no_visitor(owner: Person) -> None:
    client = owner.world.client()
    assert "demo" not in (await client.get("/sign-in")).text
    form = {"email": demo.VISITOR.email, "password": demo.VISITOR.password}
    assert (await client.post("/sign-in", data=form)).status_code == 422
