"""When people write: by day rather than by night, more from month to month, and far more in the week that went wrong."""

from datetime import datetime, timedelta
from random import Random

from noctule.demo.scripts import Bot

DAYS = 90
_BAD_WEEK = range(18, 25)  # days ago
_BUSIER = 1.7
_OPEN = 3  # conversations that are going on when the demo begins


def moments(bot: Bot, until: datetime, chance: Random) -> list[datetime]:
    """When each conversation begins, the last first."""
    today = until.replace(hour=0, minute=0, second=0, microsecond=0)
    weights = [_weight(bot, today - timedelta(days=ago), ago) for ago in range(DAYS)]
    found = [until - timedelta(minutes=chance.uniform(1.5, 8)) for _ in range(_OPEN)]
    while len(found) < bot.share:
        day = today - timedelta(days=chance.choices(range(DAYS), weights)[0])
        hour = chance.choices(range(24), bot.hours)[0]
        moment = day + timedelta(hours=hour, seconds=chance.uniform(0, 3600))
        if moment < until - timedelta(minutes=45):
            found.append(moment)
    return sorted(found, reverse=True)


def days_ago(moment: datetime, until: datetime) -> int:
    return (until.date() - moment.date()).days


def went_wrong(bot: Bot, ago: int) -> bool:
    return bot.bad_week and ago in _BAD_WEEK


def _weight(bot: Bot, day: datetime, ago: int) -> float:
    growth = 1 + 0.5 * (DAYS - ago) / DAYS
    return growth * (bot.weekend if day.weekday() > 4 else 1) * (_BUSIER if went_wrong(bot, ago) else 1)
