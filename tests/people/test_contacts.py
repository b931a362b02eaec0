"""Contacts that several programs write at once: nothing that was answered with 200 is lost, nobody stands there twice."""

import asyncio
from typing import Any

import httpx

from tests.conftest import Bot, World


async def at_once(bot: Bot, *requests: tuple[str, str, Any]) -> list[httpx.Response]:
    """Each a method, a path below the contacts, and a body."""
    path, client = f"/api/v1/chatbots/{bot.id}/contacts", bot.owner.client
    return await asyncio.gather(*(client.request(method, path + below, json=body) for method, below, body in requests))


async def own_bot(world: World) -> Bot:
    return await (await world.sign_up()).new_chatbot()


def added(**contact: str) -> tuple[str, str, Any]:
    return "POST", "", {"contacts": [contact]}


async def test_changes_at_once_all_stay(own_world: World) -> None:
    bot = await own_bot(own_world)
    [made] = await at_once(bot, added(name="Ann"))
    contact = made.json()["data"][0]["id"]
    wanted = {"name": "Anna", "phone": "1", "email": "ann@example.com", "external_id": "u1"}
    answers = await at_once(bot, *(("PATCH", f"/{contact}", {field: value}) for field, value in wanted.items()))
    assert {answer.status_code for answer in answers} == {200}
    [read] = await at_once(bot, ("GET", f"/{contact}", None))
    assert {field: read.json()[field] for field in wanted} == wanted


async def test_one_address_is_one_contact_s_however_many_want_it(own_world: World) -> None:
    bot = await own_bot(own_world)
    made = await at_once(bot, *(added(name=f"n{number}") for number in range(4)))
    ids = [answer.json()["data"][0]["id"] for answer in made]
    answers = await at_once(bot, *(("PATCH", f"/{one}", {"email": "ann@example.com"}) for one in ids))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
    others = await at_once(bot, *(added(external_id=f"u{number}", email="ben@example.com") for number in range(4)))
    assert sorted(answer.status_code for answer in others) == [200, 400, 400, 400]


async def test_the_same_contact_from_many_sides_is_added_once(own_world: World) -> None:
    bot = await own_bot(own_world)
    answers = await at_once(bot, *(added(external_id="u1", email="ann@example.com") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["data"][0]["id"] for answer in answers}) == 1
