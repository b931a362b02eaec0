"""A diary of every judgement that is ever committed, kept by PostgreSQL itself: was anything judged twice?"""

from noctule.base.db import Db


async def keep_a_diary(db: Db) -> None:
    await db.run("create table diary (conversation_id uuid, revision int, final boolean, status text)")
    await db.run(
        """
        create function write_diary() returns trigger language plpgsql as $$
        begin
            insert into diary values (new.conversation_id, new.revision, new.final, new.status);
            return null;
        end $$
        """
    )
    await db.run(
        "create trigger diary after insert or update on conversation_judgements for each row execute function write_diary()"
    )


async def judged_twice(db: Db) -> int:
    """Conversations that were judged more than once in one of their states, provisionally or finally."""
    return await db.value(
        """
        select count(*)
        from (
            select conversation_id
            from diary
            where status = 'done'
            group by conversation_id, revision, final
            having count(*) > 1
        ) twice
        """
    )
