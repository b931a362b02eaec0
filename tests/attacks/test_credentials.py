"""Keys and tokens in the wrong hands, at the wrong doors, and in every pocket that a request has."""

import base64
from typing import Any

import pytest

from tests.conftest import Bot, said
from tests.operations import Operation, operations, things_of

# Each carrier as the headers, the cookie or the query that would bring a credential.
CARRIERS: dict[str, tuple[str, str]] = {
    "bearer": ("authorization", "Bearer {key}"),
    "bearer in other letters": ("authorization", "bEaReR {key}"),
    "bare": ("authorization", "{key}"),
    "organization header": ("x-organization-api-key", "{key}"),
    "chatbot header": ("x-openbat-key", "{key}"),
    "basic": ("authorization", "Basic {basic}"),
    "token": ("authorization", "Token {key}"),
    "api key header": ("x-api-key", "{key}"),
    "proxy": ("proxy-authorization", "Bearer {key}"),
    "cookie": ("cookie", "auth_token={key}"),
    "cookie of another name": ("cookie", "session={key}; token={key}"),
    "forwarded": ("x-forwarded-user", "{key}"),
}
FOR_PEOPLE = ("GET /api/v1/users/me", "GET /api/v1/orgs/me/apikeys", "POST /api/v1/orgs/me/apikeys")
FOR_PROGRAMS = ("GET /api/v1/get-chatbots", "POST /api/v1/chat", "GET /api/v1/chatbots/{chatbot_id}/sources")
FOR_CHATS = ("POST /api/v1/chats",)
FOR_CAPTURE = ("POST /api/v1/capture", "POST /v1/track")
# Who opens what by which carrier; all else is a 401.
OPENS: dict[str, dict[tuple[str, ...], set[str]]] = {
    "session": {
        FOR_PEOPLE: {"bearer", "bearer in other letters", "bare", "cookie"},
        FOR_PROGRAMS: {"bearer", "bearer in other letters", "bare", "cookie"},
        FOR_CHATS: {"bearer", "bearer in other letters", "bare", "cookie"},
        FOR_CAPTURE: set(),
    },
    "organization key": {
        FOR_PEOPLE: set(),
        FOR_PROGRAMS: {"bearer", "bearer in other letters", "bare", "organization header"},
        FOR_CHATS: {"bearer", "bearer in other letters", "bare", "organization header"},
        FOR_CAPTURE: set(),
    },
    "chatbot key": {
        FOR_PEOPLE: set(),
        FOR_PROGRAMS: set(),
        FOR_CHATS: set(),
        FOR_CAPTURE: {"bearer", "bearer in other letters", "chatbot header"},
    },
}


def named(name: str) -> Operation:
    return next(one for one in operations() if one.name == name)


async def credentials(bot: Bot) -> dict[str, str]:
    return {"session": bot.owner.token, "organization key": await bot.owner.new_key(), "chatbot key": bot.key}


@pytest.mark.parametrize("who", OPENS)
async def test_each_credential_opens_its_own_doors_by_its_own_carriers(who: str, bot: Bot) -> None:
    things, key = await things_of(bot), (await credentials(bot))[who]
    wrong: dict[tuple[str, str], int] = {}
    for names, carriers in OPENS[who].items():
        for name in names:
            for carrier, (header, form) in CARRIERS.items():
                value = form.format(key=key, basic=base64.b64encode(f":{key}".encode()).decode())
                answer = await named(name).ask(bot.owner.world.client(**{header: value}), things)
                if (answer.status_code == 401) == (carrier in carriers):
                    wrong[name, carrier] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize(
    "parameter", ["token", "api_key", "apiKey", "key", "access_token", "auth_token", "authorization"]
)
async def test_a_credential_in_an_address_opens_nothing(parameter: str, bot: Bot) -> None:
    """Addresses are written into logs."""
    things, nobody = await things_of(bot), bot.owner.world.client()
    for key in (await credentials(bot)).values():
        for name in (*FOR_PEOPLE, *FOR_PROGRAMS, *FOR_CHATS, *FOR_CAPTURE):
            one = named(name)
            url = f"{one.url(things)}{'&' if '?' in one.url(things) else '?'}{parameter}={key}"
            assert (await nobody.request(one.method, url, content=one.content(things))).status_code == 401, name


async def test_two_credentials_at_once_are_not_added_up(bot: Bot) -> None:
    """A stranger's own key beside another one's: he is who his first credential says, and nobody else."""
    stranger = await bot.owner.world.sign_up("eve@example.com", "Elsewhere")
    things, key = await things_of(bot), await stranger.new_key()
    for headers in (
        {"x-organization-api-key": key, "authorization": "Bearer nonsense", "cookie": "auth_token=nonsense"},
        {"authorization": f"Bearer {key}", "x-openbat-key": bot.key},
        {"authorization": f"Bearer {stranger.token}", "x-openbat-key": bot.key},
    ):
        client = bot.owner.world.client(**headers)
        answer = await named("GET /api/v1/chatbots/{chatbot_id}/sources").ask(client, things)
        assert answer.status_code == 404, headers


@pytest.mark.parametrize(
    "key", ["", " ", "null", "undefined", "None", "0", "[]", "{}", "'", "%", "*", "\x7f", "ob_live_", "a" * 5000]
)
async def test_an_empty_or_odd_key_is_nobody_s(key: str, bot: Bot) -> None:
    things = await things_of(bot)
    for header, form in (
        CARRIERS[name] for name in ("bearer", "bare", "organization header", "chatbot header", "cookie")
    ):
        client = bot.owner.world.client(**{header: form.format(key=key)})
        for name in (FOR_PEOPLE[0], FOR_PROGRAMS[0], FOR_CAPTURE[0]):
            assert (await named(name).ask(client, things)).status_code == 401, (header, name)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-2] + ("aa" if token[-2:] != "aa" else "bb"),
        lambda token: ".".join([_part('{"alg":"none","typ":"JWT"}'), token.split(".")[1], ""]),
        lambda token: ".".join([_part('{"alg":"None"}'), token.split(".")[1], token.split(".")[2]]),
        lambda token: ".".join([_part('{"alg":"RS256","typ":"JWT"}'), *token.split(".")[1:]]),
        lambda token: token.rsplit(".", 1)[0],
        lambda token: token + "." + token,
    ],
    ids=["signature", "alg none", "alg None", "another alg", "no signature", "twice"],
)
async def test_a_forged_session_is_nobody_s(spoil: Any, bot: Bot) -> None:
    forged = spoil(bot.owner.token)
    for header, form in (CARRIERS["bearer"], CARRIERS["cookie"]):
        client = bot.owner.world.client(**{header: form.format(key=forged)})
        assert (await client.get("/api/v1/users/me")).status_code == 401


async def test_tokens_for_one_purpose_serve_no_other(bot: Bot) -> None:
    """A link of an invitation, the secret of a webhook, ids that everybody sees: none of them is a key."""
    client, things = bot.owner.client, await things_of(bot)
    invited = await client.post("/api/v1/orgs/me/invitations", json={"email": "zed@example.com", "role": "admin"})
    link = invited.json()["link"]
    webhook = await client.post(f"/api/v1/chatbots/{bot.id}/webhooks", json={"url": "https://example.com/"})
    tokens = [
        link.rpartition("/")[2],
        webhook.json()["secret"],
        bot.id,
        bot.owner.user_id,
        bot.owner.org_id,
        things["message_id"],
    ]
    for token in tokens:
        for header, form in (CARRIERS[name] for name in ("bearer", "organization header", "chatbot header", "cookie")):
            stranger = bot.owner.world.client(**{header: form.format(key=token)})
            for name in (FOR_PEOPLE[0], FOR_PROGRAMS[0], FOR_CAPTURE[0]):
                assert (await named(name).ask(stranger, things)).status_code == 401, (header, name)
    reset = await bot.owner.world.client().post(
        "/api/v1/auth/reset", json={"token": tokens[0], "password": "long enough"}
    )
    assert reset.status_code in {400, 404}


async def test_no_key_stands_in_the_database_as_it_is(bot: Bot) -> None:
    """Whoever reads a backup cannot sign in with it."""
    await bot.capture("c1", said("Hello"))
    secrets = list((await credentials(bot)).values())
    invited = await bot.owner.client.post(
        "/api/v1/orgs/me/invitations", json={"email": "zed@example.com", "role": "member"}
    )
    secrets.append(invited.json()["link"].rpartition("/")[2])
    async with bot.owner.world.database.transaction() as db:
        tables = await db.values("select tablename::text from pg_tables where schemaname = 'public'")
        kept = "".join([str(await db.values("select t::text from " + table + " t")) for table in tables])
    assert "Hello" in kept
    assert [secret for secret in secrets if secret in kept] == []


def _part(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
