"""Which turns of a resent array are new? For callers who name no message and send everything again and again."""

from collections.abc import Sequence

Said = tuple[str, str]  # role, content


def already_stored(stored: Sequence[Said], incoming: Sequence[Said]) -> int:
    """How many turns at the start of `incoming` are stored; the rest is to be appended.

    That is all of them when `incoming` stands somewhere in `stored` as it is, else the longest end of `stored` with which
    `incoming` begins. One walk over both (Knuth, Morris, Pratt 1977), so a long conversation costs its length.
    """
    if not incoming:
        return 0
    borders = _borders(incoming)
    matched = 0
    for said in stored:
        while matched and said != incoming[matched]:
            matched = borders[matched - 1]
        if said == incoming[matched]:
            matched += 1
        if matched == len(incoming):
            return matched
    return matched


def continued(stored: Sequence[Said], incoming: Sequence[Said]) -> int | None:
    """How many turns at the start of `incoming` the stored ones end with; None: it is the beginning of something else.

    For callers who send what was said so far with each question. A lone question always goes on, also when it was asked
    before.
    """
    if not stored or len(incoming) <= 1:
        return 0
    ending = already_stored(stored[-len(incoming) :], incoming)
    return ending or None


def _borders(turns: Sequence[Said]) -> list[int]:
    """For each beginning of `turns`, the length of its longest proper beginning that is also its end."""
    borders = [0] * len(turns)
    length = 0
    for index in range(1, len(turns)):
        while length and turns[index] != turns[length]:
            length = borders[length - 1]
        if turns[index] == turns[length]:
            length += 1
        borders[index] = length
    return borders
