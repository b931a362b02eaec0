"""Renewing how people and companies stand, from their conversations and what was judged of them."""

from collections.abc import Sequence
from uuid import UUID

from noctule import people
from noctule.analysis.store import standings
from noctule.base.db import Database
from noctule.chatbots import ChatbotId
from noctule.people import Standing

_BATCH = 200


async def renew_due(database: Database) -> int:
    """One batch of each chatbot; how many people and companies were looked at."""
    async with database.transaction() as db:
        waiting = await people.chatbots_with_due(db)
    return sum([await _renew_some(database, chatbot_id) for chatbot_id in waiting])


async def _renew_some(database: Database, chatbot_id: ChatbotId) -> int:
    async with database.transaction() as db:
        taken = await people.take_due(db, chatbot_id, limit=_BATCH)
        of_people = await standings.standings_of_people(db, chatbot_id, taken.people)
        of_companies = await standings.standings_of_companies(db, chatbot_id, taken.companies)
        await people.note_standings(
            db,
            chatbot_id,
            of_people=_with_the_silent(of_people, taken.people),
            of_companies=_with_the_silent(of_companies, taken.companies),
        )
    return len(taken.people) + len(taken.companies)


def _with_the_silent(found: Sequence[Standing], asked_for: Sequence[UUID]) -> list[Standing]:
    """Who has no conversation left counts none, and was seen when they were seen."""
    missing = set(asked_for) - {one.id for one in found}
    return [*found, *(Standing(one, 0, 0, 0, None, None, None) for one in missing)]
