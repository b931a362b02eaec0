"""The clock of the machine jumps ahead and back while clients send."""

from datetime import timedelta

from tests.faults.conftest import Tell
from tests.faults.hand import turn
from tests.faults.house import House
from tests.faults.size import Size

JUMPS = [timedelta(hours=2), timedelta(hours=-24), timedelta(minutes=-1), timedelta(0)]


async def test_a_clock_that_jumps(home: House, size: Size, tell: Tell) -> None:
    try:
        async with home.clients.sending(size.clients):
            for jump in JUMPS:
                turn(home.server, jump)
                await home.clients.acknowledge(size.messages)
        turn(home.server, max(JUMPS) + timedelta(minutes=1))  # what came in then is due now
        tell(await home.reckon("the clock jumps", "2 hours ahead, 26 hours back, a minute slow, right again"))
    finally:
        turn(home.server, timedelta(0))
