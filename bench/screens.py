"""Pictures of every page, to be looked at: light and dark, desktop and phone, with nothing, little and much.

python -m bench.screens [FOLDER]
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.sample import bring_in, fill, fill_agent, fill_much, first_of, remark, topic_in
from bench.server import Server

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
_OVER = {"palette", "keymap", "menu"}  # what lies over a page is as large as the window


def nothing(_page: Page) -> None:
    pass


class Camera:
    """Takes each page in both themes and both sizes, the whole of it, and says what the console said."""

    def __init__(self, browser: Browser, folder: Path, server: Server) -> None:
        self._browser = browser
        self._folder = folder
        self._server = server
        self.too_wide: list[str] = []
        self._address = f"http://127.0.0.1:{server.port}"

    def shoot(self, pages: dict[str, str], *, act: Callable[[Page], None] = nothing) -> None:
        """As whoever is signed in by now; `act` does something to the page before the picture."""
        for scheme in ("light", "dark"):
            for size, (width, height) in SIZES.items():
                context = self._browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
                )
                if self._server.token:
                    context.add_cookies([{"name": "auth_token", "value": self._server.token, "url": self._address}])
                page = context.new_page()
                page.on("console", lambda message: print(f"  console: {message.text}"))
                for name, path in pages.items():
                    page.goto(self._address + path)
                    act(page)
                    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                        self.too_wide.append(f"{name}-{size}-{scheme}")
                    page.screenshot(path=str(self._folder / f"{name}-{size}-{scheme}.png"), full_page=name not in _OVER)
                context.close()


def send_nonsense(page: Page) -> None:
    for name, value in {"name": "x" * 300, "email": "jane", "password": "short"}.items():
        if page.locator(f"#{name}").count():
            page.eval_on_selector(f"#{name}", "(input, value) => input.value = value", value)
    page.eval_on_selector("form:has(.field)", "form => form.noValidate = true")
    page.click("button.primary")


def open_menu(page: Page) -> None:
    if page.locator("[popovertarget]").is_visible():
        page.click("[popovertarget]")


def open_dates(page: Page) -> None:
    page.click(".tools .drop summary")


def open_columns(page: Page) -> None:
    page.click("[data-columns] > summary")


def ask_what_would_go(page: Page) -> None:
    page.fill("#days", "1")
    page.click("form[action$='/privacy'] button.primary")
    page.wait_for_selector(".notice.bad")


def open_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette-found a")


def open_keymap(page: Page) -> None:
    page.keyboard.press("?")
    page.wait_for_selector("#keymap[open]")


def read_chart(page: Page) -> None:
    page.focus("[data-chart]")
    for _ in range(12):
        page.keyboard.press("ArrowLeft")


def open_reasons(page: Page) -> None:
    page.eval_on_selector_all("main .why, main .twin", "boxes => boxes.forEach(box => box.open = true)")


def try_without_flags(page: Page) -> None:
    page.uncheck("#flags")
    page.uncheck("#sentiment")
    page.click("button[formaction$='/try']")
    page.wait_for_selector("#tried")


def try_nonsense(page: Page) -> None:
    page.fill("#positive", "high")
    page.click("button[formaction$='/try']")
    page.wait_for_selector(".problems")


def make_chatbot(page: Page) -> None:
    page.fill("#name", "Storefront helper")
    page.click("button.primary")


def journey(server: Server, camera: Camera) -> None:
    camera.shoot({"setup": "/setup", "docs": "/docs", "lost": "/nowhere"})
    camera.shoot({"setup-refused": "/setup"}, act=send_nonsense)
    owner = {
        "email": "ines@example.com",
        "password": "a long password",
        "name": "Ines Moreau",
        "organization": "Northwind Goods",
    }
    server.ask("POST", "/api/v1/auth/register", owner)
    server.token = server.ask("POST", "/api/v1/auth/login", owner)[1]["token"]
    camera.shoot({"home-none": "/", "new-chatbot": "/chatbots/new"})
    camera.shoot({"new-chatbot-refused": "/chatbots/new"}, act=send_nonsense)
    token, server.token = server.token, ""
    camera.shoot({"sign-in": "/sign-in", "by-invitation": "/sign-up"})
    camera.shoot({"sign-in-refused": "/sign-in"}, act=send_nonsense)
    server.token = token
    bot, key = server.new_chatbot("Northwind Support")
    empty, _ = server.new_chatbot("An empty one with a rather long name that has to be cut somewhere")
    camera.shoot(
        {
            "waiting": f"/b/{empty}/connect",
            "list-none": f"/b/{empty}/conversations",
            "overview-none": f"/b/{empty}/overview",
            "users-none": f"/b/{empty}/users",
            "organizations-none": f"/b/{empty}/organizations",
            "jobs-none": "/jobs",
        }
    )
    little, little_key = server.new_chatbot("Little")
    ids = fill(server, little_key)
    camera.shoot({"overview-pending": f"/b/{little}/overview"})
    fill_much(server, key)
    ids = fill(server, key)
    left = bring_in(server, little)
    camera.shoot({"pending": f"/b/{bot}/conversations/{ids['rich']}"})
    time.sleep(12)
    remark(server, bot, ids["rich"])
    names = {
        "home": "/",
        "overview": f"/b/{bot}/overview",
        "overview-negative": f"/b/{bot}/overview?range=90d&metric=negative",
        "overview-little": f"/b/{little}/overview",
        "gallery": "/_ui",
        "find": f"/find?b={bot}",
        "jobs": "/jobs",
        "list": f"/b/{bot}/conversations",
        "unjudged": f"/b/{little}/conversations?c={left}",
        "users": f"/b/{bot}/users",
        "users-little": f"/b/{little}/users?sort=sentiment",
        "users-nobody-fits": f"/b/{bot}/users?q=nobody",
        "organizations": f"/b/{bot}/organizations",
        "list-little": f"/b/{little}/conversations",
        "list-narrowed": f"/b/{bot}/conversations?range=30d&f=sentiment:is:negative",
        "list-nothing-fits": f"/b/{little}/conversations?f=sentiment:is:negative&f=channel:is:import",
        "reader": f"/b/{bot}/conversations?c={ids['rich']}",
        "connected": f"/b/{bot}/connect",
        "rotate": f"/b/{bot}/rotate-key",
        "settings": f"/b/{bot}/settings",
        "topics-none": f"/b/{little}/topics",
        "topic": topic_in(server, bot),
        "topics": f"/b/{bot}/topics",
        "company": f"/b/{bot}/settings/company",
        "privacy": f"/b/{bot}/settings/privacy",
        "list-columns": f"/b/{bot}/conversations?cols=state,topic,language,custom.tier,outcome,last,moon",
        "list-sorted": f"/b/{bot}/conversations?sort=score&cols=state,messages,score,last",
        "list-sorted-by-what-is-hidden": f"/b/{bot}/conversations?sort=-messages&cols=state,last",
        "fields": f"/b/{bot}/settings/fields",
        "fields-none": f"/b/{empty}/settings/fields",
        "analysis": f"/b/{bot}/settings/analysis",
        "analysis-none": f"/b/{empty}/settings/analysis",
        "flag": f"/b/{bot}/settings/analysis/flags/churn_risk",
        "flag-new": f"/b/{bot}/settings/analysis/flags",
        "views": f"/b/{bot}/views",
        "ledger": f"/b/{bot}/ledger",
        "ledger-none": f"/b/{empty}/ledger",
        "adding": f"/b/{bot}/conversations?add=country",
        "adding-fields": f"/b/{bot}/conversations?add=fields",
        "went-none": f"/b/{empty}/went",
        "went-narrowed": f"/b/{bot}/went/intents?f=sentiment:is:negative&compare=off",
        "views-none": f"/b/{empty}/views",
    }
    parts = ("outcomes", "intents", "behaviors", "quality", "flags", "frustrations", "audience")
    names |= {f"went-{part}": f"/b/{bot}/went/{part}" for part in parts}
    names |= {"erase": first_of(server, bot, "users") + "/erase"}
    names |= {f"one-of-{kind}": first_of(server, bot, kind) for kind in ("users", "organizations")}
    camera.shoot(names | {f"transcript-{kind}": f"/b/{bot}/conversations/{one}" for kind, one in ids.items()})
    camera.shoot({"reasons": f"/b/{bot}/conversations/{ids['rich']}"}, act=open_reasons)
    camera.shoot({"analysis-tried": f"/b/{bot}/settings/analysis"}, act=try_without_flags)
    camera.shoot({"analysis-refused": f"/b/{bot}/settings/analysis"}, act=try_nonsense)
    camera.shoot({"menu": f"/b/{bot}/conversations"}, act=open_menu)
    camera.shoot({"columns": f"/b/{bot}/conversations"}, act=open_columns)
    camera.shoot({"privacy-look": f"/b/{bot}/settings/privacy"}, act=ask_what_would_go)
    camera.shoot({"dates": f"/b/{bot}/overview"}, act=open_dates)
    camera.shoot({"palette": f"/b/{bot}/overview"}, act=open_palette)
    camera.shoot({"keymap": f"/b/{bot}/overview"}, act=open_keymap)
    camera.shoot({"crosshair": f"/b/{bot}/overview"}, act=read_chart)
    camera.shoot({"key-shown-once": "/chatbots/new"}, act=make_chatbot)
    agent(server, camera, bot, empty)
    team(server, camera)


def talk(page: Page) -> None:
    for question in ("When is the office open?", "And on Sundays?", "Why is the sky blue?"):
        page.fill("#question", question)
        with page.expect_navigation():
            page.click("form:has(#question) button.primary")
        page.wait_for_load_state()
    open_reasons(page)


def agent(server: Server, camera: Camera, bot: str, empty: str) -> None:
    """The pages about an agent, with nothing and with everything."""
    none = {"sources": "sources", "playground": "playground", "leads": "leads", "contacts": "contacts"}
    camera.shoot({f"{name}-none": f"/b/{empty}/{path}" for name, path in none.items()})
    ids = fill_agent(server, bot)
    sources = f"/b/{bot}/sources"
    camera.shoot({name: f"/b/{bot}/{path}" for name, path in none.items()})
    camera.shoot({"source": f"{sources}/{ids['source']}", "source-failed": f"{sources}/{ids['failed']}"})
    camera.shoot({f"source-new-{kind}": f"{sources}/new?kind={kind}" for kind in ("text", "qna", "url", "file")})
    camera.shoot({"playground-talk": f"/b/{bot}/playground"}, act=talk)


def team(server: Server, camera: Camera) -> None:
    """The pages about an organization, with nobody else in it, then with people whose names are short, long and hostile."""
    pages = {
        f"settings-{part}": f"/settings/{part}" for part in ("organization", "members", "keys", "audit", "account")
    }
    camera.shoot({f"{name}-alone": path for name, path in pages.items() if "audit" not in name})
    camera.shoot({"settings-audit-none": "/settings/audit?action=conversation"})
    for name, email, role in (
        ("Jo", "jo@example.com", "admin"),
        ("Maximiliane Adelgunde Freifrau von und zu " + "Hohenfelsenstein " * 3, f"{'m' * 60}@example.com", "member"),
        ("<b>Eve</b>", "eve@example.com", "member"),
        ("נועה לוי", "noa@example.com", "owner"),
    ):
        token = server.ask("POST", "/api/v1/orgs/me/invitations", {"email": email, "role": role})[1]["token"]
        sent = {"token": token, "name": name[:100], "password": "a long password"}
        owner, server.token = server.token, ""
        server.ask("POST", "/api/v1/invitations/accept", sent)
        server.token = owner
    for number in range(3):
        server.ask("POST", "/api/v1/orgs/me/invitations", {"email": f"pending{number}@example.com", "role": "admin"})
        server.ask("POST", "/api/v1/orgs/me/apikeys", {"label": f"Reports {number} " + "very long label " * 2 * number})
    keys = server.ask("GET", "/api/v1/orgs/me/apikeys")[1]
    server.ask("DELETE", f"/api/v1/orgs/me/apikeys/{keys[-1]['id']}")
    members = server.ask("GET", "/api/v1/orgs/me/members")[1]["members"]
    last = server.ask("POST", "/api/v1/orgs/me/invitations", {"email": "new@example.com"})[1]["token"]
    camera.shoot(
        pages
        | {"key-revoke": f"/settings/keys/{keys[0]['id']}", "member": f"/settings/members/{members[-1]['user_id']}"}
    )
    camera.shoot({"myself": f"/settings/members/{members[0]['user_id']}"})
    camera.shoot({"invite-refused": "/settings/members"}, act=send_nonsense)
    camera.shoot({"account-refused": "/settings/account"}, act=change_password_badly)
    camera.shoot({"invite-shown-once": "/settings/members"}, act=invite)
    token, server.token = server.token, ""
    camera.shoot({"invitation": f"/invitations/{last}", "link-over": "/invitations/x", "forgot": "/forgot"})
    camera.shoot({"invitation-refused": f"/invitations/{last}"}, act=send_nonsense)
    server.token = token
    camera.shoot({"invitation-for-another": f"/invitations/{last}"})


def invite(page: Page) -> None:
    page.fill("#email", "somebody@example.com")
    page.click("section#invite button.primary")


def change_password_badly(page: Page) -> None:
    page.fill("#current_password", "not my password")
    page.fill("#new_password", "a long password")
    page.click("form[action$='/password'] button")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(tempfile.gettempdir()) / "noctule-screens")
    folder: Path = parser.parse_args().folder
    if not CHROMIUM.exists():
        print(f"skipped: there is no Chromium at {CHROMIUM}")
        return
    folder.mkdir(parents=True, exist_ok=True)
    with Server() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        camera = Camera(browser, folder, server)
        journey(server, camera)
        browser.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    if camera.too_wide:
        sys.exit(f"wider than the window: {', '.join(camera.too_wide)}")


if __name__ == "__main__":
    main()
