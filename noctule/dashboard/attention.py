"""What needs somebody: what goes wrong more often than before, ranked by how many conversations it touches and by how much
more often. Each finding leads to its conversations.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from noctule import analysis
from noctule.analysis import Breakdown
from noctule.dashboard.tally import FEW
from noctule.dashboard.wentrows import label_of

NAMES = ["outcome", "topic", "intent", "flags", "behavior", "unanswered"]
_ROSE = 5  # percentage points
_BAD = {"deflected", "capability_failure", "incorrect"}
_WELCOME = {"buying_signal"}
_UNHAPPY = f"dissatisfaction:ge:{analysis.UNHAPPY:g}"


@dataclass(frozen=True)
class Rise:
    title: str
    affected: int  # conversations
    old: float  # percent
    new: float
    conditions: tuple[str, ...]

    @property
    def impact(self) -> float:
        return self.affected * (self.new - self.old)

    @property
    def words(self) -> str:
        return f"{self.old:.0f}% → {self.new:.0f}%, {self.affected:,} conversation{'' if self.affected == 1 else 's'}"


def rises(found: dict[str, Breakdown], topics: dict[str, str]) -> list[Rise]:
    """The greatest impact first; only where enough is compared to say so."""
    every = [*_of_shares(found), *_of_unhappiness(found, topics)]
    return sorted((one for one in every if one.new - one.old >= _ROSE), key=lambda one: -one.impact)


def _of_shares(found: dict[str, Breakdown]) -> Iterator[Rise]:
    for name, title in (("outcome", "More often: {}"), ("flags", "More often flagged: {}"), ("behavior", "The assistant, more often: {}"),
                        ("unanswered", "More questions stay unanswered")):  # fmt: skip
        whole = found[name]
        for one in whole.parts:
            new, old = whole.share(one), whole.share_before(one)
            if _is_bad(name, one.value) and new is not None and old is not None and _enough(whole):
                label = label_of(name, one.value, {}).lower()
                conditions = (f"{name}:is:{one.value}",)
                yield Rise(title.format(label), one.now.conversations, old * 100, new * 100, conditions)


def _of_unhappiness(found: dict[str, Breakdown], topics: dict[str, str]) -> Iterator[Rise]:
    """Of topics, and where there are none yet, of intents."""
    name = "topic" if found["topic"].parts else "intent"
    for one in found[name].parts:
        new, old = one.now.unhappiness, one.before.unhappiness
        if new is not None and old is not None and min(one.now.rated, one.before.rated) >= FEW:
            title = f"“{label_of(name, one.value, topics)}” ends unhappy more often"
            conditions = (f"{name}:is:{one.value}", _UNHAPPY)
            yield Rise(title, one.now.dissatisfied, old * 100, new * 100, conditions)


def _is_bad(name: str, value: str) -> bool:
    if name == "outcome":
        return value in _BAD
    if name == "behavior":
        return analysis.SEVERITY.get(value) not in (None, "positive")
    return value == "true" if name == "unanswered" else value not in _WELCOME


def _enough(whole: Breakdown) -> bool:
    return min(whole.known, whole.known_before) >= FEW
