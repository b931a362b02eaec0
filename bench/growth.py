"""What becomes dearer as conversations pile up? The same work at 10 thousand, 100 thousand and a million, and its law.

    python -m bench.growth [--sizes N ...] [--rounds N]

One database; at each size one more chatbot with so many judged conversations, spread over a year, its words indexed. Then what
each thing costs there: CPU of PostgreSQL, for capture of the web process too, while no analyser runs and after the tables were
vacuumed. The law is the slope of the costs over the sizes, both as logarithms: 0 is constant, 0.09 is what log n has between
ten thousand and a million, 1 is linear. A day has more conversations too, so what is counted anew of one is linear by its nature.
"""

import argparse
import asyncio
import math
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from bench.capture import Line, measure, prepared
from bench.many import made, make_conversations
from bench.pages import pages_of, tile_costs, timed
from bench.server import Server
from bench.tree import machine, rest
from noctule import analysis
from noctule.base.db import connect
from noctule.base.jobs import Job
from noctule.chatbots import ChatbotId

_CAPTURES, _CLIENTS, _DAYS = 4000, 64, 10
_CONSTANT, _LOGARITHM, _LINEAR = 0.05, 0.15, (0.85, 1.15)  # slopes
_STEP = 50_000
_WORDS = """
insert into message_words (chatbot_id, conversation_id, message_id, role, said_at, words)
select m.chatbot_id, m.conversation_id, m.id, m.role, m.placed_at,
       to_tsvector('simple', m.content) || array_to_tsvector(array['@' || replace($1::uuid::text, '-', '')])
from generate_series($2::int, $3::int - 1) n
join messages m on m.chatbot_id = $1 and m.conversation_id = {id}
"""


async def fill(url: str, bot: UUID, number: int) -> None:
    await make_conversations(url, bot, number)
    connection: Any = await asyncpg.connect(url)
    for first in range(0, number, _STEP):
        await connection.execute(made(_WORDS), bot, first, min(first + _STEP, number))
    for command in ("vacuum analyze", "checkpoint"):
        await connection.execute(command)
    await connection.close()


async def size_of(url: str) -> int:
    """Bytes of the database."""
    connection: Any = await asyncpg.connect(url)
    size = await connection.fetchval("select pg_database_size(current_database())")
    await connection.close()
    return size


async def day_anew(server: Server, bot: UUID) -> float:
    """Milliseconds of PostgreSQL for one day."""
    async with connect(server.database_url) as database:
        last, before = database.clock().date(), 0.0
        for number in range(_DAYS + 1):
            day = last - timedelta(days=30 + number)
            job = Job(bot, "day", {"chatbot_id": str(bot), "day": day.isoformat()}, 1)
            await analysis.renew_day(database, job)
            if number == 0:
                before = server.cpu_seconds()["postgres"]
        return (server.cpu_seconds()["postgres"] - before) / _DAYS * 1000


def capture(server: Server, key: str) -> float:
    """Microseconds of the web process and of PostgreSQL for one of two messages."""
    line, warm = Line("capture"), Line("warm")
    measure(server, warm, prepared("capture", key, 2, _CAPTURES // 4), _CLIENTS)
    measure(server, line, prepared("capture", key, 2, _CAPTURES), _CLIENTS)
    return line.cpu


def costs(server: Server, bot: str, key: str, number: int, rounds: int) -> dict[str, float]:
    pages, search = pages_of(bot), f"/api/v1/chatbots/{bot}/search/messages?q="
    asked = {
        "list of conversations": pages["list"],
        "list, by feeling": pages["list, negative"],
        "list, by a field of 30 days": pages["list, a field"],
        "list, two conditions": pages["list, two fields"],
        "list, one user": pages["list, rare"],
        "overview, the page": pages["overview"],
        "search, a rare word": f"{search}{number // 2}",
        "search, a word in every message": f"{search}parcel",
    }
    found = {f"{name}, ms": timed(server, path, rounds).database for name, path in asked.items()}
    tiles = asyncio.run(tile_costs(server, server.database_url, ChatbotId(UUID(bot)), rounds))
    found["all tiles without a filter, ms"] = sum(
        cost for name, (cost, _) in tiles.items() if not name.endswith("filtered")
    )
    found["a day counted anew, ms"] = asyncio.run(day_anew(server, UUID(bot)))
    found["capture of two messages, µs"] = capture(server, key)
    return found


def slope(sizes: Sequence[int], values: Sequence[float]) -> float:
    """Of the line nearest to all of them, both as logarithms."""
    xs, ys = [math.log(one) for one in sizes], [math.log(max(one, 0.05)) for one in values]
    middle, height = sum(xs) / len(xs), sum(ys) / len(ys)
    rise = sum((x - middle) * (y - height) for x, y in zip(xs, ys, strict=True))
    return rise / sum((x - middle) ** 2 for x in xs)


def law(steepness: float) -> str:
    if abs(steepness) <= _CONSTANT:
        return "constant"
    if 0 < steepness <= _LOGARITHM:
        return "log n"
    return "linear" if _LINEAR[0] <= steepness <= _LINEAR[1] else f"n^{steepness:.2f}"


def show(sizes: Sequence[int], columns: Sequence[dict[str, float]]) -> None:
    print(f"\n| at so many conversations | {' | '.join(f'{one:,}' for one in sizes)} | slope | law |")
    print(f"|---|{'---:|' * (len(sizes) + 1)}---|")
    for name in columns[0]:
        values = [column[name] for column in columns]
        steepness = slope(sizes, values) if len(sizes) > 1 else 0.0
        print(
            f"| {name} | {' | '.join(f'{one:,.1f}' for one in values)} | {steepness:.2f} |"
            f" {law(steepness) if len(sizes) > 1 else ''} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=50)
    given = parser.parse_args()
    columns: list[dict[str, float]] = []
    with Server(workers=0) as server:
        for number in sorted(given.sizes):
            bot, key = server.new_chatbot(f"{number:,}")
            began, before = time.monotonic(), asyncio.run(size_of(server.database_url))
            asyncio.run(fill(server.database_url, UUID(bot), number))
            print(f"{number:,} conversations, made in {time.monotonic() - began:.0f} s", flush=True)
            each = (asyncio.run(size_of(server.database_url)) - before) / number
            rest(server.pid)
            columns.append({**costs(server, bot, key, number, given.rounds), "bytes on disk for each": each})
            print({name: round(cost, 2) for name, cost in columns[-1].items()}, file=sys.stderr, flush=True)
    show(sorted(given.sizes), columns)
    print(f"\n{machine()}")


if __name__ == "__main__":
    main()
