"""docs/api/members.md, played row by row; roles that change meanwhile, several organizations, and links under attack."""

import asyncio
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio

from noctule.accounts.invitations import MOST_AN_HOUR
from noctule.base.crypto import digest
from noctule.base.settings import Rate
from tests.api.test_chatbots import join
from tests.conftest import Person, TurnableClock, World, running, services_on
from tests.scenarios import Row, assert_matches, scenarios

GROUPS = scenarios("members.md")
ROLES = {"ines": "owner", "amir": "admin", "mia": "member"}


@dataclass
class Team:
    """Northwind and its neighbour; and what the latest invitation said."""

    people: dict[str, Person]
    token: str = ""
    invitation: str = ""

    @property
    def world(self) -> World:
        return self.people["ines"].world

    def fill(self, text: str) -> str:
        names = {name: person.user_id for name, person in self.people.items()}
        names |= {"other": self.people["sam"].org_id, "token": self.token, "invitation": self.invitation}
        for name, value in names.items():
            text = text.replace("{" + name + "}", value)
        return text

    async def client(self, caller: str) -> httpx.AsyncClient:
        if caller == "program":
            return self.world.client(authorization=f"Bearer {await self.people['ines'].new_key()}")
        return self.world.client() if caller == "nobody" else self.people[caller].client

    async def invite(self, email: str, role: str = "member", by: str = "ines") -> httpx.Response:
        body = {"email": email, "role": role}
        answer = await self.people[by].client.post("/api/v1/orgs/me/invitations", json=body)
        if answer.status_code == 201:
            self.token, self.invitation = answer.json()["token"], answer.json()["invitation"]["id"]
        return answer

    async def accept(self, client: httpx.AsyncClient | None = None, **more: str) -> httpx.Response:
        return await (client or self.world.client()).post(
            "/api/v1/invitations/accept", json={"token": self.token, **more}
        )

    async def counts(self) -> str:
        async with self.world.database.transaction() as db:
            org_id = self.people["ines"].org_id
            members = await db.value("select count(*) from members where org_id = $1", org_id)
            return f"{members}, {await db.value('select count(*) from invitations where org_id = $1', org_id)}"


async def team_in(world: World) -> Team:
    people = {"ines": await world.sign_up()}
    for name in ("amir", "mia"):
        people[name] = await world.sign_up(f"{name}@example.com", f"Own of {name}")
        await join(people[name], people["ines"].org_id, ROLES[name])
        async with world.database.transaction() as db:  # so that they have no other
            await db.run("delete from organizations where id = $1", people[name].org_id)
    people["sam"] = await world.sign_up("sam@example.com", "Elsewhere")
    return Team(people)


@pytest_asyncio.fixture
async def team(world: World) -> Team:
    return await team_in(world)


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Row], team: Team) -> None:
    for row in rows:
        headers = {"content-type": "application/json"} if row.body else {}
        client = await team.client(row.caller)
        answer = await client.request(row.method, team.fill(row.path), content=team.fill(row.body), headers=headers)
        assert answer.status_code == row.status, f"{row.case}: {answer.text}"
        assert_matches(row.answer, answer.json(), row.case)
        if answer.status_code == 201:
            team.token, team.invitation = answer.json()["token"], answer.json()["invitation"]["id"]
        assert await team.counts() == row.after, row.case


async def test_a_person_switches_between_organizations_and_comes_back_to_the_last(
    team: Team, clock: TurnableClock
) -> None:
    sam = team.people["sam"]
    await team.invite("sam@example.com")
    clock.passes(seconds=1)
    assert (await team.accept(sam.client)).status_code == 200
    listed = (await sam.client.get("/api/v1/orgs")).json()["organizations"]
    assert [(one["name"], one["role"], one["current"]) for one in listed] == [
        ("Elsewhere", "owner", False),
        ("Northwind", "member", True),
    ]
    assert (await sam.client.post("/api/v1/chatbots", json={"name": "x"})).status_code == 403
    clock.passes(seconds=1)
    moved = await sam.client.post("/api/v1/orgs/switch", json={"organization_id": sam.org_id})
    assert moved.json() == {"id": sam.org_id, "name": "Elsewhere", "slug": "elsewhere"}
    assert (await sam.client.post("/api/v1/chatbots", json={"name": "x"})).status_code == 200
    clock.passes(seconds=1)
    await sam.client.post("/api/v1/orgs/switch", json={"organization_id": team.people["ines"].org_id})
    again = await team.world.client().post(
        "/api/v1/auth/login", json={"email": "sam@example.com", "password": "correct horse"}
    )
    assert again.json()["user"]["organization"]["name"] == "Northwind"


async def test_who_is_removed_is_signed_out_there_and_nowhere_else(team: Team) -> None:
    sam = team.people["sam"]
    elsewhere = team.world.client(authorization=f"Bearer {sam.token}")
    await team.invite("sam@example.com")
    joined = await team.accept(password="correct horse")
    here = team.world.client(authorization=f"Bearer {joined.json()['token']}")
    assert (await here.get("/api/v1/users/me")).json()["organization"]["name"] == "Northwind"
    await team.people["amir"].client.delete(f"/api/v1/orgs/me/members/{sam.user_id}")
    assert (await here.get("/api/v1/users/me")).status_code == 401
    assert (await elsewhere.get("/api/v1/users/me")).json()["organization"]["name"] == "Elsewhere"


async def test_somebody_who_was_removed_from_everywhere_comes_back_by_invitation(team: Team) -> None:
    await team.people["ines"].client.delete(f"/api/v1/orgs/me/members/{team.people['mia'].user_id}")
    mia = {"email": "mia@example.com", "password": "correct horse"}
    assert (await team.world.client().post("/api/v1/auth/login", json=mia)).status_code == 401
    await team.invite("mia@example.com")
    assert (await team.accept(password="correct horse")).json()["user"]["role"] == "member"


async def test_two_owners_cannot_lower_each_other(own_world: World) -> None:
    team = await team_in(own_world)
    ines, mia = team.people["ines"], team.people["mia"]
    for _ in range(5):
        await ines.client.patch(f"/api/v1/orgs/me/members/{mia.user_id}", json={"role": "owner"})
        await asyncio.gather(
            ines.client.patch(f"/api/v1/orgs/me/members/{mia.user_id}", json={"role": "member"}),
            mia.client.patch(f"/api/v1/orgs/me/members/{ines.user_id}", json={"role": "member"}),
            ines.client.delete(f"/api/v1/orgs/me/members/{ines.user_id}"),
        )
        async with own_world.database.transaction() as db:
            owners = await db.values("select user_id from members where role = 'owner' and org_id = $1", ines.org_id)
            assert len(owners) == 1
            await db.run("delete from members where org_id = $1 and user_id = $2", ines.org_id, ines.user_id)
            await db.run("insert into members values ($1, $2, 'owner', $3)", ines.org_id, ines.user_id, db.now)
        await join_again(team)


async def join_again(team: Team) -> None:
    answer = await team.people["ines"].client.post(
        "/api/v1/auth/login", json={"email": "ines@example.com", "password": "correct horse"}
    )
    assert answer.status_code == 200


async def test_one_link_lets_one_person_in_however_many_click(own_world: World) -> None:
    team = await team_in(own_world)
    await team.invite("new@example.com")
    answers = await asyncio.gather(*(team.accept(password="long enough", name=f"n{n}") for n in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, 404, 404, 404, 404, 404]
    assert await team.counts() == "4, 0"


async def test_an_invitation_runs_out(team: Team, clock: TurnableClock) -> None:
    await team.invite("new@example.com")
    clock.passes(days=7)
    assert (await team.accept(password="long enough")).status_code == 404
    listed = (await team.people["ines"].client.get("/api/v1/orgs/me/invitations")).json()["invitations"]
    assert [one["expired"] for one in listed] == [True]


async def test_a_second_invitation_ends_the_first(team: Team) -> None:
    first = (await team.invite("new@example.com")).json()["token"]
    await team.invite("new@example.com", "admin")
    assert await team.counts() == "3, 1"
    second, team.token = team.token, first
    assert (await team.accept(password="long enough")).status_code == 404
    team.token = second
    assert (await team.accept(password="long enough")).json()["user"]["role"] == "admin"


@pytest.mark.parametrize("how", ["removed", "lowered"])
async def test_invitations_end_with_the_rights_of_whoever_made_them(team: Team, how: str) -> None:
    await team.invite("friend@example.com", "admin", by="amir")
    path = f"/api/v1/orgs/me/members/{team.people['amir'].user_id}"
    ines = team.people["ines"].client
    await (ines.delete(path) if how == "removed" else ines.patch(path, json={"role": "member"}))
    assert (await team.accept(password="long enough")).status_code == 404


async def test_the_token_is_nowhere_in_the_database(team: Team) -> None:
    await team.invite("new@example.com")
    async with team.world.database.transaction() as db:
        row = await db.rows("select link_hash, i::text from invitations i")
        log = await db.values("select details::text from audit_log")
    assert row[0][0] == digest(team.token)
    assert team.token not in row[0][1]
    assert not any(team.token in details for details in log)
    assert len(team.token) == 64


async def test_an_organization_cannot_invite_the_whole_world(team: Team, clock: TurnableClock) -> None:
    for number in range(MOST_AN_HOUR):
        assert (await team.invite(f"{number}@example.com")).status_code == 201
        await team.people["ines"].client.delete(f"/api/v1/orgs/me/invitations/{team.invitation}")
    refused = await team.invite("one-more@example.com")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "3600")
    clock.passes(hours=1)
    assert (await team.invite("one-more@example.com")).status_code == 201


async def test_guessing_passwords_by_an_invitation_locks_as_signing_in_does(team: Team) -> None:
    await team.invite("sam@example.com")
    answers = [(await team.accept(password="wrong horse")).status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]
    sam = {"email": "sam@example.com", "password": "correct horse"}
    assert (await team.world.client().post("/api/v1/auth/login", json=sam)).status_code == 429


async def test_guessing_tokens_is_bounded(database) -> None:
    services = services_on(database, open_signup=True)
    object.__setattr__(services, "strangers", Rate(10, 3600))
    async with running(services) as world:
        answers = [
            (await world.client().post("/api/v1/invitations/accept", json={"token": f"{n:064}"})).status_code
            for n in range(12)
        ]
        assert answers == [404] * 10 + [429] * 2
        for path, body in (("forgot", {"email": "a@b.c"}), ("reset", {"token": "x", "password": "long enough"})):
            answer = await world.client().post(f"/api/v1/auth/{path}", json=body)
            assert answer.status_code == 429
            assert int(answer.headers["retry-after"]) > 0


async def test_every_change_is_in_the_log_and_the_log_goes_on_where_a_page_ends(team: Team) -> None:
    ines, amir = team.people["ines"], team.people["amir"]
    await ines.client.patch("/api/v1/orgs/me", json={"name": "Renamed"})
    await ines.client.patch("/api/v1/orgs/me", json={"name": "Renamed"})  # changes nothing
    await team.invite("a@example.com", by="amir")
    await amir.client.delete(f"/api/v1/orgs/me/invitations/{team.invitation}")
    await team.invite("b@example.com")
    await team.accept(password="long enough", name="Bea")
    await amir.client.delete(f"/api/v1/orgs/me/members/{team.people['mia'].user_id}")
    seen: list[dict[str, object]] = []
    after = ""
    while True:
        page = (await ines.client.get(f"/api/v1/orgs/me/audit?limit=2{after}")).json()
        seen += page["entries"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert [entry["action"] for entry in seen if entry["action"] != "session.started"] == [
        "member.removed", "invitation.accepted", "invitation.made", "invitation.revoked", "invitation.made",
        "organization.renamed", "organization.created",
    ]  # fmt: skip
    assert len({str(entry["id"]) for entry in seen}) == len(seen)
    by_amir = (await ines.client.get(f"/api/v1/orgs/me/audit?actor={amir.user_id}")).json()["entries"]
    assert {entry["actor"]["name"] for entry in by_amir} == {"amir"}
    assert len(by_amir) == 3


async def test_a_page_of_another_site_accepts_nothing(team: Team) -> None:
    await team.invite("sam@example.com")
    foreign = {"origin": "https://evil.example"}
    answer = await team.people["sam"].client.post(
        "/api/v1/invitations/accept", json={"token": team.token}, headers=foreign
    )
    assert answer.status_code == 403
    for path in ("forgot", "reset"):
        body = {"email": "a@b.c", "token": "x", "password": "long enough"}
        assert (await team.world.client(**foreign).post(f"/api/v1/auth/{path}", json=body)).status_code == 403
