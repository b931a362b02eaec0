"""SQL on sources and their files."""

from collections.abc import Sequence
from uuid import UUID

from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.knowledge.models import Draft, Learned, Source, SourceId, Waiting


async def lock_named(db: Db, chatbot_id: ChatbotId, external_ids: Sequence[str]) -> dict[str, SourceId]:
    """Those that are there already, locked in one order."""
    rows = await db.rows(
        """
        select external_id, id
        from sources
        where chatbot_id = $1 and external_id = any($2)
        order by id
        for update
        """,
        chatbot_id,
        list(external_ids),
    )
    return dict(rows)


async def insert_sources(db: Db, chatbot_id: ChatbotId, ids: Sequence[SourceId], drafts: Sequence[Draft]) -> None:
    await db.run(
        """
        insert into sources (chatbot_id, id, external_id, kind, title, url, text, revision, created_at, updated_at)
        select $1, id, external_id, kind, title, url, text, 1, $8, $8
        from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
            as given (id, external_id, kind, title, url, text)
        """,
        chatbot_id,
        list(ids),
        [draft.external_id for draft in drafts],
        [draft.kind for draft in drafts],
        [draft.title for draft in drafts],
        [draft.url for draft in drafts],
        [draft.text for draft in drafts],
        db.now,
    )


async def replace_source(db: Db, chatbot_id: ChatbotId, source_id: SourceId, draft: Draft) -> bool:
    """Whether it is there. What is the same as before stays trained; what has to be read is read again, and until then the same
    page says what it said.
    """
    return bool(
        await db.run(
            """
            update sources
            set kind = $3, external_id = coalesce($4, external_id), url = $6, problem = null, updated_at = $9,
                text = case when kind = 'url' and $3 = 'url' and url = $6 then text else $7 end,
                title = case when $8 then $5 else coalesce($5, title) end,
                revision = revision + case
                    when $8 or (kind, title, url, text) is distinct from ($3, coalesce($5, title), $6, $7) then 1 else 0
                end
            where chatbot_id = $1 and id = $2
            """,
            chatbot_id,
            source_id,
            draft.kind,
            draft.external_id,
            draft.title,
            draft.url,
            draft.text,
            draft.kind in ("url", "file"),
            db.now,
        )
    )


async def keep_file(db: Db, chatbot_id: ChatbotId, source_id: SourceId, *, name: str, content: bytes) -> None:
    await db.run(
        """
        insert into source_files (chatbot_id, source_id, name, content)
        values ($1, $2, $3, $4)
        on conflict (chatbot_id, source_id) do update
        set name = excluded.name, content = excluded.content
        """,
        chatbot_id,
        source_id,
        name,
        content,
    )


async def file_of(db: Db, chatbot_id: ChatbotId, source_id: SourceId) -> tuple[str, bytes] | None:
    rows = await db.rows(
        "select name, content from source_files where chatbot_id = $1 and source_id = $2", chatbot_id, source_id
    )
    return (rows[0][0], rows[0][1]) if rows else None


async def delete_source(db: Db, chatbot_id: ChatbotId, source_id: SourceId) -> int | None:
    """With all its passages: it never answers again. How many passages it had; None: it is not there."""
    return await db.value(
        "delete from sources where chatbot_id = $1 and id = $2 returning passages", chatbot_id, source_id
    )


async def read_again(db: Db, chatbot_id: ChatbotId) -> None:
    """Pages may have changed, and what failed may succeed now."""
    await db.run(
        """
        update sources
        set problem = null, revision = revision + case when kind = 'url' then 1 else 0 end, updated_at = $2
        where chatbot_id = $1 and (kind = 'url' or problem is not null)
        """,
        chatbot_id,
        db.now,
    )


async def sources_after(db: Db, chatbot_id: ChatbotId, *, after: SourceId | None, limit: int) -> list[Source]:
    return await db.all(
        Source,
        """
        select id, external_id, kind, title, url, length(text) as characters, language, revision, trained_revision,
               problem, passages, created_at, updated_at, trained_at
        from sources
        where chatbot_id = $1 and ($2::uuid is null or id > $2)
        order by id
        limit $3
        """,
        chatbot_id,
        after,
        limit,
    )


async def learned(db: Db, chatbot_ids: Sequence[ChatbotId]) -> dict[ChatbotId, Learned]:
    """Chatbots without a source are missing."""
    found = await db.all(
        Learned,
        """
        select chatbot_id,
               count(*) as sources,
               count(*) filter (where trained_revision is distinct from revision and problem is null) as waiting,
               count(*) filter (where problem is not null) as failed,
               sum(length(text)) as characters,
               max(trained_at) as trained_at
        from sources
        where chatbot_id = any($1)
        group by chatbot_id
        """,
        chatbot_ids,
    )
    return {one.chatbot_id: one for one in found}


async def sources_named(db: Db, chatbot_id: ChatbotId, beginning: str) -> dict[str, SourceId]:
    """Those whose id of the caller begins so."""
    rows = await db.rows(
        "select external_id, id from sources where chatbot_id = $1 and starts_with(external_id, $2) order by id",
        chatbot_id,
        beginning,
    )
    return dict(rows)


async def sources_with(db: Db, chatbot_id: ChatbotId, ids: Sequence[UUID]) -> list[Source]:
    return await db.all(
        Source,
        """
        select id, external_id, kind, title, url, length(text) as characters, language, revision, trained_revision,
               problem, passages, created_at, updated_at, trained_at
        from sources
        where chatbot_id = $1 and id = any($2)
        order by array_position($2, id)
        """,
        chatbot_id,
        list(ids),
    )


async def text_of(db: Db, chatbot_id: ChatbotId, source_id: SourceId) -> str | None:
    return await db.value("select text from sources where chatbot_id = $1 and id = $2", chatbot_id, source_id)


async def count_waiting(db: Db, chatbot_id: ChatbotId) -> int:
    return await db.value(
        """
        select count(*)
        from sources
        where chatbot_id = $1 and trained_revision is distinct from revision and problem is null
        """,
        chatbot_id,
    )


async def waiting(db: Db, chatbot_id: ChatbotId, limit: int) -> list[Waiting]:
    return await db.all(
        Waiting,
        """
        select id, kind, title, url, text, revision
        from sources
        where chatbot_id = $1 and trained_revision is distinct from revision and problem is null
        order by id
        limit $2
        """,
        chatbot_id,
        limit,
    )


async def lock_unchanged(
    db: Db, chatbot_id: ChatbotId, ids: Sequence[SourceId], revisions: Sequence[int]
) -> list[SourceId]:
    """Those that are still as they were read."""
    return await db.values(
        """
        select s.id
        from sources s
        join unnest($2::uuid[], $3::integer[]) as read (id, revision) on read.id = s.id and read.revision = s.revision
        where s.chatbot_id = $1
        order by s.id
        for update of s
        """,
        chatbot_id,
        list(ids),
        list(revisions),
    )


async def mark_trained(
    db: Db,
    chatbot_id: ChatbotId,
    source_id: SourceId,
    *,
    read: tuple[str | None, str, str | None],
    passages: int,
) -> None:
    title, text, language = read
    await db.run(
        """
        update sources
        set title = coalesce(title, $3), text = $4, language = $5, passages = $6, trained_revision = revision,
            trained_at = $7
        where chatbot_id = $1 and id = $2
        """,
        chatbot_id,
        source_id,
        title,
        text,
        language,
        passages,
        db.now,
    )


async def leave_unread(db: Db, chatbot_id: ChatbotId, problem: str) -> None:
    """What waits does not wait any more."""
    await db.run(
        """
        update sources
        set problem = $2
        where chatbot_id = $1 and trained_revision is distinct from revision and problem is null
        """,
        chatbot_id,
        problem,
    )


async def mark_failed(db: Db, chatbot_id: ChatbotId, source_id: SourceId, *, revision: int, problem: str) -> None:
    await db.run(
        """
        update sources
        set problem = $4, passages = case when text = '' then 0 else passages end
        where chatbot_id = $1 and id = $2 and revision = $3
        """,
        chatbot_id,
        source_id,
        revision,
        problem,
    )
