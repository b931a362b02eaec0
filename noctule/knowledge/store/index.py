"""SQL that builds the index: versions, passages, postings, vectors."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.knowledge.models import Passage, SourceId, State, Version


async def make_state(db: Db, chatbot_id: ChatbotId) -> None:
    await db.run(
        """
        insert into knowledge
            (chatbot_id, version, newest, next_passage, next_segment, passages, dead, languages, updated_at)
        values ($1, 0, 0, 1, 1, 0, 0, '{}', $2)
        on conflict (chatbot_id) do nothing
        """,
        chatbot_id,
        db.now,
    )


async def state(db: Db, chatbot_id: ChatbotId) -> State | None:
    return await db.one(
        State,
        """
        select version, previous, newest, next_passage, next_segment, passages, dead, languages, job_id
        from knowledge
        where chatbot_id = $1
        """,
        chatbot_id,
    )


async def lock_state(db: Db, chatbot_id: ChatbotId) -> State | None:
    return await db.one(
        State,
        """
        select version, previous, newest, next_passage, next_segment, passages, dead, languages, job_id
        from knowledge
        where chatbot_id = $1
        for update
        """,
        chatbot_id,
    )


async def set_job(db: Db, chatbot_id: ChatbotId, job_id: UUID) -> None:
    await db.run("update knowledge set job_id = $2 where chatbot_id = $1", chatbot_id, job_id)


async def claim(db: Db, chatbot_id: ChatbotId, builder_id: UUID, until: datetime) -> bool:
    """Whether this training may build; it asks again with each batch, and so keeps others away."""
    return bool(
        await db.run(
            """
            update knowledge
            set builder_id = $2, builder_until = $3
            where chatbot_id = $1 and (builder_id is null or builder_id = $2 or builder_until <= $4)
            """,
            chatbot_id,
            builder_id,
            until,
            db.now,
        )
    )


async def release(db: Db, chatbot_id: ChatbotId, builder_id: UUID) -> None:
    await db.run(
        """
        update knowledge
        set builder_id = null, builder_until = null
        where chatbot_id = $1 and builder_id = $2
        """,
        chatbot_id,
        builder_id,
    )


async def begin_version(db: Db, chatbot_id: ChatbotId, version: int) -> None:
    await db.run("update knowledge set newest = $2 where chatbot_id = $1", chatbot_id, version)


async def take_numbers(db: Db, chatbot_id: ChatbotId, *, passages: int, segments: int) -> None:
    await db.run(
        """
        update knowledge
        set next_passage = next_passage + $2, next_segment = next_segment + $3
        where chatbot_id = $1
        """,
        chatbot_id,
        passages,
        segments,
    )


async def switch(db: Db, chatbot_id: ChatbotId, version: int) -> bool:
    """From here on searches see this version; the one before it stays for a roll-back. False when nothing has changed."""
    return await db.value(
        """
        update knowledge k
        set previous = case when seen.changed then k.version else k.previous end,
            previous_at = case when seen.changed then k.updated_at else k.previous_at end,
            version = case when seen.changed then $2 else k.version end,
            updated_at = case when seen.changed then $3 else k.updated_at end, passages = seen.passages, languages = seen.languages
        from (
            select count(*) filter (where died is null or died > $2) as passages,
                   coalesce(
                       array_agg(distinct language) filter (where language is not null and (died is null or died > $2)),
                       '{}'
                   ) as languages,
                   coalesce(bool_or(born = $2 or died = $2), false) as changed
            from passages
            where chatbot_id = $1 and born <= $2
        ) as seen
        where k.chatbot_id = $1
        returning seen.changed
        """,
        chatbot_id,
        version,
        db.now,
    )


async def forget_before(db: Db, chatbot_id: ChatbotId, version: int) -> list[bytes]:
    """Passages that neither this version nor a later one has; their digests."""
    return await db.values(
        "delete from passages where chatbot_id = $1 and died <= $2 returning digest", chatbot_id, version
    )


async def digests_of(db: Db, chatbot_id: ChatbotId, source_id: SourceId) -> list[bytes]:
    return await db.values(
        "select digest from passages where chatbot_id = $1 and source_id = $2", chatbot_id, source_id
    )


async def count_dead(db: Db, chatbot_id: ChatbotId, dead: int) -> None:
    """Numbers that stay in postings after their passages have gone; a negative figure takes some back."""
    await db.run("update knowledge set dead = dead + $2 where chatbot_id = $1", chatbot_id, dead)


async def end_passages(db: Db, chatbot_id: ChatbotId, source_ids: Sequence[SourceId], version: int) -> None:
    await db.run(
        "update passages set died = $3 where chatbot_id = $1 and source_id = any($2) and died is null",
        chatbot_id,
        list(source_ids),
        version,
    )


async def insert_passages(db: Db, chatbot_id: ChatbotId, version: int, passages: Sequence[Passage]) -> None:
    await db.run(
        """
        insert into passages
            (chatbot_id, number, source_id, born, heading, begins, ends, text, language, digest)
        select $1, number, source_id, $2, heading, begins, ends, text, language, digest
        from unnest($3::integer[], $4::uuid[], $5::text[], $6::integer[], $7::integer[], $8::text[], $9::text[],
                    $10::bytea[])
            as given (number, source_id, heading, begins, ends, text, language, digest)
        """,
        chatbot_id,
        version,
        [one.number for one in passages],
        [one.source_id for one in passages],
        [one.heading for one in passages],
        [one.begins for one in passages],
        [one.ends for one in passages],
        [one.text for one in passages],
        [one.language for one in passages],
        [one.digest for one in passages],
    )


async def insert_terms(db: Db, chatbot_id: ChatbotId, segment: int, postings: Mapping[str, tuple[int, bytes]]) -> None:
    await db.run(
        """
        insert into terms (chatbot_id, term, segment, documents, postings)
        select $1, term, $2, documents, postings
        from unnest($3::text[], $4::integer[], $5::bytea[]) as given (term, documents, postings)
        """,
        chatbot_id,
        segment,
        list(postings),
        [documents for documents, _ in postings.values()],
        [packed for _, packed in postings.values()],
    )


async def segments(db: Db, chatbot_id: ChatbotId) -> list[tuple[int, int]]:
    """Number and size of each, the newest first."""
    rows = await db.rows(
        "select segment, sum(documents)::bigint from terms where chatbot_id = $1 group by segment order by segment desc",
        chatbot_id,
    )
    return [(row[0], row[1]) for row in rows]


async def join_segments(db: Db, chatbot_id: ChatbotId, segment: int, *, since: int) -> None:
    """All segments from one on and before this one become this one: postings are joined end to end."""
    await db.run(
        """
        insert into terms (chatbot_id, term, segment, documents, postings)
        select $1, term, $2, sum(documents), string_agg(postings, ''::bytea order by segment)
        from terms
        where chatbot_id = $1 and segment >= $3 and segment < $2
        group by term
        """,
        chatbot_id,
        segment,
        since,
    )
    await delete_segments(db, chatbot_id, segment, since=since)


async def delete_segments(db: Db, chatbot_id: ChatbotId, before: int, *, since: int = 0) -> None:
    await db.run(
        "delete from terms where chatbot_id = $1 and segment >= $3 and segment < $2", chatbot_id, before, since
    )


async def passages_after(db: Db, chatbot_id: ChatbotId, number: int, limit: int) -> list[tuple[int, str, str | None]]:
    """Of all versions that are kept: number, what is searched, language."""
    rows = await db.rows(
        """
        select p.number, concat_ws(' ', s.title, p.heading, p.text), p.language
        from passages p
        join sources s on s.chatbot_id = p.chatbot_id and s.id = p.source_id
        where p.chatbot_id = $1 and p.number > $2
        order by p.number
        limit $3
        """,
        chatbot_id,
        number,
        limit,
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def without_vector(db: Db, chatbot_id: ChatbotId, limit: int) -> list[tuple[bytes, str]]:
    """English passages of the newest version, the newest first; digests may stand there twice."""
    rows = await db.rows(
        """
        select p.digest, concat_ws(E'\\n', s.title, nullif(p.heading, ''), p.text)
        from passages p
        join sources s on s.chatbot_id = p.chatbot_id and s.id = p.source_id
        where p.chatbot_id = $1 and p.language = 'en' and p.died is null
            and not exists (select 1 from vectors v where v.chatbot_id = $1 and v.digest = p.digest)
        order by p.number desc
        limit $2
        """,
        chatbot_id,
        limit,
    )
    return [(row[0], row[1]) for row in rows]


async def insert_vectors(db: Db, chatbot_id: ChatbotId, digests: Sequence[bytes], vectors: Sequence[str]) -> None:
    await db.run(
        """
        insert into vectors (chatbot_id, digest, embedding)
        select $1, digest, embedding::halfvec
        from unnest($2::bytea[], $3::text[]) as given (digest, embedding)
        on conflict (chatbot_id, digest) do nothing
        """,
        chatbot_id,
        list(digests),
        list(vectors),
    )


async def forget_vectors(db: Db, chatbot_id: ChatbotId, digests: Sequence[bytes]) -> None:
    """Those of these that no passage has any more."""
    await db.run(
        """
        delete from vectors v
        where v.chatbot_id = $1 and v.digest = any($2)
            and not exists (select 1 from passages p where p.chatbot_id = $1 and p.digest = v.digest)
        """,
        chatbot_id,
        list(digests),
    )


async def versions(db: Db, chatbot_id: ChatbotId) -> list[Version]:
    """The newest first: what answers, and what a roll-back leads to. What was before the first training is no version."""
    return await db.all(
        Version,
        """
        select v.number, v.answering, v.built_at, count(distinct p.source_id) as sources, count(p.number) as passages
        from knowledge k
        cross join lateral (values (k.version, true, k.updated_at), (k.previous, false, k.previous_at))
            as v (number, answering, built_at)
        left join passages p on p.chatbot_id = k.chatbot_id and p.born <= v.number
            and (p.died is null or p.died > v.number)
        where k.chatbot_id = $1 and v.number > 0
        group by v.number, v.answering, v.built_at
        order by v.number desc
        """,
        chatbot_id,
    )


async def roll_back(db: Db, chatbot_id: ChatbotId) -> bool:
    """Whether there was a version to go back to."""
    return bool(
        await db.run(
            """
            update knowledge k
            set version = k.previous, previous = null, updated_at = coalesce(k.previous_at, $2), previous_at = null,
                passages = seen.passages, languages = seen.languages
            from (
                select count(*) as passages,
                       coalesce(array_agg(distinct p.language) filter (where p.language is not null), '{}') as languages
                from passages p
                join knowledge now on now.chatbot_id = p.chatbot_id
                where p.chatbot_id = $1 and p.born <= now.previous and (p.died is null or p.died > now.previous)
            ) as seen
            where k.chatbot_id = $1 and k.previous is not null
            """,
            chatbot_id,
            db.now,
        )
    )
