"""The statements of one recording batch. Each takes many rows, of many chatbots, sorted by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations.models import Amendment, ConversationId, Known, MessageId, Turn
from noctule.people import CompanyId, PersonId


@dataclass(slots=True)
class ConversationRow:
    chatbot_id: ChatbotId
    id: ConversationId
    external_id: str
    external_user_id: str | None
    source: str
    message_count: int
    first_message_at: datetime
    last_message_at: datetime
    last_received_at: datetime
    facts: dict[str, Any]  # what is not empty of person, organization, session, custom, enrichment, stated, title, tags
    ended_at: datetime | None
    reopened: int
    analysis_due_at: datetime | None
    person_id: PersonId | None = None
    company_id: CompanyId | None = None


@dataclass(slots=True)
class MessageRow:
    chatbot_id: ChatbotId
    conversation_id: ConversationId
    id: MessageId
    turn: Turn
    received_at: datetime
    placed_at: datetime
    placed_rank: int
    fingerprint: bytes | None
    request: int  # which request of the batch it came with


@dataclass(slots=True)
class Arrival:
    """How many messages the requests of a batch bring, by chatbot in the order of ids, in which hour, and along which lane."""

    lane: UUID
    hour: datetime
    accepted: dict[ChatbotId, int]


async def lock_conversations(db: Db, chatbot_ids: Sequence[ChatbotId], external_ids: Sequence[str]) -> list[Known]:
    """Those that exist. The names come sorted, so that two batches never wait for each other in a circle."""
    return await db.all(
        Known,
        """
        select c.chatbot_id, c.id, c.number, c.external_id, c.first_message_at, c.last_message_at, c.last_received_at,
               c.ended_at, c.person_id, c.company_id, c.person, c.organization
        from conversations c
        join unnest($1::uuid[], $2::text[]) as u (chatbot_id, external_id)
            on c.chatbot_id = u.chatbot_id and c.external_id = u.external_id
        order by c.chatbot_id, c.external_id
        for no key update of c
        """,
        chatbot_ids,
        external_ids,
    )


async def said_so_far(db: Db, chatbot_ids: Sequence[ChatbotId], ids: Sequence[ConversationId]) -> list[tuple[Any, ...]]:
    """Conversation, role and content of every message, in the order of the transcripts."""
    return await db.rows(
        """
        select m.conversation_id, m.role, m.content
        from messages m
        join unnest($1::uuid[], $2::uuid[]) as u (chatbot_id, conversation_id)
            on m.chatbot_id = u.chatbot_id and m.conversation_id = u.conversation_id
        order by m.conversation_id, m.placed_at, m.placed_rank, m.id
        """,
        chatbot_ids,
        ids,
    )


async def insert_conversations(db: Db, rows: Sequence[ConversationRow]) -> dict[ConversationId, int]:
    """Ids and numbers of those that were inserted; a missing one was made by somebody else a moment ago."""
    inserted = await db.rows(
        """
        insert into conversations (
            chatbot_id, id, external_id, external_user_id, source, message_count, first_message_at, last_message_at,
            last_received_at, person, organization, session, custom, enrichment, stated, title, tags, ended_at,
            reopened, analysis_due_at, person_id, company_id, revision, created_at
        )
        select u.chatbot_id, u.id, u.external_id, u.external_user_id, u.source, u.message_count, u.first_message_at,
               u.last_message_at, u.last_received_at, coalesce(u.facts -> 'person', '{}'),
               coalesce(u.facts -> 'organization', '{}'), coalesce(u.facts -> 'session', '{}'),
               coalesce(u.facts -> 'custom', '{}'), coalesce(u.facts -> 'enrichment', '{}'),
               coalesce(u.facts -> 'stated', '{}'), u.facts ->> 'title', coalesce(u.facts -> 'tags', '[]'), u.ended_at,
               u.reopened, u.analysis_due_at, u.person_id, u.company_id, (u.analysis_due_at is not null)::int, $3
        from unnest($1::conversation_row[], $2::text[]::jsonb[]) as u (
            chatbot_id, id, external_id, external_user_id, source, message_count, first_message_at, last_message_at,
            last_received_at, ended_at, reopened, analysis_due_at, person_id, company_id, facts
        )
        on conflict (chatbot_id, external_id) do nothing
        returning id, number
        """,
        [_conversation(row) for row in rows],
        [_json(row.facts) for row in rows],
        db.now,
    )
    return dict(inserted)


async def update_conversations(db: Db, rows: Sequence[ConversationRow]) -> None:
    """Add counts and merge metadata; people are merged already. An upsert of rows that exist: a cluster routes upserts and not joins."""
    await db.run(
        """
        insert into conversations as c (
            chatbot_id, id, external_id, external_user_id, source, message_count, first_message_at, last_message_at,
            last_received_at, person, organization, session, custom, enrichment, stated, title, tags, ended_at,
            reopened, analysis_due_at, person_id, company_id, revision, created_at
        )
        select u.chatbot_id, u.id, u.external_id, u.external_user_id, u.source, u.message_count, u.first_message_at,
               u.last_message_at, u.last_received_at, coalesce(u.facts -> 'person', '{}'),
               coalesce(u.facts -> 'organization', '{}'), coalesce(u.facts -> 'session', '{}'),
               coalesce(u.facts -> 'custom', '{}'), coalesce(u.facts -> 'enrichment', '{}'),
               coalesce(u.facts -> 'stated', '{}'), u.facts ->> 'title', coalesce(u.facts -> 'tags', '[]'), u.ended_at,
               u.reopened, u.analysis_due_at, u.person_id, u.company_id, (u.analysis_due_at is not null)::int, $3
        from unnest($1::conversation_row[], $2::text[]::jsonb[]) as u (
            chatbot_id, id, external_id, external_user_id, source, message_count, first_message_at, last_message_at,
            last_received_at, ended_at, reopened, analysis_due_at, person_id, company_id, facts
        )
        on conflict (chatbot_id, external_id) do update
        set external_user_id = excluded.external_user_id,
            message_count = c.message_count + excluded.message_count,
            first_message_at = least(c.first_message_at, excluded.first_message_at),
            last_message_at = greatest(c.last_message_at, excluded.last_message_at),
            last_received_at = greatest(c.last_received_at, excluded.last_received_at),
            person = excluded.person, organization = excluded.organization,
            session = c.session || excluded.session, custom = c.custom || excluded.custom,
            enrichment = c.enrichment || excluded.enrichment, stated = c.stated || excluded.stated,
            title = coalesce(excluded.title, c.title),
            tags = case when excluded.tags = '[]' then c.tags else excluded.tags end,
            ended_at = case when excluded.ended_at is not null or excluded.message_count > 0 then excluded.ended_at
                else c.ended_at end,
            reopened = c.reopened + excluded.reopened, analysis_due_at = least(c.analysis_due_at, excluded.analysis_due_at),
            person_id = coalesce(excluded.person_id, c.person_id), company_id = coalesce(excluded.company_id, c.company_id),
            revision = c.revision + excluded.revision
        """,
        [_conversation(row) for row in rows],
        [_json(row.facts) for row in rows],
        db.now,
    )


async def end_conversation(db: Db, chatbot_id: ChatbotId, conversation_id: ConversationId) -> bool | None:
    """Whether it was still going on; None when there is none. It is due at once, for its last judgement."""
    return await db.value(
        """
        update conversations c
        set ended_at = coalesce(c.ended_at, $3),
            analysis_due_at = case when c.ended_at is null then $3 else c.analysis_due_at end,
            revision = c.revision + (c.ended_at is null)::int
        from (select ended_at from conversations where chatbot_id = $1 and id = $2 for no key update) before
        where c.chatbot_id = $1 and c.id = $2
        returning before.ended_at is null
        """,
        chatbot_id,
        conversation_id,
        db.now,
    )


async def amend_conversation(
    db: Db, chatbot_id: ChatbotId, conversation_id: ConversationId, amendment: Amendment
) -> bool:
    """Due to be judged again when what the caller states has changed."""
    return bool(
        await db.run(
            """
            update conversations
            set title = coalesce($3, title),
                tags = coalesce($4, tags),
                session = coalesce($5, session),
                custom = coalesce($6, custom),
                enrichment = coalesce($7, enrichment),
                stated = coalesce($8, stated),
                analysis_due_at = case when $8::jsonb <> stated then least(analysis_due_at, $9) else analysis_due_at end,
                revision = revision + coalesce(($8::jsonb <> stated)::int, 0)
            where chatbot_id = $1 and id = $2
            """,
            chatbot_id,
            conversation_id,
            amendment.title,
            amendment.tags,
            amendment.session,
            amendment.custom,
            amendment.enrichment,
            amendment.stated,
            db.now,
        )
    )


async def move_conversations(
    db: Db, chatbot_id: ChatbotId, person_id: PersonId, *, into: PersonId, limit: int
) -> list[tuple[ConversationId, datetime]]:
    """Those that went, and when each began, from one person to the other, at most `limit`."""
    return await db.rows(
        """
        update conversations
        set person_id = $3
        where chatbot_id = $1
            and id in (
                select id
                from conversations
                where chatbot_id = $1 and person_id = $2
                order by external_id
                limit $4
                for no key update
            )
        returning id, first_message_at
        """,
        chatbot_id,
        person_id,
        into,
        limit,
    )


async def name_person(
    db: Db, chatbot_id: ChatbotId, external_id: str, person_id: PersonId
) -> tuple[ConversationId, datetime] | None:
    """The conversation and when it began, if it was with nobody known."""
    rows = await db.rows(
        """
        update conversations
        set person_id = $3
        where chatbot_id = $1 and external_id = $2 and person_id is null
        returning id, first_message_at
        """,
        chatbot_id,
        external_id,
        person_id,
    )
    return (rows[0][0], rows[0][1]) if rows else None


async def forget_person(db: Db, chatbot_id: ChatbotId, person_id: PersonId) -> None:
    """What they said stays, as said by nobody in particular."""
    await db.run(
        "update conversations set person_id = null where chatbot_id = $1 and person_id = $2", chatbot_id, person_id
    )


async def insert_messages(db: Db, rows: Sequence[MessageRow], arrival: Arrival) -> dict[MessageId, int]:
    """Ids and numbers of those that were inserted; the others are repeats of a stored message. The arrival is noted with them."""
    return dict(
        await db.rows(
            """
            with inserted as (
                insert into messages (
                    chatbot_id, conversation_id, id, role, content, external_id, sent_at, received_at, placed_at,
                    placed_rank, fingerprint, evidence
                )
                select u.chatbot_id, u.conversation_id, u.id, u.role, u.content, u.external_id, u.sent_at, u.received_at,
                       u.placed_at, u.placed_rank, u.fingerprint, u.evidence::jsonb
                from unnest($1::message_row[]) as u
                on conflict (chatbot_id, conversation_id, fingerprint) do nothing
                returning chatbot_id, id, number
            ), noted as (
                insert into arrivals as d (chatbot_id, hour, lane, accepted, stored)
                select came.chatbot_id, $5, $4, came.accepted,
                       (select count(*) from inserted where inserted.chatbot_id = came.chatbot_id)
                from unnest($2::uuid[], $3::int[]) as came (chatbot_id, accepted)
                on conflict (chatbot_id, hour, lane) do update
                set accepted = d.accepted + excluded.accepted, stored = d.stored + excluded.stored
            )
            select id, number from inserted
            """,
            [_message(row) for row in rows],
            list(arrival.accepted),
            list(arrival.accepted.values()),
            arrival.lane,
            arrival.hour,
        )
    )


def _message(row: MessageRow) -> tuple[object, ...]:
    """The fields of the type `message_row`."""
    turn = row.turn
    return (
        row.chatbot_id, row.conversation_id, row.id, turn.role, turn.content, turn.external_id, turn.sent_at, row.received_at,
        row.placed_at, row.placed_rank, row.fingerprint, _json(turn.evidence) if turn.evidence else None,
    )  # fmt: skip


def _conversation(row: ConversationRow) -> tuple[object, ...]:
    """The fields of the type `conversation_row`."""
    return (
        row.chatbot_id, row.id, row.external_id, row.external_user_id, row.source, row.message_count, row.first_message_at,
        row.last_message_at, row.last_received_at, row.ended_at, row.reopened, row.analysis_due_at, row.person_id,
        row.company_id,
    )  # fmt: skip


def _json(value: dict[str, Any]) -> str:
    return msgspec.json.encode(value).decode() if value else "{}"
