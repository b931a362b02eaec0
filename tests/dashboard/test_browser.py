"""The first journey in a real browser: sign up, connect, send with curl's line, watch it arrive and be judged."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.screens import CHROMIUM
from bench.server import Server

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium")


@pytest.fixture
def new_server(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "data").mkdir()
    with Server(data_dir=tmp_path / "data") as server:
        yield server


def test_the_first_journey(new_server: Server, browser: Browser, tmp_path: Path) -> None:
    troubles: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: troubles.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(f"http://127.0.0.1:{new_server.port}/")
    assert page.url.endswith("/setup")
    page.fill("#email", "ines@example.com")
    page.fill("#password", "a long password")
    page.press("#password", "Enter")
    page.wait_for_selector("main >> text=New chatbot")
    tab_to(page, "New chatbot")
    page.keyboard.press("Enter")
    page.wait_for_url("**/chatbots/new")
    tab_to(page, "")
    page.keyboard.type("Helper")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=shown only now")
    waiting = page.query_selector("#first-event")
    send(page.inner_text("pre[aria-label^='A curl line'] code"), tmp_path)
    page.wait_for_selector("text=It works", timeout=15_000)
    assert waiting
    assert waiting.evaluate("part => part.isConnected")  # a live region that is replaced is not read out
    page.click("text=Read it")
    page.wait_for_selector("text=Provisional", timeout=15_000)
    expect(page.locator("mark")).to_have_count(1)
    assert "I love this" in page.inner_text("mark")
    assert troubles == []


def tab_to(page: Page, text: str) -> None:
    """To the link or button with this text in the page proper; to the first input when there is none."""
    page.wait_for_load_state()
    for _ in range(20):
        page.keyboard.press("Tab")
        reached = page.evaluate(
            "[document.activeElement.matches('main *, main input'), document.activeElement.innerText]"
        )
        if reached == [True, text]:
            return
    raise AssertionError(f"the keyboard does not reach {text}")


def send(line: str, folder: Path) -> None:
    """The very line that the page shows, run by a shell."""
    if shutil.which("curl") is None:
        pytest.skip("there is no curl")
    script = folder / "send.sh"
    script.write_text(line)
    done = subprocess.run(["sh", str(script)], capture_output=True, text=True, check=False, timeout=20)
    assert '"messagesStored":2' in done.stdout, done.stderr


def test_the_theme_is_kept_and_the_keyboard_reaches_everything(server: Server, browser: Browser) -> None:
    server.new_chatbot("Second")
    context = browser.new_context(color_scheme="light")
    address = f"http://127.0.0.1:{server.port}"
    context.add_cookies([{"name": "auth_token", "value": server.token, "url": address}])
    page = context.new_page()
    page.goto(address)
    light = background(page)
    page.click("[data-theme-toggle]")
    assert background(page) != light
    page.reload()
    assert background(page) != light
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached: set[str] = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.innerText"))
    assert any("New chatbot" in text for text in reached)
    assert any("Second" in text for text in reached)


def background(page: Page) -> str:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_nothing_hangs_over_on_a_phone(server: Server, browser: Browser) -> None:
    chatbot, key = server.new_chatbot("A chatbot with a name that is a good deal longer than a phone is wide")
    long = "averyveryverylongword" * 20
    body = {"conversationId": "long", "messages": [{"role": "user", "content": long}], "user": {"name": long[:256]}}
    stored = server.ask("POST", "/api/v1/capture", body, key=key)[1]
    context = browser.new_context(viewport={"width": 360, "height": 740})
    address = f"http://127.0.0.1:{server.port}"
    context.add_cookies([{"name": "auth_token", "value": server.token, "url": address}])
    page = context.new_page()
    for path in (
        "/",
        "/chatbots/new",
        f"/b/{chatbot}/connect",
        f"/b/{chatbot}/settings",
        f"/b/{chatbot}/conversations",
        f"/b/{chatbot}/conversations/{stored['conversationId']}",
        "/docs",
        *(f"/settings/{part}" for part in ("organization", "members", "keys", "audit", "account")),
    ):
        page.goto(address + path)
        assert hanging_over(page) == [], path
    page.goto(f"{address}/chatbots/new")
    page.fill("#name", long[:100])
    page.click("button.primary")
    page.wait_for_selector("text=shown only now")
    assert hanging_over(page) == []


def test_somebody_is_invited_and_joins_in_another_browser(server: Server, browser: Browser) -> None:
    server.new_chatbot("Fourth")
    address = f"http://127.0.0.1:{server.port}"
    context = browser.new_context()
    context.add_cookies([{"name": "auth_token", "value": server.token, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/settings/members")
    page.fill("#email", "joining@example.com")
    page.check("#role-admin")
    page.press("#email", "Enter")
    link = page.inner_text("pre[aria-label=Link]")
    page.reload()
    expect(page.locator("pre[aria-label=Link]")).to_have_count(0)
    other = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    other.goto(link)
    assert hanging_over(page) == []
    other.fill("#name", "Jo")
    other.fill("#password", "a long password")
    other.click("button.primary")
    other.wait_for_selector("main h1 >> text=Chatbots")
    other.goto(f"{address}/settings/members")
    expect(other.locator("tbody tr:has-text('Jo')")).to_have_count(1)
    page.reload()
    page.click("text=joining@example.com")
    page.click("button.danger")
    page.wait_for_url("**/settings/members*")
    expect(page.locator("tr:has-text('joining@example.com')")).to_have_count(0)
    other.reload()
    other.wait_for_url("**/sign-in*")


def test_the_list_follows_what_arrives_and_keeps_the_focus(server: Server, browser: Browser) -> None:
    chatbot, key = server.new_chatbot("Lively")
    send_one(server, key, "first")
    page = browser.new_page()
    address = f"http://127.0.0.1:{server.port}"
    page.context.add_cookies([{"name": "auth_token", "value": server.token, "url": address}])
    page.goto(f"{address}/b/{chatbot}/conversations")
    page.focus("text=first words")
    send_one(server, key, "second")
    page.wait_for_selector("text=second words", timeout=10_000)
    expect(page.locator("#total")).to_have_text("2")
    page.wait_for_function("document.activeElement.innerText.includes('first words')")
    page.wait_for_selector("td .mood:not(.none)", timeout=15_000)
    box = page.locator("tr:has-text('first words') .pick input")
    box.press("Space")
    send_one(server, key, "third")
    expect(page.locator("[data-picked]")).to_have_text("1 ticked")
    box.press("Space")
    expect(page.locator("th >> text=third words")).to_be_visible(timeout=15_000)
    expect(box).to_be_focused()


def send_one(server: Server, key: str, name: str) -> None:
    body = {"conversationId": name, "messages": [{"role": "user", "content": f"The {name} words are truly wonderful"}]}
    assert server.ask("POST", "/api/v1/capture", body, key=key)[0] == 200


def test_the_head_of_a_column_turns_the_list(server: Server, browser: Browser) -> None:
    chatbot, key = server.new_chatbot("Sorted")
    for name, more in (("short", 0), ("longest", 4), ("middling", 2)):
        words = [f"The {name} words are truly wonderful", *(f"Well, {one}?" for one in range(more))]
        sent = {"conversationId": name, "messages": [{"role": "user", "content": one} for one in words]}
        assert server.ask("POST", "/api/v1/capture", sent, key=key)[0] == 200
    page = browser.new_page()
    address = f"http://127.0.0.1:{server.port}"
    page.context.add_cookies([{"name": "auth_token", "value": server.token, "url": address}])
    page.goto(f"{address}/b/{chatbot}/conversations")
    until = time.monotonic() + 60
    while page.locator("td .mood.none").count():
        assert time.monotonic() < until, "they are not judged"
        page.reload()
    for state, order in (
        ("descending", ["longest", "middling", "short"]),
        ("ascending", ["short", "middling", "longest"]),
    ):
        page.focus("thead >> text=Messages")
        page.keyboard.press("Enter")
        expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", state)
        expect(page.locator("tbody th b")).to_have_text([f"The {one} words are truly wonderful" for one in order])
        page.wait_for_function("document.activeElement.textContent === 'Messages'")
    page.click("tbody th a:has-text('middling')")
    expect(page.locator(".read")).to_contain_text("The middling words")
    expect(page.locator("tr.on b")).to_contain_text("middling")
    expect(page.locator("tbody th b").first).to_contain_text("short")
    page.reload()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Messages")
    handed_on = page.url
    plain = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    plain.add_cookies([{"name": "auth_token", "value": server.token, "url": address}])
    page = plain.new_page()
    page.goto(handed_on.partition("&c=")[0])
    expect(page.locator("tbody th b").first).to_contain_text("short")
    expect(page.locator("thead th:visible")).to_have_text(["Sentiment", "Conversation", "Messages"])
    page.click("summary[aria-label=Sort]")
    page.click("text=Messages, the most first")
    expect(page.locator("tbody th b").first).to_contain_text("longest")


def test_a_long_name_leaves_the_theme_button_its_place(server: Server, browser: Browser) -> None:
    server.new_chatbot("Third")
    page = browser.new_page()
    address = f"http://127.0.0.1:{server.port}"
    page.context.add_cookies([{"name": "auth_token", "value": server.token, "url": address}])
    page.goto(address)
    long = "Maximiliane Adelgunde " * 5
    page.eval_on_selector(".me-name", "(name, long) => { name.firstChild.data = long; }", long)
    right = "one => one.getBoundingClientRect().right"
    assert page.eval_on_selector("[data-theme-toggle]", right) <= page.eval_on_selector(".side", right)


def hanging_over(page: Page) -> list[str]:
    """What reaches beyond its parent or the window, other than inside a box that scrolls, or text cut with an ellipsis."""
    return page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((one) => {
            const box = one.getBoundingClientRect(), parent = one.parentElement.getBoundingClientRect();
            const free = one.closest("pre, .scroll, .tabs, .chips, .sr, .skip, svg, nav[popover]") || one.closest("b, span")?.closest("th, .top-name, .who");
            return !free && box.width && (box.right > innerWidth + 1 || box.right > parent.right + 1);
        }).map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 40)}`)"""
    )


def test_without_javascript_everything_is_there(server: Server, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    address = f"http://127.0.0.1:{server.port}"
    server.new_chatbot()
    page.goto(address)
    page.fill("#email", "owner@example.com")
    page.fill("#password", "a long password")
    page.click("button.primary")
    page.click("text=New chatbot")
    page.fill("#name", "No script")
    page.click("button.primary")
    assert re.search(r"ob_live_[0-9a-f]{32}", page.inner_text("pre[aria-label=Key]"))
    expect(page.locator("noscript a")).to_have_text("Look again")
    connect = page.url
    page.reload()
    assert page.url == connect
    assert "ob_live_…" in page.inner_text("pre")
    page.click("text=Make a new one")
    page.click("button.danger")
    key = page.inner_text("pre[aria-label=Key]")
    page.reload()
    expect(page.locator("pre[aria-label=Key]")).to_have_count(0)
    assert key[:14] in page.inner_text("dl")
    page.click(".entries >> text=All chatbots")
    expect(page.locator("tbody tr:has-text('No script')")).to_have_count(1)
