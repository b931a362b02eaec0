"""Every page as Lighthouse sees it, on a phone and on a desktop: accessibility and best practices 100, performance 98 or more.

    make lighthouse    or    python -m bench.lighthouse [--only NAME ...]

Needs node, npm and Chromium; what is missing is said. Lighthouse itself goes into .venv/lighthouse (make lighthouse does it).
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.sample import fill, fill_much, first_of
from bench.screens import CHROMIUM, FLAGS
from bench.server import Server

_LIGHTHOUSE = Path(sys.prefix) / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
_BARS = {"performance": 98, "accessibility": 100, "best-practices": 100}
_SIZES = {"phone": [], "desktop": ["--preset=desktop"]}


def missing() -> str:
    """What is not there, in words; empty when everything is."""
    if not CHROMIUM.exists():
        return f"there is no Chromium at {CHROMIUM}: apt-get install chromium"
    if not shutil.which("node"):
        return "there is no node: apt-get install nodejs npm"
    if not _LIGHTHOUSE.exists():
        return "there is no Lighthouse: make lighthouse installs it"
    return ""


def pages_of(server: Server) -> dict[str, str]:
    bot, key = server.new_chatbot("Northwind Support")
    fill_much(server, key, 300)
    ids = fill(server, key)
    time.sleep(12)
    base = f"/b/{bot}"
    return {
        "sign in": "/sign-in?next=/", "home": "/", "overview": f"{base}/overview", "conversations": f"{base}/conversations",
        "reading": f"{base}/conversations?c={ids['rich']}", "transcript": f"{base}/conversations/{ids['rich']}",
        "deep search": f"{base}/search?q=jacket", "topics": f"{base}/topics", "users": f"{base}/users",
        "a user": first_of(server, bot, "users"), "settings": f"{base}/settings", "privacy": f"{base}/settings/privacy",
        "members": "/settings/members", "jobs": "/jobs",
    }  # fmt: skip


def scores(server: Server, path: str, size: str) -> dict[str, int]:
    """By category, 0 to 100."""
    headers = json.dumps({"cookie": f"auth_token={server.token}"} if not path.startswith("/sign-in") else {})
    ran = subprocess.run(
        [
            str(_LIGHTHOUSE), f"http://127.0.0.1:{server.port}{path}", "--quiet", "--output=json",
            f"--only-categories={','.join(_BARS)}", f"--extra-headers={headers}",
            f"--chrome-flags=--headless {' '.join(FLAGS)}", *_SIZES[size],
        ],
        env={"PATH": "/usr/bin:/bin", "CHROME_PATH": str(CHROMIUM), "HOME": str(server.data_dir)},
        capture_output=True,
        check=True,
    )  # fmt: skip
    found = json.loads(ran.stdout)["categories"]
    return {name: round((found[name]["score"] or 0) * 100) for name in _BARS}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", help="names of pages")
    given = parser.parse_args(arguments)
    if trouble := missing():
        sys.exit(f"lighthouse: {trouble}")
    good = True
    print("| page | size | " + " | ".join(f"{name} (at least {bar})" for name, bar in _BARS.items()) + " |")
    print("|---|---|" + "---:|" * len(_BARS))
    with Server() as server:
        for name, path in pages_of(server).items():
            for size in _SIZES if not given.only or name in given.only else ():
                found = scores(server, path, size)
                short = any(found[one] < bar for one, bar in _BARS.items())
                good = good and not short
                shown = " | ".join(str(found[one]) for one in _BARS)
                print(f"| {name} | {size} | {shown} |{' below the bar' if short else ''}", flush=True)
    sys.exit(None if good else "some pages are below the bar")


if __name__ == "__main__":
    main()
