"""What each fault came to, as a row of one table."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

_HEADS = [
    "fault", "what was done", "acknowledged", "stored", "judged", "doubled", "2xx not durable",
    "refused with 503 + Retry-After", "seconds",
]  # fmt: skip


@dataclass(frozen=True)
class Row:
    """Counts of messages, but for `refused`, which counts requests."""

    fault: str
    done: str
    acknowledged: int
    stored: int
    judged: int
    doubled: int
    not_durable: int
    refused: int
    seconds: int
    unexplained: str = ""  # what the ledger said against it

    def holds(self) -> None:
        """The invariant: acknowledged = stored = judged, nothing twice, nothing lost, and the ledger says the same."""
        assert self.unexplained == ""
        assert (self.doubled, self.not_durable) == (0, 0)
        assert self.acknowledged == self.stored == self.judged > 0


def table(rows: Sequence[dict[str, str]]) -> list[str]:
    """In Markdown, of rows as `cells` makes them."""
    lines = [
        _HEADS,
        ["---"] * 2 + ["---:"] * (len(_HEADS) - 2),
        *(list(row.values()) for row in rows),
    ]
    return ["| " + " | ".join(line) + " |" for line in lines]


def cells(row: Row) -> dict[str, str]:
    shown = {name: f"{value:,}" if isinstance(value, int) else str(value) for name, value in asdict(row).items()}
    del shown["unexplained"]
    return shown
