"""A page that somebody looks at follows what happens, whether or not it hears of it."""

import pytest
from playwright.sync_api import Page, expect

from bench.screens import CHROMIUM
from bench.server import Server

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium")


def test_the_overview_follows_quietly(calm: Page, server: Server) -> None:
    """Figures change while one reads; who stands on a link stands on it, an opened table stays open, a chart that is read waits."""
    bot, key = server.new_chatbot("Lively")
    ask(server, key, "first")
    calm.goto(f"/b/{bot}/overview")
    figure = calm.locator(".fig").first
    expect(figure).to_contain_text("1")
    calm.click(".twin summary")
    figure.focus()
    ask(server, key, "second")
    expect(figure.locator(".fig-v")).to_have_text("2", timeout=30_000)
    expect(calm.locator("#latest-ones li")).to_have_count(2)
    assert calm.evaluate("document.activeElement.matches('.fig')")
    assert calm.locator(".twin").evaluate("box => box.open")
    calm.focus("[data-chart]")
    calm.keyboard.press("End")
    expect(calm.locator(".tip i")).to_have_text("2")
    ask(server, key, "third")
    expect(figure.locator(".fig-v")).to_have_text("3", timeout=30_000)
    expect(calm.locator(".tip i")).to_have_text("2")


def test_the_overview_follows_where_nothing_is_heard(calm: Page, server: Server) -> None:
    bot, key = server.new_chatbot("Deaf")
    ask(server, key, "first")
    calm.route("**/live", lambda route: route.fulfill(status=204))
    calm.goto(f"/b/{bot}/overview")
    ask(server, key, "second")
    expect(calm.locator(".fig .fig-v").first).to_have_text("2", timeout=30_000)


def test_who_begins_to_listen_asks_for_what_was_said_before(calm: Page, server: Server) -> None:
    """Who hears asks for nothing for a minute by himself; what changed before he listened, nobody told him."""
    bot, key = server.new_chatbot("Late")
    ask(server, key, "This is great, thank you")
    calm.goto(f"/b/{bot}/conversations")
    expect(calm.locator("#rows .mood.pos")).to_be_visible(timeout=30_000)
    calm.goto(f"/b/{bot}/conversations")  # from now on nothing changes
    with calm.expect_request(
        lambda one: one.resource_type == "fetch" and one.url.endswith("/conversations"), timeout=20_000
    ):
        pass


def ask(server: Server, key: str, name: str) -> None:
    body = {"conversationId": name, "messages": [{"role": "user", "content": name}]}
    assert server.ask("POST", "/api/v1/capture", body, key=key)[0] == 200
