"""Getting round what is bounded: by an address that one says one has, another session, other letters, another carrier."""

from collections.abc import Iterator

import pytest

from noctule.base.db import Database
from noctule.base.settings import Rate
from tests.api.test_accounts import INES
from tests.conftest import Person, running, said, services_on

CARRIERS = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "True-Client-IP", "CF-Connecting-IP", "Client-IP", "Via")


def disguises() -> Iterator[dict[str, str]]:
    for number, carrier in enumerate(CARRIERS):
        address = f"203.0.113.{number}"
        yield {carrier: f"for={address}" if carrier == "Forwarded" else address, "User-Agent": f"Agent/{number}"}


async def test_no_header_and_no_session_gives_a_chatbot_another_allowance(database: Database) -> None:
    async with running(services_on(database, rate_limit=Rate(2, 3600))) as world:
        bot = await (await world.sign_up()).new_chatbot()
        taken = [
            (
                await world.client(authorization=f"bearer  {bot.key}").post(
                    "/api/v1/capture",
                    json={
                        "conversationId": f"c{n}",
                        "messages": [said("Hi")],
                        "userId": f"u{n}",
                        "session": {"id": f"s{n}"},
                    },
                    headers=disguise,
                )
            ).status_code
            for n, disguise in enumerate(disguises())
        ]
    assert taken == [200, 200, *[429] * (len(CARRIERS) - 2)]


@pytest.mark.parametrize("email", [INES["email"], INES["email"].upper(), f" {INES['email']} "])
async def test_no_header_and_no_other_letters_give_more_guesses(owner: Person, email: str) -> None:
    guesses = [
        (
            await owner.world.client().post("/api/v1/auth/login", json={"email": email, "password": "x"}, headers=one)
        ).status_code
        for one in disguises()
    ]
    assert guesses[:5] == [401] * 5
    assert set(guesses[5:]) == {429}
    assert (await owner.world.client().post("/api/v1/auth/login", json=INES)).status_code == 429
