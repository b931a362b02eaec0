"""Days are open while they change all the time, and for two hours more."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from noctule.base.db import Database
from noctule.chatbots import ChatbotId
from noctule.conversations.news import day_changed, first_open_day
from tests.conftest import TurnableClock

BEGUN = datetime(2026, 3, 1, 12, tzinfo=UTC)
BOT = ChatbotId(UUID(int=1))


def test_yesterday_is_open_until_two() -> None:
    assert first_open_day(datetime(2026, 3, 2, 1, 59, tzinfo=UTC)) == date(2026, 3, 1)
    assert first_open_day(datetime(2026, 3, 2, 2, 0, tzinfo=UTC)) == date(2026, 3, 2)
    assert first_open_day(datetime(2026, 3, 2, 23, 59, tzinfo=UTC)) == date(2026, 3, 2)


async def test_it_is_counted_when_it_closes_and_soon_after_a_later_change(
    database: Database, clock: TurnableClock
) -> None:
    waits: list[timedelta] = []
    for hours in (0, 16, 48):
        clock.now = BEGUN + timedelta(hours=hours)
        async with database.transaction() as db:
            await db.run("delete from jobs")
            await day_changed(db, BOT, [BEGUN])
            waits.append(await db.value("select run_at from jobs") - clock.now)
    assert waits == [timedelta(hours=14), timedelta(seconds=10), timedelta(seconds=2)]
