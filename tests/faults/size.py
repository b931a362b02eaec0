"""How much of it: a little among the ordinary tests, all of it on command."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    clients: int  # at each door
    times: int  # that something is done
    messages: int  # acknowledged between two blows
    idle: int  # connections
    away: float  # seconds without PostgreSQL
    is_long: bool


SHORT = Size(clients=2, times=1, messages=20, idle=500, away=3, is_long=False)
LONG = Size(clients=5, times=5, messages=400, idle=10_000, away=60, is_long=True)
