"""One server for all faults that it survives, an organization for each, and the table at the end."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bench.server import Server
from tests.faults.hand import with_hand
from tests.faults.house import House, house
from tests.faults.size import LONG, SHORT, Size
from tests.faults.table import Row, cells, table

Tell = Callable[[Row], None]


@pytest.fixture(scope="session")
def size(request: pytest.FixtureRequest) -> Size:
    return LONG if request.config.getoption("--long") else SHORT


@pytest.fixture(scope="session")
def one_server(tmp_path_factory: pytest.TempPathFactory, model_folder: Path) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("data")
    with started(folder, model_folder, **with_hand(folder)) as server:
        yield server


def started(folder: Path, model_folder: Path, **environment: str) -> Server:
    """With the model of all tests: each server would build one of its own."""
    (folder / "models").symlink_to(model_folder / "models")
    return Server(data_dir=folder, settings={"NOCTULE_OPEN_SIGNUP": "true", **environment})


@pytest_asyncio.fixture
async def home(one_server: Server, size: Size) -> AsyncGenerator[House]:
    """On the shared server, which the test leaves as it found it."""
    if one_server.process is None or one_server.process.poll() is not None:
        await asyncio.to_thread(one_server.start)
    while not await asyncio.to_thread(one_server.healthy):
        await asyncio.sleep(0.1)
    async with house(one_server, size) as found:
        yield found


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Puts a row into the table, then says whether the invariant holds."""

    def put(row: Row) -> None:
        record_property("fault", cells(row))
        row.holds()

    return put


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    reports = [one for kind in ("passed", "failed") for one in terminalreporter.stats.get(kind, [])]
    rows = [value for one in reports for name, value in one.user_properties if name == "fault"]
    if rows and config.getoption("--long"):
        terminalreporter.section("faults")
        for line in table(rows):
            terminalreporter.write_line(line)
