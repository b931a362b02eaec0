"""A look through a whole file before anything of it is stored: how much it holds, what it was taken for, what is wrong."""

from dataclasses import asdict, dataclass, field
from typing import Any

from noctule.base.errors import Invalid, Problem
from noctule.transfer.draft import Draft
from noctule.transfer.models import Format
from noctule.transfer.reader import Fault, Mapping, Reader

MOST_FAULTS = 100  # that are told one by one


@dataclass
class Report:
    mapping: Mapping
    conversations: int = 0
    messages: int = 0
    faults: list[Fault] = field(default_factory=list[Fault])  # the first of them
    faults_in_all: int = 0

    def refuse(self) -> None:
        """Raises Invalid when anything is wrong."""
        if not self.faults_in_all:
            return
        first = self.faults[0]
        where = f"{first.place}: {first.field}" if first.field else first.place
        count = "one problem" if self.faults_in_all == 1 else f"{self.faults_in_all} problems"
        raise Invalid(
            f"The file has {count} and nothing was stored. {where}: {first.message}",
            problems=tuple(
                Problem(f"{fault.place}: {fault.field}" if fault.field else fault.place, fault.message)
                for fault in self.faults
            ),
        )

    def told(self) -> dict[str, Any]:
        return {
            "mapping": asdict(self.mapping),
            "conversations": self.conversations,
            "messages": self.messages,
            "problems": [asdict(fault) for fault in self.faults],
            "problems_total": self.faults_in_all,
        }


class Check:
    def __init__(self, kind: Format | None) -> None:
        self._reader = Reader(kind)
        self.report = Report(self._reader.mapping)

    def feed(self, piece: bytes) -> None:
        for found in self._reader.feed(piece):
            self._count(found)

    def finish(self) -> Report:
        for found in self._reader.finish():
            self._count(found)
        if not (self.report.conversations or self.report.messages or self.report.faults_in_all):
            self._count(Fault("the file", "", "holds no conversations"))
        return self.report

    def _count(self, found: Draft | Fault) -> None:
        if isinstance(found, Draft):
            self.report.conversations += not found.more
            self.report.messages += len(found.turns)
            return
        self.report.faults_in_all += 1
        if len(self.report.faults) < MOST_FAULTS:
            self.report.faults.append(found)
