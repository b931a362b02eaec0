"""The pages about an organization and its people: forms without JavaScript, who may what, and hostile names everywhere."""

import re

import pytest
import pytest_asyncio

from noctule import accounts
from tests.api.test_members import Team, team_in
from tests.conftest import Person, World
from tests.dashboard.test_pages import XSS, check, form

LINK = re.compile(r"http://test(/invitations/[0-9a-f]{64})")
KEY = re.compile(r"noctule_[0-9a-f]{40}")
PAGES = ("organization", "members", "keys", "audit", "account")


@pytest_asyncio.fixture
async def team(world: World) -> Team:
    return await team_in(world)


async def link_in(team: Team, email: str = "new@example.com", role: str = "member") -> str:
    ines = team.people["ines"].client
    made = await form(ines, "/settings/members", email=email, role=role)
    assert (made.status_code, made.headers["location"]) == (303, "/settings/members"), made.text
    found = LINK.search((await ines.get("/settings/members")).text)
    assert found
    return found[1]


async def test_a_link_is_shown_once_and_lets_a_new_person_in(team: Team) -> None:
    path = await link_in(team, role="admin")
    ines, visitor = team.people["ines"].client, team.world.client()
    again = await ines.get("/settings/members")
    assert LINK.search(again.text) is None
    assert "new@example.com" in again.text
    page = await visitor.get(path)
    assert "Join <bdi>Northwind</bdi>" in page.text
    assert "as admin" in page.text
    assert page.headers["referrer-policy"] == "same-origin"
    short = await form(visitor, path, name="Noor", password="short")
    assert (short.status_code, "8 to 256" in short.text, 'value="Noor"' in short.text) == (422, True, True)
    done = await form(visitor, path, name="Noor", password="long enough")
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert "Noor" in (await visitor.get("/settings/members")).text
    over = await team.world.client().get(path)
    assert (over.status_code, "This link is over" in over.text) == (404, True)
    assert (await form(team.world.client(), path, password="long enough")).status_code == 404


async def test_whoever_has_an_account_proves_it_or_is_signed_in(team: Team) -> None:
    path = await link_in(team, "sam@example.com")
    sam, mia = team.people["sam"].client, team.people["mia"].client
    assert "this invitation is for somebody else" in (await mia.get(path)).text
    assert (await form(mia, path)).status_code == 403
    stranger = team.world.client()
    assert "Its password is enough" in (await stranger.get(path)).text
    wrong = await form(stranger, path, password="wrong horse")
    assert (wrong.status_code, "Invalid email or password" in wrong.text) == (422, True)
    assert ">Join</button>" in (await sam.get(path)).text
    assert (await form(sam, path)).status_code == 303
    assert "Your organizations" in (await sam.get("/settings/organization")).text
    back = await form(sam, "/orgs/switch", organization_id=team.people["sam"].org_id)
    assert (back.status_code, back.headers["location"]) == (303, "/")
    assert "Elsewhere" in (await sam.get("/settings/organization")).text.partition("<main")[2]


async def test_a_lock_out_on_an_invitation_states_the_wait(team: Team) -> None:
    path = await link_in(team, "sam@example.com")
    answers = [await form(team.world.client(), path, password="wrong horse") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert answers[-1].headers["retry-after"] == "30"


async def test_only_a_link_into_this_organization_is_shown(team: Team) -> None:
    path = await link_in(team)
    for person, token in (("sam", path.rpartition("/")[2]), ("ines", "0" * 64), ("ines", "<b>")):
        cookies = f"auth_token={team.people[person].token}; new_key={token}"
        page = await team.people[person].client.get("/settings/members", headers={"cookie": cookies})
        assert page.status_code == 200
        assert "shown only now" not in page.text


async def test_roles_and_members_are_changed_in_pages(team: Team) -> None:
    ines = team.people["ines"].client
    path = f"/settings/members/{team.people['mia'].user_id}"
    assert 'value="member" checked' in (await ines.get(path)).text
    assert (await form(ines, f"{path}/role", role="admin")).headers["location"] == f"{path}?saved=1"
    saved = await ines.get(f"{path}?saved=1")
    assert "Saved" in saved.text
    assert 'value="admin" checked' in saved.text
    bad = await form(ines, f"{path}/role", role="king")
    assert (bad.status_code, check(bad.text)) == (422, [])
    own = f"/settings/members/{team.people['ines'].user_id}"
    for what in ("role", "remove"):
        last = await form(ines, f"{own}/{what}", role="member")
        assert (last.status_code, "needs an owner" in last.text, check(last.text)) == (422, True, [])
    assert (await form(ines, f"{path}/remove")).headers["location"] == "/settings/members"
    assert (await ines.get(path)).status_code == 404


async def test_a_member_leaves(team: Team) -> None:
    mia = team.people["mia"]
    page = await mia.client.get(f"/settings/members/{mia.user_id}")
    assert "Leave <bdi>Northwind</bdi>" in page.text
    assert (await form(mia.client, f"/settings/members/{mia.user_id}/remove")).headers["location"] == "/"
    assert (await mia.client.get("/")).headers["location"] == "/sign-in"


async def test_inviting_badly_says_why_and_keeps_what_was_typed(team: Team) -> None:
    ines = team.people["ines"].client
    for email, word in (
        ("mia", "Must be an e-mail"),
        ("mia@example.com", "member already"),
        ("a\r\nb@c.d", "Must be an e-mail"),
    ):
        answer = await form(ines, "/settings/members", email=email, role="admin")
        assert answer.status_code == 422
        assert word in answer.text
        assert 'value="admin" checked' in answer.text
        assert check(answer.text) == []
    assert (await form(ines, "/settings/members", email="x@y.z", role="king")).status_code == 422


async def test_an_invitation_is_taken_back_in_the_page(team: Team) -> None:
    path = await link_in(team)
    ines = team.people["ines"].client
    action = re.search(r'action="(/settings/members/invitations/[^"]+)"', (await ines.get("/settings/members")).text)
    assert action
    assert (await form(ines, action[1])).status_code == 303
    assert (await team.world.client().get(path)).status_code == 404
    assert (await form(ines, action[1])).status_code == 404


async def test_a_key_is_shown_once_and_revoked_after_a_question(team: Team) -> None:
    ines = team.people["ines"].client
    assert "No key yet" in (await ines.get("/settings/keys")).text
    assert (await form(ines, "/settings/keys", label=" ")).status_code == 422
    assert (await form(ines, "/settings/keys", label="Reports")).headers["location"] == "/settings/keys"
    shown = KEY.search((await ines.get("/settings/keys")).text)
    assert shown
    program = team.world.client(authorization=f"Bearer {shown[0]}")
    assert (await program.get("/api/v1/conversations")).status_code == 200
    page = (await ines.get("/settings/keys")).text
    assert shown[0] not in page
    one = re.search(r'href="(/settings/keys/[0-9a-f-]{36})"', page)
    assert one
    assert "Something used it" in (await ines.get(one[1])).text
    assert (await form(ines, f"{one[1]}/revoke")).status_code == 303
    assert (await program.get("/api/v1/conversations")).status_code == 401
    assert "Revoked" in (await ines.get("/settings/keys")).text
    assert "opens nothing any more" in (await ines.get(one[1])).text
    assert (await form(team.people["sam"].client, f"{one[1]}/revoke")).status_code == 404
    assert (await team.people["sam"].client.get(one[1])).status_code == 404


async def test_a_key_is_made_for_a_client_of_chatbase(team: Team) -> None:
    ines = team.people["ines"].client
    refused = (await form(ines, "/settings/keys", label=" ", unsaved_chats="on")).text
    assert re.search(r'name="unsaved_chats" type="checkbox" checked', refused), "what was chosen stays chosen"
    assert '<details class="why" open>' in refused
    assert (await form(ines, "/settings/keys", label="Widget", wrapped_lists="on", unsaved_chats="on")).is_redirect
    [one] = (await ines.get("/api/v1/orgs/me/apikeys")).json()
    assert one["compatibility"] == ["wrapped_lists", "unsaved_chats"]
    page = (await ines.get(f"/settings/keys/{one['id']}")).text
    assert "Wrapped lists, unsaved chats" in page


async def test_only_a_key_of_this_organization_is_shown(team: Team) -> None:
    foreign = await team.people["sam"].new_key()
    cookies = f"auth_token={team.people['ines'].token}; new_key={foreign}"
    page = await team.people["ines"].client.get("/settings/keys", headers={"cookie": cookies})
    assert "shown only now" not in page.text


async def test_a_name_and_a_password_are_changed_in_the_page(team: Team) -> None:
    ines = team.people["ines"]
    other = team.world.client()
    await form(other, "/sign-in", email="ines@example.com", password="correct horse")
    assert (await form(ines.client, "/settings/account", name="Inès")).headers[
        "location"
    ] == "/settings/account?saved=name"
    assert "Inès" in (await ines.client.get("/settings/account?saved=name")).text
    for name in ("", "x" * 101, "a\0b"):
        answer = await form(ines.client, "/settings/account", name=name)
        assert (answer.status_code, check(answer.text)) == (422, [])
    path = "/settings/account/password"
    wrong = await form(ines.client, path, current_password="wrong horse", new_password="long enough")
    assert (wrong.status_code, "Is not your password" in wrong.text, "wrong horse" in wrong.text) == (422, True, False)
    short = await form(ines.client, path, current_password="correct horse", new_password="short")
    assert (short.status_code, "8 to 256" in short.text) == (422, True)
    done = await form(ines.client, path, current_password="correct horse", new_password="long enough")
    assert done.headers["location"] == "/settings/account?saved=password"
    assert (await ines.client.get("/settings/account")).status_code == 200
    assert (await other.get("/settings/account")).status_code == 303
    again = await form(other, "/sign-in", email="ines@example.com", password="long enough")
    assert again.status_code == 303
    assert "Sign out everywhere else" in (await ines.client.get("/settings/account")).text
    assert (await form(ines.client, "/settings/account/sessions")).status_code == 303
    assert (await other.get("/settings/account")).status_code == 303
    assert "Nowhere else" in (await ines.client.get("/settings/account")).text


async def test_guessing_the_current_password_locks(team: Team) -> None:
    path = "/settings/account/password"
    sent = {"current_password": "wrong horse", "new_password": "long enough"}
    answers = [await form(team.people["ines"].client, path, **sent) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert answers[-1].headers["retry-after"] == "30"
    assert "wait 30 seconds" in answers[-1].text


async def test_the_log_is_filtered_and_goes_on(team: Team) -> None:
    ines = team.people["ines"].client
    async with team.world.database.transaction() as db:
        await db.run(
            """
            insert into audit_log (id, org_id, occurred_at, actor_kind, actor_id, action, target, details)
            select gen_random_uuid(), $1, $2::timestamptz - n * interval '1 minute', 'server', null, 'thing.done', 'x',
                   jsonb_build_object('number', n)
            from generate_series(1, 120) n
            """,
            team.people["ines"].org_id, db.now,
        )  # fmt: skip
    path, seen = "/settings/audit?action=thing", list[str]()
    while path:
        page = (await ines.get(path)).text
        assert check(page) == []
        seen += re.findall(r"<bdi>number: (\d+)</bdi>", page)
        older = re.search(r'href="([^"]+)">Older', page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert seen == [str(n) for n in range(1, 121)]
    assert "Nothing of this kind" in (await ines.get("/settings/audit?action=nothing")).text
    only = await ines.get(f"/settings/audit?actor={team.people['ines'].user_id}")
    assert "Organization created" in only.text
    assert "Thing done" not in only.text
    for bad in ("after=x", "actor=x", "after=00000000-0000-7000-8000-000000000000", "action=%00"):
        assert (await ines.get(f"/settings/audit?{bad}")).status_code == 400


async def test_members_look_and_strangers_see_nothing(team: Team) -> None:
    mia, sam, nobody = team.people["mia"].client, team.people["sam"].client, team.world.client()
    amir_page = f"/settings/members/{team.people['amir'].user_id}"
    await team.people["ines"].new_key("secret label")
    await link_in(team, "hidden@example.com")
    for part in PAGES:
        page = await mia.get(f"/settings/{part}")
        assert (page.status_code, check(page.text)) == (200, []), part
        assert "hidden@example.com" not in page.text
        assert "secret label" not in page.text
        assert (await nobody.get(f"/settings/{part}")).headers["location"].startswith("/sign-in?next=")
    assert "danger-zone" not in (await mia.get(amir_page)).text
    for path, sent in (
        ("/settings/members", {"email": "x@y.z"}), ("/settings/members", {"email": "x"}), ("/settings/keys", {"label": "x"}),
        (f"{amir_page}/role", {"role": "member"}), (f"{amir_page}/remove", {}), ("/settings/organization", {"name": "x"}),
    ):  # fmt: skip
        assert (await form(mia, path, **sent)).status_code == 403, path
        foreign = await team.people["ines"].client.post(path, data=sent, headers={"origin": "https://evil.example"})
        assert foreign.status_code == 403, path
    assert (await sam.get(amir_page)).status_code == 404
    assert (await form(sam, f"{amir_page}/role", role="member")).status_code == 404
    assert (await form(sam, f"{amir_page}/remove")).status_code == 404
    assert (await form(sam, "/orgs/switch", organization_id=team.people["ines"].org_id)).status_code == 404
    assert (await form(sam, "/orgs/switch", organization_id="x")).status_code == 404


async def test_an_admin_does_not_reach_owners(team: Team) -> None:
    amir, own = team.people["amir"], f"/settings/members/{team.people['amir'].user_id}"
    owner = f"/settings/members/{team.people['ines'].user_id}"
    assert 'value="owner"' not in (await amir.client.get(own)).text
    assert 'value="owner"' not in (await amir.client.get("/settings/members")).text
    assert "Owners manage owners" in (await amir.client.get(owner)).text
    assert (await form(amir.client, f"{own}/role", role="owner")).status_code == 403
    assert (await form(amir.client, f"{owner}/role", role="member")).status_code == 403
    assert (await form(amir.client, f"{owner}/remove")).status_code == 403


async def test_hostile_names_are_only_text(team: Team) -> None:
    ines = team.people["ines"].client
    email = "<img/src=x/onerror=alert(1)>@example.com".replace("<", "").replace(">", "")
    path = await link_in(team, email)
    await ines.post("/api/v1/orgs/me/apikeys", json={"label": XSS})
    async with team.world.database.transaction() as db:
        await db.run("update users set name = $1", XSS)
        await db.run("update users set email = $1 where id = $2", f"{XSS}@x", team.people["mia"].user_id)
        await db.run("update organizations set name = $1", XSS)
        await db.run("update invitations set email = $1", f"{XSS}@x")
        await db.run("update audit_log set details = jsonb_build_object($1::text, $1::text), action = $1", XSS)
    key = re.search(r'href="(/settings/keys/[0-9a-f-]{36})"', (await ines.get("/settings/keys")).text)
    assert key
    paths = [*(f"/settings/{part}" for part in PAGES), key[1], f"/settings/members/{team.people['mia'].user_id}", path]
    for one in paths:
        page = await ines.get(one)
        assert page.status_code == 200, one
        assert "<script>alert" not in page.text, one
        assert "<img src=x" not in page.text, one
        assert "&lt;script&gt;" in page.text, one
        assert check(page.text) == [], one
    assert "<script>alert" not in (await team.world.client().get(path)).text


async def test_a_password_is_reset_in_the_pages(team: Team) -> None:
    visitor = team.world.client()
    assert "noctule reset-password" in (await visitor.get("/forgot")).text  # no mail server here
    over = await visitor.get("/reset?token=x")
    assert (over.status_code, "This link is over" in over.text, check(over.text)) == (404, True, [])
    token = await reset_token(team)
    page = await visitor.get(f"/reset?token={token}")
    assert (page.status_code, check(page.text)) == (200, [])
    short = await form(visitor, "/reset", token=token, password="short")
    assert (short.status_code, token in short.text) == (422, True)
    done = await form(visitor, "/reset", token=token, password="a new password")
    assert "It is set" in done.text
    assert check(done.text) == []
    assert (await form(visitor, "/reset", token=token, password="a new password")).status_code == 404
    assert (await team.people["ines"].client.get("/")).status_code == 303
    signed_in = await form(visitor, "/sign-in", email="ines@example.com", password="a new password")
    assert signed_in.status_code == 303


async def reset_token(team: Team) -> str:
    async with team.world.database.transaction() as db:
        token = await accounts.new_reset(db, "ines@example.com")
    assert token
    return token


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "javascript:x"]
)
async def test_signing_in_leads_nowhere_else(owner: Person, path: str) -> None:
    page = await owner.world.client().get("/sign-in", params={"next": path})
    assert "evil" not in page.text
    done = await form(owner.world.client(), "/sign-in", email="ines@example.com", password="correct horse", next=path)
    assert (done.status_code, done.headers["location"]) == (303, "/")


async def test_every_page_is_well_formed(team: Team) -> None:
    ines = team.people["ines"].client
    path = await link_in(team)
    assert (await ines.get("/settings")).headers["location"] == "/settings/organization"
    await ines.post("/api/v1/orgs/me/apikeys", json={"label": "x"})
    for one in (
        *(f"/settings/{part}" for part in PAGES),
        f"/settings/members/{team.people['amir'].user_id}",
        path,
        "/forgot",
    ):
        page = await ines.get(one)
        assert (page.status_code, check(page.text)) == (200, []), one
    assert check((await team.world.client().get(path)).text) == []
    saved = await form(ines, "/settings/organization", name="Renamed")
    assert "Renamed" in (await ines.get(saved.headers["location"])).text
    assert (await form(ines, "/settings/organization", name="")).status_code == 422


async def test_the_log_of_the_server_holds_no_link(team: Team, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    path = await link_in(team)
    token = await reset_token(team)
    await team.world.client().get(path)
    await team.world.client().get(f"/reset?token={token}")
    logged = [str(vars(record)) for record in caplog.records if record.name == "noctule.access"]
    assert any("/invitations/…" in line for line in logged)
    assert not any(path.rpartition("/")[2] in line or token in line for line in logged)


async def test_a_page_of_another_site_cannot_use_a_link(team: Team) -> None:
    path = await link_in(team, "sam@example.com")
    foreign = {"origin": "https://evil.example"}
    sam = team.people["sam"].client
    assert (await sam.post(path, headers=foreign)).status_code == 403
    for one in (
        "/forgot",
        "/reset",
        "/settings/account",
        "/settings/account/password",
        "/settings/account/sessions",
        "/orgs/switch",
    ):
        answer = await sam.post(one, data={"email": "a@b.c", "token": "x", "password": "long enough"}, headers=foreign)
        assert answer.status_code == 403, one
