"""The gallery and twelve pages as pictures, compared pixel by pixel with those that were kept: same data, same hour, same fonts.

    make pictures ARGS=--keep    keeps the pictures of now; then after a change
    make pictures                says which differ, and by how much

They lie in test-results/pictures, which is not committed: they are as large as the rest of the project, and another Chromium
draws them otherwise. The server runs in this process with a clock that stands still.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import threading
from base64 import b64encode
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from bench.sample import fill
from bench.screens import CHROMIUM, FLAGS, SIZES
from bench.server import Server, free_port
from noctule import analysis
from noctule.base.db import Database, connect
from noctule.base.embed import Embedder
from noctule.base.migrate import migrate
from noctule.base.postgres import Postgres
from noctule.base.settings import Rate, Settings
from noctule.chatbots import ChatRing, KeyRing
from noctule.conversations import Recorder
from noctule.main.app import create_app
from noctule.web.news import News
from noctule.web.ratelimit import RateLimiter
from noctule.web.services import Services

FOLDER = Path("test-results") / "pictures"
_BEGAN = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
_COUNT = """
async ([before, now]) => {
  const read = async (text) => createImageBitmap(await (await fetch(`data:image/png;base64,${text}`)).blob());
  const [one, other] = [await read(before), await read(now)];
  if (one.width !== other.width || one.height !== other.height) return -1;
  const dots = (image) => {
    const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0);
    return new Uint32Array(pen.getImageData(0, 0, image.width, image.height).data.buffer);
  };
  const [left, right] = [dots(one), dots(other)];
  return left.reduce((sum, dot, place) => sum + (dot !== right[place]), 0);
}
"""


class StandingClock:
    def __init__(self) -> None:
        self.now = _BEGAN

    def __call__(self) -> datetime:
        return self.now


class Still(Server):
    """A server in this process, whose clock stands; started by `standing`."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port


@contextmanager
def standing(folder: Path) -> Generator[tuple[Still, StandingClock]]:
    """With the analysers asked by hand: `judge` in the same loop."""
    clock, port, ready, stop = StandingClock(), free_port(), threading.Event(), threading.Event()
    with Postgres(folder / "postgres") as postgres:
        thread = threading.Thread(
            target=lambda: asyncio.run(_run(postgres.url, clock, port=port, ready=ready, stop=stop))
        )
        thread.start()
        ready.wait(60)
        try:
            yield Still(port), clock
        finally:
            stop.set()
            thread.join(30)


async def _run(url: str, clock: StandingClock, *, port: int, ready: threading.Event, stop: threading.Event) -> None:
    await migrate(url)
    async with _services(url, clock) as services:
        config = uvicorn.Config(
            create_app(services), port=port, log_config=None, lifespan="off", timeout_graceful_shutdown=2
        )
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.02)
        ready.set()
        while not stop.is_set():
            await _judge(services.database)
            await asyncio.sleep(0.1)
        services.news.close()
        server.should_exit = True
        await task


@asynccontextmanager
async def _services(url: str, clock: StandingClock) -> AsyncGenerator[Services]:
    async with connect(url, clock=clock) as database:
        folder = Path(tempfile.gettempdir())
        services = Services(
            settings=Settings(data_dir=folder, open_signup=True, rate_limit=Rate(1_000_000, 1)), secret="a secret of pictures, long enough for HMAC", database=database,
            recorder=Recorder(database), key_ring=KeyRing(database), chat_ring=ChatRing(database), embedder=Embedder(folder),
            news=News(database), limiter=RateLimiter(database),
        )  # fmt: skip
        services.recorder.start()
        yield services
        await services.recorder.close()


async def _judge(database: Database) -> None:
    while await analysis.judge_due(database) + await analysis.renew_due(database):
        pass


def furnish(server: Server, clock: StandingClock) -> dict[str, str]:
    """Two months of seeded conversations, then one of each kind; the addresses of the pages."""
    bot, key = server.new_chatbot("Northwind Support")
    chance = random.Random(5)
    for number in range(160):
        moment = _BEGAN - timedelta(days=chance.randrange(60), minutes=chance.randrange(720))
        words = chance.choice(["Where is my parcel?", "Thank you, I love it!", "This is terrible, I am very angry."])
        body: dict[str, Any] = {
            "conversationId": f"p{number}", "messages": [{"role": "user", "content": words, "sentAt": moment.isoformat()}],
            "user": {"id": f"u{number % 30}", "name": f"Person {number % 30}"}, "custom": {"tier": chance.choice(["gold", "free"])},
        }  # fmt: skip
        server.ask("POST", "/api/v1/capture", body, key=key)
    ids = fill(server, key)
    base, rich = f"/b/{bot}", ids["rich"]
    clock.now += timedelta(hours=1, minutes=5)
    wait_until_judged(server, bot)
    return {
        "gallery": "/_ui", "home": "/", "overview": f"{base}/overview", "negative": f"{base}/overview?range=90d&metric=negative",
        "conversations": f"{base}/conversations", "columns": f"{base}/conversations?cols=state,custom.tier,outcome,last",
        "reading": f"{base}/conversations?c={rich}", "transcript": f"{base}/conversations/{rich}", "users": f"{base}/users",
        "fields": f"{base}/settings/fields", "settings": f"{base}/settings", "privacy": f"{base}/settings/privacy",
        "members": "/settings/members",
    }  # fmt: skip


def wait_until_judged(server: Server, bot: str) -> None:
    while True:
        coverage = server.ask("GET", f"/api/v1/analytics/overview?chatbotId={bot}")[1]["coverage"]
        if coverage["analysed"] == coverage["total"]:
            return
        threading.Event().wait(0.2)


def shoot(browser: Browser, server: Server, pages: dict[str, str], folder: Path) -> None:
    address = f"http://127.0.0.1:{server.port}"
    for scheme in ("light", "dark"):
        for size, (width, height) in SIZES.items():
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light",
                reduced_motion="reduce",
            )  # fmt: skip
            context.add_cookies([{"name": "auth_token", "value": server.token, "url": address}])
            page = context.new_page()
            for name, path in pages.items():
                page.goto(address + path)
                page.evaluate("document.fonts.ready")
                page.screenshot(path=str(folder / f"{name}-{size}-{scheme}.png"), full_page=True, animations="disabled")
            context.close()


def differences(page: Page, kept: Path, taken: Path) -> dict[str, int]:
    """By picture how many pixels differ; -1 for another size, or one that was not kept."""
    found: dict[str, int] = {}
    for path in sorted(taken.glob("*.png")):
        old = kept / path.name
        pair = [b64encode(one.read_bytes()).decode() for one in (old, path)] if old.exists() else []
        count = page.evaluate(_COUNT, pair) if pair and pair[0] != pair[1] else 0 if pair else -1
        if count:
            found[path.name] = count
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", action="store_true", help="keep the pictures of now")
    given = parser.parse_args(arguments)
    if not CHROMIUM.exists():
        sys.exit(f"pictures: there is no Chromium at {CHROMIUM}: apt-get install chromium")
    kept, taken = FOLDER / "kept", FOLDER / "taken"
    if not given.keep and not kept.exists():
        sys.exit("pictures: none are kept yet; make pictures ARGS=--keep keeps those of now")
    folder = kept if given.keep else taken
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    with (
        tempfile.TemporaryDirectory() as data,
        standing(Path(data)) as (server, clock),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        shoot(browser, server, furnish(server, clock), folder)
        found = {} if given.keep else differences(browser.new_page(), kept, taken)
        browser.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}, {len(found)} differ")
    for name, count in found.items():
        print(f"  {name}: {'another size, or a new one' if count < 0 else f'{count:,} pixels'}")
    sys.exit("pages look different" if found else None)


if __name__ == "__main__":
    main()
