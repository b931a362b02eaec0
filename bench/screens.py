"""Pictures of every page, to be looked at: light and dark, desktop and phone, with nothing, little and much.

python -m bench.screens [FOLDER]
"""

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench.server import Server

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
LONG = "This is a very long question that goes on and on about an invoice that never arrived " * 4


def fill(server: Server, key: str) -> str:
    """Conversations of every kind; the id of the richest."""
    kinds: list[tuple[str, list[tuple[str, str]], dict[str, Any]]] = [
        ("rich", [
            ("system", "You are a kind assistant."),
            ("user", "I sent the jacket back on the 6th and the money is still missing. This is really frustrating!"),
            ("assistant", "Refunds reach your card 3 to 5 working days after the parcel arrives.\n\nYou can follow it under Orders."),
            ("user", "That is nine working days now. Terrible service. Where is it?"),
            ("assistant", "I am sorry, I cannot see that from here."),
            ("user", "Thank you anyway, I love the jacket I kept. " + "averyveryverylongword" * 12),
        ], {"user": {"id": "u1", "name": "Ines Moreau", "email": "ines@brightside.example", "plan": "pro"},
            "organization": {"name": "Brightside", "plan": "enterprise", "mrr": 4200}, "custom": {"tier": "gold", "seats": 5},
            "session": {"pageUrl": "https://example.com/help/" + "a" * 120, "device": "desktop"}}),
        ("happy", [("user", "Everything works perfectly, thank you so much, you are wonderful!")], {"user": {"name": "Karim"}}),
        ("hebrew", [("user", "שלום, איפה החשבונית שלי? אני מחכה כבר שבוע"), ("assistant", "החשבונית נמצאת בהגדרות")], {}),
        ("emoji", [("user", "👩‍👩‍👧 🚀🚀🚀")], {"user": {"name": "🦊 Fox"}}),
        ("long", [("user", LONG)], {"user": {"id": "visitor-" + "9" * 80}}),
        ("code", [("user", "```\nfor x in range(10):\n    print(x)\n```\nWhy is this broken?")], {}),
        ("script", [("user", "<script>alert(1)</script><img src=x onerror=alert(1)>")], {"user": {"name": "<b>Eve</b>"}}),
    ]  # fmt: skip
    rich = ""
    for name, said, more in reversed(kinds):
        body = {"conversationId": name, "messages": [{"role": role, "content": text} for role, text in said], **more}
        rich = server.ask("POST", "/api/v1/capture", body, key=key)[1]["conversationId"]
    return rich


def shoot(browser: Browser, folder: Path, address: str, pages: dict[str, str], token: str) -> None:
    for scheme in ("light", "dark"):
        for size, (width, height) in SIZES.items():
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            if token:
                context.add_cookies([{"name": "auth_token", "value": token, "url": address}])
            page = context.new_page()
            page.on("console", lambda message: print(f"  console: {message.text}"))
            for name, path in pages.items():
                page.goto(address + path)
                page.screenshot(path=str(folder / f"{name}-{size}-{scheme}.png"))
            context.close()


def shown_key(page: Page, address: str, folder: Path) -> None:
    page.goto(f"{address}/chatbots/new")
    page.screenshot(path=str(folder / "new-chatbot.png"))
    page.fill("#name", "Storefront helper")
    page.click("button.primary")
    page.screenshot(path=str(folder / "key-shown-once.png"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(tempfile.gettempdir()) / "noctule-screens")
    folder: Path = parser.parse_args().folder
    if not CHROMIUM.exists():
        print(f"skipped: there is no Chromium at {CHROMIUM}")
        return
    folder.mkdir(parents=True, exist_ok=True)
    with Server() as server, sync_playwright() as playwright:
        address = f"http://127.0.0.1:{server.port}"
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        shoot(browser, folder, address, {"setup": "/setup", "docs": "/docs", "lost": "/nowhere"}, "")
        first, key = server.new_chatbot("Northwind Support")
        empty, _ = server.new_chatbot("An empty one with a rather long name that has to be cut somewhere")
        shoot(browser, folder, address, {"sign-in": "/sign-in"}, "")
        waiting = {"home-empty": "/", "waiting": f"/b/{empty}/connect", "list-empty": f"/b/{empty}/conversations"}
        shoot(browser, folder, address, waiting, server.token)
        rich = fill(server, key)
        time.sleep(5)
        for number in range(60):
            body = {
                "conversationId": f"more-{number}",
                "messages": [{"role": "user", "content": f"Question number {number}"}],
            }
            server.ask("POST", "/api/v1/capture", body, key=key)
        fill(server, server.new_chatbot("Little")[1])
        time.sleep(5)
        full = {
            "home": "/", "list": f"/b/{first}/conversations", "transcript": f"/b/{first}/conversations/{rich}",
            "connected": f"/b/{first}/connect", "rotate": f"/b/{first}/rotate-key",
        }  # fmt: skip
        shoot(browser, folder, address, full, server.token)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "auth_token", "value": server.token, "url": address}])
        shown_key(context.new_page(), address, folder)
        browser.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    main()
