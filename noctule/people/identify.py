"""Finding or making the people and companies that a batch of requests speaks of, inside the transaction that records it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from noctule.base import jobs
from noctule.base.db import Db
from noctule.base.text import is_email
from noctule.people.models import Claim, CompanyId, Identified, PersonId, Profile, Seen
from noctule.people.register import Register
from noctule.people.store import companies, people

JOIN = "join_people"
# A batch that read an hour ago who is who has ended by then.
_JOIN_AFTER = timedelta(seconds=10)
_ROUNDS = 3
_PERSON_TRAITS = ("name", "email", "phone", "plan", "industry", "mrr", "createdAt")
_MOST_MONEY = 1e15
_COMPANY_TRAITS = ("name", "plan", "industry", "mrr")


@dataclass(frozen=True, slots=True)
class _Shelf:
    find: Callable[[Db, Sequence[Claim]], Awaitable[list[Profile]]]
    insert: Callable[[Db, Sequence[Profile]], Awaitable[set[UUID]]]
    update: Callable[[Db, Sequence[Profile]], Awaitable[None]]


_PEOPLE = _Shelf(people.find, people.insert, people.update)
_COMPANIES = _Shelf(companies.find, companies.insert, companies.update)
_NOBODY = Identified()


async def identify(db: Db, seen: Sequence[Seen]) -> list[Identified]:
    """Whom each is about; somebody whom nothing but a name tells apart is nobody. Comes before any other lock of a batch."""
    owners = [_claim_of_company(one) for one in seen]
    callers = [_claim_of_person(one) for one in seen]
    if not any(owners) and not any(callers):
        return [_NOBODY] * len(seen)
    company_ids = await _settle(db, _COMPANIES, owners, [None] * len(seen))
    person_ids = await _settle(db, _PEOPLE, callers, company_ids)
    return [
        Identified(PersonId(person_id) if person_id else None, CompanyId(company_id) if company_id else None)
        for person_id, company_id in zip(person_ids, company_ids, strict=True)
    ]


async def _settle(
    db: Db, shelf: _Shelf, claims: Sequence[Claim | None], company_ids: Sequence[UUID | None]
) -> list[UUID | None]:
    given = [claim for claim in claims if claim is not None]
    if not given:
        return [None] * len(claims)
    for _ in range(_ROUNDS):
        register = Register(await shelf.find(db, given))
        met = [
            register.meet(claim, company_id).id if claim else None
            for claim, company_id in zip(claims, company_ids, strict=True)
        ]
        new = register.new()
        if new and len(await shelf.insert(db, new)) < len(new):
            continue  # somebody else made one of them a moment ago: now it can be found
        if changed := register.changed():
            await shelf.update(db, changed)
        for chatbot_id in sorted(register.doubles):
            await jobs.enqueue(db, JOIN, {"chatbot_id": str(chatbot_id)}, key=f"{JOIN}:{chatbot_id}", after=_JOIN_AFTER)
        return met
    raise asyncpg.SerializationError("people are being made and unmade by others")


def _claim_of_person(seen: Seen) -> Claim | None:
    traits, email = _given(seen.person, _PERSON_TRAITS), seen.person.get("email")
    handle = email.lower() if isinstance(email, str) and is_email(email) else None
    return _claim(seen, seen.person.get("id"), handle, traits={**traits, "email": handle} if handle else traits)


def _claim_of_company(seen: Seen) -> Claim | None:
    traits = _given(seen.company, _COMPANY_TRAITS)
    handle = " ".join(traits.get("name", "").lower().split())
    return _claim(seen, seen.company.get("id"), handle or None, traits=traits)


def _claim(seen: Seen, external_id: object, handle: str | None, *, traits: dict[str, Any]) -> Claim | None:
    known = external_id if isinstance(external_id, str) and external_id else None
    return Claim(seen.chatbot_id, known, handle, traits, seen.at) if known or handle else None


def _given(part: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Of these traits, those that were given and are of their kind."""
    return {name: part[name] for name in names if name in part and _fits(name, part[name])}


def _fits(name: str, value: object) -> bool:
    if name == "mrr":
        return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _MOST_MONEY
    return isinstance(value, str) and value != ""
