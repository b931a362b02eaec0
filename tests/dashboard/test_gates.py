"""What holds for every page in a real browser: axe finds nothing in either theme, the console stays silent, the page is
light, nothing hangs over, and it says the same without a script.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response

from bench.sample import fill, fill_agent, first_of, remark, topic_in
from bench.screens import CHROMIUM, open_columns, open_dates, open_keymap, open_palette, open_reasons, read_chart, talk
from bench.server import Server
from tests.analysis.speech import INVOICES, PARCELS, PASSWORDS

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium")
AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
WIDTHS = {"desktop": (1440, 900), "phone": (360, 780)}
KIB = 1024
# Tables on a phone that one would have to push aside to see their last column.
CUT_OFF = "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth).map(one => one.ariaLabel)"


@dataclass
class Site:
    """A server with a little of everything, and the pages that are to be looked at."""

    server: Server
    pages: dict[str, str] = field(default_factory=dict[str, str])
    strangers: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"


@pytest.fixture(scope="module")
def site(server: Server) -> Site:
    bot, key = server.new_chatbot("Northwind Support")
    empty, _ = server.new_chatbot("An empty one with a rather long name that has to be cut somewhere")
    ids = fill(server, key)
    taught = fill_agent(server, bot)
    remark(server, bot, ids["rich"])
    base = f"/b/{bot}"
    sorted_out, key = server.new_chatbot("Sorted")
    for number, text in enumerate([*PARCELS, *PASSWORDS, *INVOICES]):
        said = {"conversationId": f"c{number}", "messages": [{"role": "user", "content": text}]}
        server.ask("POST", "/api/v1/capture", said, key=key)
    settings = {one: f"/settings/{one}" for one in ("organization", "members", "keys", "audit", "account")}
    people = {one: f"{base}/{one}" for one in ("users", "organizations")}
    one_of = {f"one of {kind}": first_of(server, bot, kind) for kind in people}
    for number in range(2):
        server.ask("POST", "/api/v1/orgs/me/invitations", {"email": f"{'long' * 15}{number}@example.com"})
        server.ask("POST", "/api/v1/orgs/me/apikeys", {"label": "A label that is as long as labels may be " * 2})
    return Site(
        server,
        {
            "home": "/", "find": f"/find?b={bot}&q=o", "jobs": "/jobs", "gallery": "/_ui", "new": "/chatbots/new",
            "overview": f"{base}/overview", "share": f"{base}/overview?metric=negative&range=7d&compare=off",
            "strange": f"{base}/overview?range=moon", "nothing": f"/b/{empty}/overview", "list": f"{base}/conversations",
            "reader": f"{base}/conversations?c={ids['rich']}", "hebrew": f"{base}/conversations?c={ids['hebrew']}",
            "narrowed": f"{base}/conversations?range=7d&f=sentiment:is:none",
            "filter": f"{base}/conversations?add=fields", "a filter": f"{base}/went/intents?add=country",
            "a typed filter": f"{base}/conversations?range=7d&add=messages", "nothing fits": f"{base}/conversations?f=channel:is:track", "waiting": f"/b/{empty}/conversations",
            "transcript": f"{base}/conversations/{ids['rich']}", "connect": f"{base}/connect",
            "search": f"{base}/search?q=jacket", "search anew": f"{base}/search", "no hit": f"{base}/search?q=moon",
            "no word": f"{base}/search?q=%3F", "rotate": f"{base}/rotate-key", "settings": f"{base}/settings",
            "privacy": f"{base}/settings/privacy", "columns": f"{base}/conversations?cols=state,topic,custom.tier,last",
            "sorted": f"{base}/conversations?sort=-messages&cols=score,custom.tier,messages,last", "strange order": f"{base}/conversations?sort=moon",
            "strange columns": f"{base}/conversations?cols=moon", "erase": first_of(server, bot, "users") + "/erase",
            "company": f"{base}/settings/company", "fields": f"{base}/settings/fields", "views": f"{base}/views",
            "analysis": f"{base}/settings/analysis", "a flag": f"{base}/settings/analysis/flags/churn_risk",
            "a new flag": f"{base}/settings/analysis/flags", "nothing judged": f"/b/{empty}/settings/analysis",
            "ledger": f"{base}/ledger", "no ledger": f"/b/{empty}/ledger", "no views": f"/b/{empty}/views", "no fields": f"/b/{empty}/settings/fields",
            "no topics": f"{base}/topics", "nothing went": f"/b/{empty}/went",
            **{f"went {part}": f"{base}/went/{part}" for part in ("outcomes", "intents", "behaviors", "quality", "flags", "frustrations", "audience")},
            "went narrowed": f"{base}/went/intents?f=sentiment:is:negative&compare=off&show=intent:refund",
            "playground": f"{base}/playground", "sources": f"{base}/sources", "leads": f"{base}/leads",
            "contacts": f"{base}/contacts", "source": f"{base}/sources/{taught['source']}",
            "unread source": f"{base}/sources/{taught['failed']}", "untaught": f"/b/{empty}/playground",
            "no sources": f"/b/{empty}/sources", "no leads": f"/b/{empty}/leads", "no contacts": f"/b/{empty}/contacts",
            "a text": f"{base}/sources/new", "a pair": f"{base}/sources/new?kind=qna", "a file": f"{base}/sources/new?kind=file",
            **settings, **people, **one_of, "topics": f"/b/{sorted_out}/topics", "topic": topic_in(server, sorted_out),
        },
        {"sign in": "/sign-in", "by invitation": "/sign-up", "reference": "/docs", "lost": "/nowhere"},
    )  # fmt: skip


@dataclass
class Visit:
    """A page as somebody sees it, and everything it complained of or fetched."""

    page: Page
    complaints: list[str] = field(default_factory=list[str])
    answers: list[Response] = field(default_factory=list[Response])

    def forget(self) -> None:
        """Before the next page in the same window: a window for each costs more than the pages."""
        self.page.goto("about:blank")
        self.complaints.clear()
        self.answers.clear()


def visit(context: BrowserContext) -> Visit:
    seen = Visit(context.new_page())
    seen.page.on(
        "console", lambda said: seen.complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))

    def note(answer: Response) -> None:
        seen.answers.append(answer)

    seen.page.on("response", note)
    return seen


def context_of(browser: Browser, site: Site, *, theme: str, size: str, signed_in: bool) -> BrowserContext:
    width, height = WIDTHS[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if theme == "dark" else "light"
    )
    if signed_in:
        context.add_cookies([{"name": "auth_token", "value": site.server.token, "url": site.address}])
    return context


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("options => axe.run(document, options)", RULES)["violations"]
    return [f"{one['id']}: {node['target']} {node['html'][:90]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize(("theme", "size"), [("light", "desktop"), ("dark", "phone")])
@pytest.mark.parametrize("signed_in", [True, False], ids=["signed in", "stranger"])
def test_every_page(browser: Browser, site: Site, theme: str, size: str, signed_in: bool) -> None:
    context = context_of(browser, site, theme=theme, size=size, signed_in=signed_in)
    seen = visit(context)
    for name, path in (site.pages if signed_in else site.strangers).items():
        seen.forget()
        seen.page.goto(site.address + path)
        if name == "reader":
            open_reasons(seen.page)
        assert violations(seen.page) == [], name
        silent = [
            one
            for one in seen.complaints
            if not ((name == "lost" and "404" in one) or (name == "by invitation" and "403" in one))
        ]
        assert silent == [], name
        assert all(one.url.startswith(site.address) for one in seen.answers), name
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert seen.page.evaluate(CUT_OFF) == [], name
        assert (
            name in ("gallery", "reference") or seen.page.evaluate("document.querySelectorAll('*').length") <= 1500
        ), name
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "act", [open_dates, open_palette, open_keymap, read_chart, open_reasons], ids=lambda act: act.__name__
)
def test_every_state_of_the_overview(browser: Browser, site: Site, theme: str, act: Callable[[Page], None]) -> None:
    context = context_of(browser, site, theme=theme, size="desktop", signed_in=True)
    seen = visit(context)
    seen.page.goto(site.address + site.pages["overview"])
    act(seen.page)
    assert violations(seen.page) == []
    assert seen.complaints == []
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_menu_of_columns(browser: Browser, site: Site, theme: str) -> None:
    context = context_of(browser, site, theme=theme, size="phone", signed_in=True)
    seen = visit(context)
    seen.page.goto(site.address + site.pages["list"])
    open_columns(seen.page)
    assert violations(seen.page) == []
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


@pytest.fixture(scope="module")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Of somebody who has just begun."""
    with Server(data_dir=tmp_path_factory.mktemp("new"), workers=0) as server:
        server.sign_up()
        yield Site(server, {"home": "/"})


@pytest.fixture(scope="module")
def demo_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Server(data_dir=tmp_path_factory.mktemp("demo"), workers=0, command="demo") as server:
        yield Site(server, {"sign in": "/sign-in"})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_where_a_demo_begins(browser: Browser, new_home: Site, demo_house: Site, theme: str) -> None:
    for site, words, signed_in in ((new_home, "Load demo data", True), (demo_house, "Look around", False)):
        for size in WIDTHS:
            context = context_of(browser, site, theme=theme, size=size, signed_in=signed_in)
            seen = visit(context)
            seen.page.goto(site.address + next(iter(site.pages.values())))
            assert seen.page.locator(f"button:has-text('{words}')").count() == 1
            assert violations(seen.page) == []
            assert seen.complaints == []
            context.close()


@pytest.mark.parametrize(("theme", "size"), [("light", "desktop"), ("dark", "phone")])
def test_a_conversation_in_the_playground(browser: Browser, site: Site, theme: str, size: str) -> None:
    context = context_of(browser, site, theme=theme, size=size, signed_in=True)
    seen = visit(context)
    seen.page.goto(site.address + site.pages["playground"])
    talk(seen.page)
    assert seen.page.locator(".talk .assistant").count() == 3
    assert violations(seen.page) == []
    assert seen.complaints == []
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_every_page_is_light(browser: Browser, site: Site) -> None:
    """As it comes over the line the first time, with its fonts, scripts and drawings."""
    for signed_in, pages in ((True, site.pages), (False, site.strangers)):
        context = context_of(browser, site, theme="light", size="desktop", signed_in=signed_in)
        seen = visit(context)
        context.new_cdp_session(seen.page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        for name, path in pages.items():
            seen.forget()
            seen.page.goto(site.address + path)
            seen.page.evaluate("document.fonts.ready.then(() => true)")
            weight = sum(int(one.headers.get("content-length", 0)) for one in seen.answers)
            assert 20 * KIB < weight <= 90 * KIB, (name, weight)
        context.close()


def test_every_page_says_the_same_without_a_script(browser: Browser, site: Site) -> None:
    def window(*, script: bool) -> Page:
        context = browser.new_context(java_script_enabled=script)
        context.add_cookies([{"name": "auth_token", "value": site.server.token, "url": site.address}])
        return context.new_page()

    def words(page: Page, path: str, *, script: bool) -> str:
        page.goto(site.address + path)
        said = (
            page.evaluate("document.querySelector('main h1').innerText")
            if script
            else page.locator("main h1").inner_text()
        )
        links = page.locator("main a[href]:not(noscript a)").count()
        return f"{said} {links}"

    scripted, plain = window(script=True), window(script=False)
    for name, path in site.pages.items():
        assert words(scripted, path, script=True) == words(plain, path, script=False), name
    scripted.context.close()
    plain.context.close()
