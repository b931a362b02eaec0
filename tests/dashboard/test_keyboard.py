"""A tour without a pointer, and what htmx exchanges: focus stays, Back goes back, and nothing is loaded anew."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bench.screens import CHROMIUM
from bench.server import Server

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium")


@pytest.fixture(scope="module")
def bot(server: Server) -> str:
    """A chatbot with more conversations than a page of its list."""
    chatbot_id, key = server.new_chatbot("Northwind Support")
    for number in range(30):
        words = f"Question number {number:02}"
        body = {"conversationId": f"c{number}", "messages": [{"role": "user", "content": words}]}
        assert server.ask("POST", "/api/v1/capture", body, key=key)[0] == 200
    return chatbot_id


@pytest.fixture
def page(calm: Page, bot: str) -> Page:
    calm.goto(f"/b/{bot}/overview")
    calm.wait_for_function("() => document.querySelector('#palette-q')._htmx")
    calm.evaluate("window.sameDocument = true")
    return calm


def same_document(page: Page) -> bool:
    return page.evaluate("window.sameDocument === true")


def test_another_period_and_figure_without_a_new_page(page: Page) -> None:
    page.focus("nav[aria-label=Period] >> text=7 days")
    page.keyboard.press("Enter")
    page.wait_for_url("**?range=7d")
    expect(page.locator("nav[aria-label=Period] [aria-current]")).to_have_text("7 days")
    page.wait_for_function("document.activeElement.textContent === '7 days'")
    page.focus(".fig:has-text('Negative')")
    page.keyboard.press("Enter")
    page.wait_for_url("**metric=negative")
    page.wait_for_selector(".chart >> text=Share of negative conversations")
    assert same_document(page)
    page.go_back()
    page.wait_for_selector(".chart >> text=Conversations per day")
    assert same_document(page)


def test_time_is_stepped_through_with_brackets(page: Page) -> None:
    page.keyboard.press("[")
    page.wait_for_url("**?from=*")
    page.wait_for_selector("text=No conversation began in these days")
    page.keyboard.press("]")
    page.wait_for_url("**?range=30d")
    assert same_document(page)


def test_a_chart_is_read_with_arrows(page: Page) -> None:
    page.focus("[data-chart]")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".tip i")).to_have_text("30")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".tip i")).to_have_text("0")
    page.keyboard.press("End")
    expect(page.locator(".tip i")).to_have_text("30")
    page.keyboard.press("Escape")
    expect(page.locator(".tip")).to_be_hidden()


def test_the_palette_goes_where_one_types(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("sett")
    page.wait_for_selector("#palette-found a >> text=Settings")
    page.wait_for_function("() => document.querySelectorAll('#palette-found a').length === 1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings")


def test_the_palette_is_walked_with_arrows_and_closes(page: Page) -> None:
    page.keyboard.press("/")
    page.wait_for_selector("#palette-found a")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#palette-found [data-chosen] span")).to_have_text("Conversations")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_letters_after_g_go_to_pages_and_can_be_switched_off(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/conversations")
    page.keyboard.press("?")
    page.uncheck("#keys-on")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keymap")).to_be_hidden()
    page.reload()
    page.keyboard.press("g")
    page.keyboard.press("o")
    assert page.url.endswith("/conversations")


def test_the_list_is_walked_read_and_turned(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/conversations")
    page.wait_for_function("() => document.querySelector('#palette-q')._htmx")
    page.evaluate("window.sameDocument = true")
    for key in "jjjk":
        page.keyboard.press(key)
    page.wait_for_function("document.activeElement.innerText.startsWith('Question number 28')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#read-title >> text=Question number 28")
    assert "?c=" in page.url
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("#read-title >> text=Question number 27")
    page.keyboard.press("Escape")
    page.wait_for_selector("#read", state="detached")
    page.focus("text=Older")
    page.keyboard.press("Enter")
    page.wait_for_selector("tbody >> text=Question number 04")
    assert same_document(page)
    page.go_back()
    page.wait_for_selector("tbody >> text=Question number 28")


def test_menus_open_and_close_with_the_keyboard(page: Page) -> None:
    page.focus("summary[aria-label='Switch chatbot']")
    page.keyboard.press("Enter")
    expect(page.locator(".side .panel >> text=All chatbots").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".side .panel >> text=All chatbots").first).to_be_hidden()
    page.focus(".me")
    page.keyboard.press("Enter")
    page.focus("[data-theme-choice=dark]")
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.focus("[data-theme-choice=system]")
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.dataset.theme") is None


def test_a_menu_stays_while_its_words_are_pressed(page: Page) -> None:
    """The focus moves to what is around the menu then; that it closed under the press crashed a browser."""
    go(page, "c", "conversations")
    page.keyboard.press("c")
    box = page.locator("[name='on.began']")
    was_shown = box.is_checked()  # whoever chose columns before on this server is remembered
    page.locator("form.cols label", has_text="Began").click()
    expect(box).to_be_checked(checked=not was_shown)
    page.locator("#total").click()
    expect(page.locator("form.cols")).to_be_hidden()


def test_whoever_was_signed_out_meanwhile_is_sent_to_sign_in(page: Page) -> None:
    page.context.clear_cookies()
    page.click("nav[aria-label=Period] >> text=7 days")
    page.wait_for_url("**/sign-in**")
    expect(page.locator("h1")).to_have_text("Sign in")


def test_reading_reviewing_and_noting(page: Page) -> None:
    listing = page.url.replace("/overview", "/conversations")
    page.goto(listing)
    seen = page.locator("[data-rows] .seen").count()  # another test may have reviewed one
    page.locator("[data-rows] tbody tr:not(:has(.seen)) th a").first.click()
    page.wait_for_selector("#read-title")
    page.keyboard.press("e")
    expect(page.locator(".read .live.arrived")).to_contain_text("Reviewed by")
    expect(page.locator("[data-rows] .seen")).to_have_count(seen + 1)
    page.fill("#text", "Call her back")
    page.click("button:has-text('Add note')")
    expect(page.locator("#notes .say")).to_have_text("Call her back")
    page.click("a:has-text('Whole page')")
    page.wait_for_selector(".transcript")
    page.fill("#text", "Done")
    page.click("button:has-text('Add note')")
    expect(page.locator("#notes .say")).to_have_text(["Call her back", "Done"])
    page.locator("#notes button:has-text('Delete')").first.click()
    expect(page.locator("#notes .say")).to_have_text("Done")
    page.keyboard.press("e")
    expect(page.locator("[data-review]")).to_contain_text("Mark reviewed")


def tab_to(page: Page, selector: str) -> None:
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not come to {selector}")


def go(page: Page, letter: str, name: str) -> None:
    page.keyboard.press("g")
    page.keyboard.press(letter)
    page.wait_for_url(f"**/{name}")
    page.wait_for_function("() => document.querySelector('#palette-q')?._htmx")


def look_at_another_period(page: Page) -> None:
    tab_to(page, "nav[aria-label=Period] a[href*='7d']")
    page.keyboard.press("Enter")
    expect(page.locator("nav[aria-label=Period] [aria-current]")).to_have_text("7 days")


def look_at_another_figure(page: Page) -> None:
    tab_to(page, ".fig[href*='users']")
    page.keyboard.press("Enter")
    expect(page.locator(".chart figcaption b")).to_have_text("Users per day")


def step_through_time(page: Page) -> None:
    page.keyboard.press("[")
    page.wait_for_url("**from=**")


def read_a_day_of_the_chart(page: Page) -> None:
    tab_to(page, "[data-chart]")
    page.keyboard.press("End")
    expect(page.locator(".tip i")).to_have_text("30")


def jump_by_the_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("lead")
    expect(page.locator("#palette-found a")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/leads")


def go_by_letters(page: Page) -> None:
    go(page, "u", "users")


def read_a_conversation(page: Page) -> None:
    go(page, "c", "conversations")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("#read-title")
    page.keyboard.press("Escape")
    page.wait_for_selector("#read", state="detached")


def turn_the_list(page: Page) -> None:
    go(page, "c", "conversations")
    tab_to(page, ".pager a[href*='after=']")
    page.keyboard.press("Enter")
    page.wait_for_url("**after=**")


def narrow_the_list(page: Page) -> None:
    go(page, "c", "conversations")
    tab_to(page, "nav[aria-label=Sentiment] a[href*='neutral']")
    page.keyboard.press("Enter")
    page.wait_for_url("**neutral**")


def add_a_filter(page: Page) -> None:
    go(page, "c", "conversations")
    page.keyboard.press("f")
    tab_to(page, "[data-adding] a[href*='add=channel']")
    page.keyboard.press("Enter")
    expect(page.locator("[data-landing]")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**f=channel:is:capture")
    expect(page.locator(".chip")).to_contain_text("Channel is Capture API")


def choose_columns(page: Page) -> None:
    go(page, "c", "conversations")
    page.keyboard.press("c")
    tab_to(page, "[name='on.began']")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**cols=**began**")
    expect(page.locator("thead th").last).to_have_text("Began")


def review_and_note(page: Page) -> None:
    go(page, "c", "conversations")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("#read-title")
    page.keyboard.press("e")
    expect(page.locator(".read .live.arrived")).to_contain_text("Reviewed by")
    tab_to(page, "#text")
    page.keyboard.type("Call back")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#notes .say").last).to_have_text("Call back")


def review_several(page: Page) -> None:
    go(page, "c", "conversations")
    seen = page.locator("tbody tr .seen").count()
    for key in "jjjjjxjxx":
        page.keyboard.press(key)
    expect(page.locator("[data-picked]")).to_have_text("1 ticked")
    for key in "jxe":
        page.keyboard.press(key)
    expect(page.locator("tbody tr .seen")).to_have_count(seen + 2)
    expect(page.locator("#picked")).to_be_hidden()


def save_a_view(page: Page) -> None:
    look_at_another_period(page)
    tab_to(page, "summary:has(use[href$='#save'])")
    page.keyboard.press("Enter")
    tab_to(page, ".panel input[name=name]")
    page.keyboard.type("This week")
    page.keyboard.press("Enter")
    expect(page.locator("nav[aria-label='Saved views'] .chip")).to_have_text("This week")


TOUR = [
    look_at_another_period, look_at_another_figure, step_through_time, read_a_day_of_the_chart, jump_by_the_palette, go_by_letters,
    read_a_conversation, turn_the_list, narrow_the_list, add_a_filter, choose_columns, review_and_note, review_several, save_a_view,
]  # fmt: skip


@pytest.mark.parametrize("task", TOUR, ids=lambda task: task.__name__)
def test_a_tour_without_a_pointer(page: Page, task: Callable[[Page], None]) -> None:
    task(page)


def test_boxes_are_ticked_with_a_pointer_and_keys_go_on_from_there(page: Page) -> None:
    go(page, "c", "conversations")
    rows = page.locator("[data-rows] tbody tr")
    rows.nth(3).hover()
    rows.nth(3).locator(".pick").click()
    page.keyboard.press("j")
    expect(rows.nth(4).get_by_role("link")).to_be_focused()
    rows.nth(6).locator(".pick").click(modifiers=["Shift"])
    expect(page.locator("[data-picked]")).to_have_text("4 ticked")
    rows.last.scroll_into_view_if_needed()
    page.locator("#rows").evaluate("list => list.scrollTo(0, list.scrollHeight)")
    bar, last = page.locator("#picked").bounding_box(), rows.last.bounding_box()
    assert bar is not None
    assert last is not None
    assert last["y"] + last["height"] <= bar["y"]
    page.goto("about:blank")
    page.go_back()
    expect(page.locator("[data-picked]")).to_have_text(f"{page.locator('.pick :checked').count()} ticked")


def test_a_list_in_another_order_is_read_from_its_top(page: Page) -> None:
    go(page, "c", "conversations")
    for order in ("ascending", "descending"):
        page.locator("#rows").evaluate("list => list.scrollTo(0, list.scrollHeight)")
        page.click("thead >> text=Last message")
        expect(page.locator("thead [aria-sort]")).to_have_attribute("aria-sort", order)
        page.wait_for_function("() => document.getElementById('rows').scrollTop === 0")
    assert page.url.endswith("/conversations")
