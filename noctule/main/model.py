"""`noctule model`: whether the model for meanings is there, and building it by hand."""

import argparse
import asyncio

from noctule.base.embed import Embedder
from noctule.base.settings import Settings


def model(settings: Settings, given: argparse.Namespace) -> int:
    """0 when it is there."""
    embedder = Embedder(settings.data_dir)
    if given.build:
        asyncio.run(embedder.prepare())
    path = embedder.path
    if not embedder.ready:
        print(f"not there yet: {path}\n`noctule serve` builds it in the background, `noctule model --build` now")
        return 1
    print(f"ready: {path}, {path.stat().st_size / 1e6:.1f} MB")
    return 0
