"""How people and companies stand: figures over their conversations, renewed by a worker a moment after something changed.

They are never counted up but computed anew. Somebody of a hundred thousand conversations costs more to look at, and so is
looked at less often: a millisecond of pause for each conversation.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.people.models import CompanyId, Identified, PersonId, Standing
from noctule.people.store import companies, people


class Taken(NamedTuple):
    people: list[PersonId]
    companies: list[CompanyId]


async def renew_soon(db: Db, chatbot_id: ChatbotId, whom: Iterable[Identified]) -> None:
    known = list(whom)
    if person_ids := {one.person_id for one in known if one.person_id}:
        await people.mark_due(db, chatbot_id, list(person_ids))
    if company_ids := {one.company_id for one in known if one.company_id}:
        await companies.mark_due(db, chatbot_id, list(company_ids))


async def chatbots_with_due(db: Db) -> list[ChatbotId]:
    return sorted({*await people.chatbots_with_due(db), *await companies.chatbots_with_due(db)})


async def take_due(db: Db, chatbot_id: ChatbotId, *, limit: int) -> Taken:
    """Whose figures are to be renewed in this transaction; nobody else takes them meanwhile."""
    return Taken(
        await people.claim_due(db, chatbot_id, limit=limit), await companies.claim_due(db, chatbot_id, limit=limit)
    )


async def note_standings(
    db: Db, chatbot_id: ChatbotId, *, of_people: Sequence[Standing], of_companies: Sequence[Standing]
) -> None:
    await people.note_standings(db, chatbot_id, of_people)
    await companies.note_standings(db, chatbot_id, of_companies)
