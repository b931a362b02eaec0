"""Turns of conversations, the same for everybody who is measured: a question of a user and the answer of an assistant."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

RARE, COMMON = "zanzibar", "voucher"  # in one of 500 questions; in one of four answers
_RARELY, _OFTEN = 500, 4
_WORDS = (
    "the parcel refund order account did not arrive today please help me with my password and invoice thanks could you"
    " tell when it will be sent again because we moved to another street last week and nobody was told about delivery"
).split()


@dataclass(frozen=True)
class Turn:
    conversation: str
    number: int  # in its conversation
    user: str
    question: str
    answer: str
    moment: int  # nanoseconds since 1970


def turns(count: int, *, each: int, began: int) -> Iterator[Turn]:
    """`each` in a conversation, one second apart, the last of them just before `began`."""
    dice = random.Random(11)
    for place in range(count):
        conversation, number = divmod(place, each)
        asked, told = dice.choices(_WORDS, k=dice.randint(8, 20)), dice.choices(_WORDS, k=dice.randint(20, 60))
        asked += [RARE] if place % _RARELY == 0 else []
        told += [COMMON] if place % _OFTEN == 0 else []
        yield Turn(
            f"conversation-{began}-{conversation}", number, f"user-{conversation % 500}",
            " ".join(asked) + "?", " ".join(told) + ".", began - (count - place) * 1_000_000_000,
        )  # fmt: skip
