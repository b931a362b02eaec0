"""The pages over HTTP: what each shows to whom, and that every form works without JavaScript."""

import re
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from noctule import analysis
from noctule.dashboard.access import own_path
from noctule.dashboard.rendering import signed
from tests.api.test_chatbots import join
from tests.conftest import Bot, Person, TurnableClock, World, running, said, services_on

KEY = re.compile(r"ob_live_[0-9a-f]{32}")
XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


async def form(client: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    return await client.post(path, data=fields)


async def test_the_first_visitor_sets_up_and_lands_on_an_empty_home(client: httpx.AsyncClient) -> None:
    assert (await client.get("/")).headers["location"] == "/sign-in"
    assert (await client.get("/sign-in")).headers["location"] == "/setup"
    assert "Set up Noctule" in (await client.get("/setup")).text
    done = await form(
        client, "/setup", email="ines@example.com", password="long enough", name="Ines", organization="Acme"
    )
    assert (done.status_code, done.headers["location"]) == (303, "/")
    home = await client.get("/")
    assert "No chatbot yet" in home.text
    assert "Acme" in home.text
    assert (await client.get("/setup")).status_code == 303


async def test_a_bad_sign_up_keeps_what_was_typed_and_names_the_field(client: httpx.AsyncClient) -> None:
    again = await form(client, "/setup", email="jane", password="long enough", name=XSS)
    assert again.status_code == 422
    assert 'id="email-note"' in again.text
    assert "Must be an e-mail address" in again.text
    assert "&lt;script&gt;" in again.text
    assert "long enough" not in again.text
    nul = await form(client, "/setup", email="a\0@b.c", password="long enough", name="\0")
    assert nul.status_code == 422


async def test_sign_up_is_by_invitation_unless_it_is_open(database: Any) -> None:
    async with running(services_on(database)) as world:
        await world.sign_up()
        closed = await world.client().get("/sign-up")
        assert (closed.status_code, "By invitation" in closed.text) == (403, True)
        sent = await form(world.client(), "/sign-up", email="b@example.com", password="long enough")
        assert (sent.status_code, "by invitation only" in sent.text) == (403, True)


async def test_signing_in_and_out(owner: Person) -> None:
    client = owner.world.client()
    wrong = await form(client, "/sign-in", email="ines@example.com", password="wrong horse")
    assert wrong.status_code == 422
    assert "Invalid email or password" in wrong.text
    right = await form(client, "/sign-in", email="ines@example.com", password="correct horse", next="/chatbots/new")
    assert (right.status_code, right.headers["location"]) == (303, "/chatbots/new")
    assert (await client.get("/")).status_code == 200
    assert (await form(client, "/sign-out")).headers["location"] == "/sign-in"
    assert (await client.get("/")).status_code == 303


async def test_a_lock_out_states_the_wait(owner: Person) -> None:
    client = owner.world.client()
    for _ in range(5):
        await form(client, "/sign-in", email="ines@example.com", password="wrong horse")
    locked = await form(client, "/sign-in", email="ines@example.com", password="correct horse")
    assert (locked.status_code, locked.headers["retry-after"]) == (429, "30")
    assert "wait 30 seconds" in locked.text


async def test_who_is_not_signed_in_comes_back_to_where_he_wanted(world: World, bot: Bot) -> None:
    sent = await world.client().get(f"/b/{bot.id}/conversations?after=x")
    assert sent.headers["location"] == f"/sign-in?next=%2Fb%2F{bot.id}%2Fconversations%3Fafter%3Dx"
    page = f"{str(world.client().base_url).rstrip('/')}/b/{bot.id}/conversations?range=7d"
    for referer, back in (
        (page, f"?next=%2Fb%2F{bot.id}%2Fconversations%3Frange%3D7d"),
        ("https://evil.example/x", ""),
        ("http://[x", ""),
    ):
        sent = await world.client().post(f"/b/{bot.id}/views", data={"name": "x"}, headers={"referer": referer})
        assert (sent.status_code, sent.headers["location"]) == (303, f"/sign-in{back}")


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "", "/a\r\nset-cookie: x"],
)
def test_nobody_is_sent_away_after_signing_in(path: str) -> None:
    assert own_path(path) == "/"
    assert own_path("/b/1?x=%2F") == "/b/1?x=%2F"


async def test_a_form_of_a_foreign_page_is_refused(owner: Person) -> None:
    foreign = {"origin": "https://evil.example"}
    for path in ("/sign-in", "/sign-up", "/chatbots/new", "/b/1/archive", "/sign-out"):
        answer = await owner.client.post(path, data={"name": "x"}, headers=foreign)
        assert answer.status_code == 403, path
        assert "another site" in answer.text


async def test_a_new_chatbot_shows_its_key_once(owner: Person) -> None:
    made = await form(owner.client, "/chatbots/new", name="Helper")
    path = made.headers["location"]
    assert (made.status_code, KEY.search(path)) == (303, None)
    cookie = made.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", f"Path={path}", "Max-Age=60"))
    shown = await owner.client.get(path)
    key = KEY.search(shown.text)
    assert key
    assert f"Authorization: Bearer {key[0]}" in shown.text.replace("&#34;", '"')
    assert "Waiting for the first event" in shown.text
    later = await owner.client.get(path)
    assert key[0] not in later.text
    assert key[0][:14] in later.text
    await Bot(owner, path.split("/")[2], key[0]).capture("c")
    arrived = await owner.client.get(path)
    assert "It works: the latest message came" in arrived.text
    assert "data-poll" not in arrived.text
    assert (await owner.client.get("/api/v1/analytics/overview")).json()["totalConversations"] == 1
    assert len((await owner.client.get("/api/v1/chatbots")).json()) == 1


async def test_only_the_key_of_this_chatbot_is_shown(owner: Person, bot: Bot) -> None:
    """A cookie may be planted; a foreign key on this page would send words to somebody else."""
    other = await owner.new_chatbot("Other")
    for planted in (other.key, "ob_live_" + "0" * 32, "x", "<b>"):
        page = await owner.client.get(
            f"/b/{bot.id}/connect", headers={"cookie": f"auth_token={owner.token}; new_key={planted}"}
        )
        assert page.status_code == 200
        assert "shown only now" not in page.text
        assert 'new_key=""' in page.headers["set-cookie"]


async def test_rotating_asks_first(owner: Person, bot: Bot) -> None:
    assert "stops at once" in (await owner.client.get(f"/b/{bot.id}/rotate-key")).text
    assert (await bot.capture()).status_code == 200
    done = await form(owner.client, f"/b/{bot.id}/rotate-key")
    assert (done.status_code, done.headers["location"]) == (303, f"/b/{bot.id}/connect")
    shown = await owner.client.get(done.headers["location"])
    assert "shown only now" in shown.text
    assert (await bot.capture()).status_code == 401
    key = KEY.search(shown.text)
    assert key
    assert KEY.search((await owner.client.get(done.headers["location"])).text) is None
    assert (await Bot(owner, bot.id, key[0]).capture()).status_code == 200


async def test_archiving_and_restoring(owner: Person, bot: Bot) -> None:
    connect = f"/b/{bot.id}/connect"
    assert 'class="badge pending">Pending' in (await owner.client.get("/")).text
    assert (await bot.capture()).status_code == 200
    assert 'class="badge' not in (await owner.client.get("/")).text
    done = await form(owner.client, f"/b/{bot.id}/archive")
    assert (done.status_code, done.headers["location"]) == (303, connect)
    assert (await bot.capture()).status_code == 403
    for path in ("/", connect, f"/b/{bot.id}/conversations"):
        assert 'class="badge archived">Archived' in (await owner.client.get(path)).text, path
    page = (await owner.client.get(connect)).text
    assert f'action="/b/{bot.id}/restore"' in page
    assert f'action="/b/{bot.id}/archive"' not in page
    assert "It works" not in page
    assert (await form(owner.client, f"/b/{bot.id}/restore")).headers["location"] == connect
    assert f'action="/b/{bot.id}/archive"' in (await owner.client.get(connect)).text
    assert (await bot.capture()).status_code == 200


async def test_an_archived_chatbot_waits_for_nothing(owner: Person, bot: Bot) -> None:
    await form(owner.client, f"/b/{bot.id}/archive")
    page = (await owner.client.get(f"/b/{bot.id}/connect")).text
    assert "Nothing is recorded" in page
    assert "data-poll" not in page
    assert "Waiting for" not in page
    assert ">waiting<" not in (await owner.client.get("/")).text


async def test_a_member_looks_and_changes_nothing(owner: Person, bot: Bot) -> None:
    member = await owner.world.sign_up("member@example.com", "Own")
    await join(member, owner.org_id, "member")
    assert "Support Bot" in (await member.client.get("/")).text
    assert "New chatbot</a>" not in (await member.client.get("/")).text
    assert "Owners and admins" in (await member.client.get("/chatbots/new")).text
    assert "Owners and admins" in (await member.client.get(f"/b/{bot.id}/rotate-key")).text
    assert (await form(member.client, "/chatbots/new", name="x")).status_code == 403
    assert (await form(member.client, f"/b/{bot.id}/rotate-key")).status_code == 403
    assert "Archive" not in (await member.client.get(f"/b/{bot.id}/connect")).text
    assert (await form(member.client, f"/b/{bot.id}/archive")).status_code == 403
    assert (await form(member.client, f"/b/{bot.id}/restore")).status_code == 403


async def test_what_belongs_to_others_is_not_there(owner: Person, bot: Bot) -> None:
    stored = (await bot.capture("c")).json()["conversationId"]
    stranger = await owner.world.sign_up("stranger@example.com", "Elsewhere")
    other = await stranger.new_chatbot()
    for path in (f"/b/{bot.id}/conversations", f"/b/{bot.id}/connect", f"/b/{bot.id}/rotate-key", f"/b/{bot.id}/conversations/{stored}",
                 f"/b/{other.id}/conversations/{stored}", "/b/abc/conversations", "/b/abc", f"/b/{other.id}/conversations/abc", "/nowhere", "/static/x/app.css"):  # fmt: skip
        answer = await stranger.client.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["x-request-id"] in answer.text
    for path in (f"/b/{bot.id}/archive", f"/b/{bot.id}/restore", "/b/abc/archive"):
        assert (await form(stranger.client, path)).status_code == 404, path


async def test_settings_are_changed_in_the_page(owner: Person, bot: Bot) -> None:
    path = f"/b/{bot.id}/settings"
    first = await owner.client.get(path)
    assert re.findall(r'id="(\w+)" [^>]*type="checkbox" checked', first.text) == ["user_analysis", "assistant_analysis"]
    saved = await form(owner.client, path, name="Renamed", assistant_analysis="on", idle="5", close="30")
    assert (saved.status_code, saved.headers["location"]) == (303, f"{path}?saved=1")
    stored = (await owner.client.get(f"/api/v1/chatbots/{bot.id}")).json()
    assert stored["name"] == "Renamed"
    assert stored["settings"] == {"userAnalysisEnabled": False, "lifecycle": {"idleAfterMinutes": 5}}
    again = await owner.client.get(saved.headers["location"])
    assert "Saved" in again.text
    assert re.findall(r'id="(\w+)" [^>]*type="checkbox" checked', again.text) == ["assistant_analysis"]


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("name", "", "1 to 100"),
        ("idle", "x", "whole number"),
        ("close", "0", "whole number"),
        ("close", "43201", "whole number"),
    ],
)
async def test_settings_that_cannot_be_are_asked_for_again(
    owner: Person, bot: Bot, field: str, value: str, word: str
) -> None:
    sent = {"name": "New", "idle": "10", "close": "30", field: value}
    answer = await form(owner.client, f"/b/{bot.id}/settings", **sent)
    assert answer.status_code == 422
    assert word in answer.text.partition(f'id="{field}-note"')[2].partition("</p>")[0]
    assert check(answer.text) == []
    assert (await owner.client.get(f"/api/v1/chatbots/{bot.id}")).json()["name"] == "Support Bot"


async def test_a_chatbot_is_deleted_by_typing_its_name(owner: Person, bot: Bot) -> None:
    for typed in ("", "support bot", "Other"):
        refused = await form(owner.client, f"/b/{bot.id}/delete", typed=typed)
        assert refused.status_code == 422
        assert "must be the name" in refused.text.lower()
        assert check(refused.text) == []
    done = await form(owner.client, f"/b/{bot.id}/delete", typed=" Support  Bot ")
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert (await owner.client.get(f"/b/{bot.id}/settings")).status_code == 404
    assert (await bot.capture()).status_code == 401


async def test_settings_are_for_owners_and_admins(owner: Person, bot: Bot) -> None:
    member = await owner.world.sign_up("member@example.com", "Own")
    stranger = await owner.world.sign_up("stranger@example.com", "Elsewhere")
    await join(member, owner.org_id, "member")
    shown = await member.client.get(f"/b/{bot.id}/settings")
    assert "After 30 minutes" in shown.text
    assert "<form" not in shown.text.partition("<main")[2].partition("</main>")[0]
    fields = {"name": "x", "typed": "Support Bot"}
    for what in ("settings", "delete"):
        assert (await form(member.client, f"/b/{bot.id}/{what}", **fields)).status_code == 403
        assert (await form(stranger.client, f"/b/{bot.id}/{what}", **fields)).status_code == 404
        assert (await form(owner.world.client(), f"/b/{bot.id}/{what}", **fields)).headers["location"] == "/sign-in"
        foreign = await owner.client.post(
            f"/b/{bot.id}/{what}", data=fields, headers={"origin": "https://evil.example"}
        )
        assert foreign.status_code == 403
    assert (await stranger.client.get(f"/b/{bot.id}/settings")).status_code == 404


async def test_an_empty_name_is_asked_for_again(owner: Person) -> None:
    for name in ("", "  ", "x" * 101, "a\0b"):
        answer = await form(owner.client, "/chatbots/new", name=name)
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text


async def test_a_form_that_is_no_form(owner: Person) -> None:
    for body, kind in (
        (b"{}", "application/json"),
        (b"\xff\xfe=\xff", "application/x-www-form-urlencoded"),
        (b"x", "multipart/form-data; boundary=y"),
        (b"x", "multipart/form-data"),
    ):
        answer = await owner.client.post("/chatbots/new", content=body, headers={"content-type": kind})
        assert answer.status_code in (400, 422), answer.text


@pytest.mark.parametrize("path", ["/chatbots/new", "/sign-in", "/sign-up"])
@pytest.mark.parametrize(
    ("codec", "sent"),
    [
        ("unicode_escape", rb"\ud800"),
        ("raw_unicode_escape", rb"\ud800"),
        ("utf-7", b"+2AA-"),
        ("utf-16", b"\x00\xd8"),
        ("undefined", b"x"),
        ("utf-8\0x", b"x"),
        ("zlib", b""),
    ],
)
async def test_a_form_in_a_strange_codec(owner: Person, path: str, codec: str, sent: bytes) -> None:
    """A form may name any codec that Python knows; some of them make half surrogates, and some cannot decode."""
    part = b'--y\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    body = b"".join(part % (name, sent) for name in (b"name", b"email", b"password")) + b"--y--\r\n"
    answer = await owner.client.post(
        path, content=body, headers={"content-type": f"multipart/form-data; boundary=y; charset={codec}"}
    )
    assert answer.status_code in (400, 422), answer.text


@pytest.mark.parametrize(("sent", "word"), [("%00", "NUL"), ("x" * 101, "100 characters")])
async def test_what_cannot_be_stored_is_said_at_the_field(owner: Person, sent: str, word: str) -> None:
    form_type = {"content-type": "application/x-www-form-urlencoded"}
    answer = await owner.client.post("/chatbots/new", content=f"name=a{sent}", headers=form_type)
    assert answer.status_code == 422
    assert word in answer.text.partition('id="name-note"')[2].partition("</p>")[0]
    assert 'href="#name"' in answer.text


async def test_when_the_database_is_away_a_page_says_so(own_world: World) -> None:
    person = await own_world.sign_up()
    await own_world.database.close()
    for method, path in (("GET", "/"), ("GET", "/sign-in"), ("POST", "/sign-in"), ("POST", "/sign-up")):
        fields = {"email": "b@example.com", "password": "long enough"}
        answer = await person.client.request(method, path, data=fields if method == "POST" else None)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2"), path
        assert "Not available right now" in answer.text
        assert answer.headers["x-request-id"] in answer.text


async def test_a_fault_of_ours_is_a_page_that_tells_nothing(owner: Person) -> None:
    async with owner.world.database.transaction() as db:
        await db.run("alter table chatbots rename to elsewhere")
    answer = await owner.client.get("/")
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert "chatbots" not in answer.text.partition("<main")[2]


async def test_the_list_goes_on_where_the_page_ends(bot: Bot) -> None:
    for number in range(60):
        minute = f"2025-03-15T14:{number // 2:02}:00Z"  # two at each minute: the place in the list is more than a time
        await bot.capture(f"conv-{number:02}", said(f"Question {number:02}", sentAt=minute))
    seen: list[str] = []
    path = f"/b/{bot.id}/conversations"
    for _ in range(4):
        page = await bot.owner.client.get(path)
        assert page.status_code == 200
        seen += re.findall(r"<b [^>]*>Question (\d\d)", page.text)
        older = re.search(r'href="(\?after=[^"]+)"', page.text)
        if not older:
            break
        path = f"/b/{bot.id}/conversations{older[1]}"
    assert len(seen) == 60
    assert len(set(seen)) == 60
    assert [int(number) // 2 for number in seen] == sorted((int(number) // 2 for number in seen), reverse=True)
    back = (await bot.owner.client.get(path)).text
    for shown in (seen[25:50], seen[:25]):
        newer = re.search(r'href="(\?before=[^"]+)"', back)
        assert newer
        answer = await bot.owner.client.get(f"/b/{bot.id}/conversations{newer[1]}", follow_redirects=True)
        assert re.findall(r"<b [^>]*>Question (\d\d)", answer.text) == shown
        back = answer.text
    assert "?before=" not in (await bot.owner.client.get(f"/b/{bot.id}/conversations?after=&before=")).text


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "2025-01-01T00:00:00+00:00_",
        "_",
        "2025-01-01_00000000-0000-7000-8000-000000000000",
        "%00",
        "0001-01-01T00:00:00%2B23:59_00000000-0000-7000-8000-000000000000",
        "9999-12-31T23:59:59-23:59_00000000-0000-7000-8000-000000000000",
    ],
)
@pytest.mark.parametrize("side", ["after", "before"])
async def test_a_place_that_is_none(bot: Bot, side: str, after: str) -> None:
    assert (await bot.owner.client.get(f"/b/{bot.id}/conversations?{side}={after}")).status_code == 400


async def test_the_furniture_is_not_turned_or_stretched_by_what_was_said(bot: Bot) -> None:
    name = "N" * 256
    stored = await bot.capture("c", said("\u202egnp.exe\u2066 hello \u200fשלום"), user={"name": name})
    path = f"/b/{bot.id}/conversations"
    transcript = (await bot.owner.client.get(f"{path}/{stored.json()['conversationId']}")).text
    for page in ((await bot.owner.client.get(path)).text, transcript.partition('<ol class="thread"')[0]):
        assert "gnp.exe hello \u200fשלום" in page
        assert "\u202e" not in page
        assert "N" * 59 + "…" in page
        assert name not in page
    assert f'<dd dir="auto">{name}</dd>' in transcript


@pytest.mark.parametrize(
    ("score", "shown"), [(0.5, "+0.50"), (-0.9, "−0.90"), (0.0, "0.00"), (-0.001, "0.00"), (0.004, "0.00")]
)
def test_scores_have_their_sign(score: float, shown: str) -> None:
    assert signed(score) == shown


async def test_the_reference_has_every_route_and_asks_nobody(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    for path in (await client.get("/openapi.json")).json()["paths"]:
        assert path in page.text
    assert "https://" not in page.text
    assert page.text.count("const: false") == 1  # the form of a refusal is shown once, not at each of them
    assert "query, string" in page.text


class Checker(HTMLParser):
    """Tags closed in order, ids once, labels and icons in place: what a browser forgives and a reader's tools do not."""

    VOID = frozenset({"meta", "link", "input", "br", "img"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.labelled: set[str] = set()
        self.inputs: list[str] = []
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag not in self.VOID:
            self.open.append(tag)
        if identity := named.get("id"):
            if identity in self.ids:
                self.problems.append(f"id {identity} twice")
            self.ids.add(identity)
        if tag == "label" and named.get("for"):
            self.labelled.add(str(named["for"]))
        if tag == "input" and named.get("type") != "hidden":
            self.inputs.append(str(named.get("id")))
        if any(name.startswith("on") or name == "style" for name in named):
            self.problems.append(f"inline script or style on {tag}")
        if tag == "a" and not named.get("href"):
            self.problems.append("a link to nowhere")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"{tag} closed out of order")


def check(page: str) -> list[str]:
    checker = Checker()
    checker.feed(page)
    unlabelled = [name for name in checker.inputs if name not in checker.labelled]
    headings = page.count("<h1")
    return (
        checker.problems
        + [f"input {name} without a label" for name in unlabelled]
        + (["not one h1"] if headings != 1 else [])
    )


def test_the_check_can_fail() -> None:
    assert check("<h1>x</h1><p><b></p></b>")
    assert check('<h1>x</h1><input id="a">')
    assert check('<h1 id="a">x</h1><i id="a"></i>')
    assert check('<h1 onclick="x()">x</h1>')
    assert check("<p></p>") == ["not one h1"]


async def test_every_page_is_well_formed_and_light(bot: Bot, clock: TurnableClock) -> None:
    client = bot.owner.client
    stored = (await bot.capture("c", said("This is great, I love it. Where is it?"), user={"name": "Jane"})).json()
    clock.passes(seconds=5)
    await analysis.judge_due(bot.owner.world.database)
    empty = await bot.owner.new_chatbot("Empty")
    pages = ["/", "/_ui", "/find", "/jobs", f"/find?b={bot.id}&q=o", f"/b/{bot.id}/overview", f"/b/{bot.id}/overview?range=90d&metric=negative", f"/b/{empty.id}/overview",
             f"/b/{bot.id}/conversations?c={stored['conversationId']}", f"/b/{bot.id}/conversations?f=sentiment:is:negative&range=7d&f=x",
             "/chatbots/new", f"/b/{bot.id}/connect", f"/b/{bot.id}/rotate-key", f"/b/{bot.id}/settings", f"/b/{bot.id}/conversations", "/docs", "/nowhere",
             f"/b/{empty.id}/conversations", f"/b/{empty.id}/connect", f"/b/{bot.id}/conversations/{stored['conversationId']}"]  # fmt: skip
    for path in pages:
        page = await client.get(path)
        assert check(page.text) == [], path
        assets = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page.text))
        sizes = {asset: sent(await client.get(asset)) for asset in assets}
        assert sum(sizes.values()) + sent(page) < 90 * 1024, (path, sizes)
        assert page.text.count("<") - page.text.count("</") < 1500 or path in ("/docs", "/_ui"), path
    visitor = bot.owner.world.client()
    for path in ("/sign-in", "/sign-up"):
        assert check((await visitor.get(path)).text) == [], path


def sent(answer: httpx.Response) -> int:
    """What went over the line, compressed."""
    return int(answer.headers["content-length"])


async def test_files_may_be_kept_for_ever_because_their_address_changes(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    sheet = re.search(r'href="(/static/[0-9a-f]{12}/app.css)"', page.text)
    assert sheet
    answer = await client.get(sheet[1])
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/css")
    assert (await client.get("/static/000000000000/app.css")).status_code == 404
    assert (await client.get(sheet[1].replace("app.css", "../rendering.py"))).status_code == 404
