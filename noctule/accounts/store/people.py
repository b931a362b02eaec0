"""Organizations, the people in them as they sign in, their guesses at passwords and their sessions."""

from datetime import datetime

from noctule.accounts.models import Member, Organization, OrgId, Role, SessionId, User, UserId
from noctule.base.db import Db


async def lock_sign_up(db: Db) -> None:
    """One sign-up at a time: two people must not both be the first."""
    await db.run("select pg_advisory_xact_lock(7309217)")


async def anyone_exists(db: Db) -> bool:
    return await db.value("select exists (select 1 from users)")


async def email_taken(db: Db, email: str) -> bool:
    return await db.value("select exists (select 1 from users where email = $1)", email)


async def slugs_like(db: Db, slug: str) -> list[str]:
    return await db.values("select slug from organizations where starts_with(slug, $1)", slug)


async def insert_organization(db: Db, organization: Organization) -> None:
    await db.run(
        """
        insert into organizations (id, name, slug, created_at)
        values ($1, $2, $3, $4)
        """,
        organization.id,
        organization.name,
        organization.slug,
        organization.created_at,
    )


async def insert_user(db: Db, user: User, password_hash: str) -> None:
    await db.run(
        """
        insert into users (id, email, name, first_name, last_name, password_hash, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $7)
        """,
        user.id,
        user.email,
        user.name,
        user.first_name,
        user.last_name,
        password_hash,
        user.created_at,
    )


async def insert_member(db: Db, org_id: OrgId, user_id: UserId, role: Role) -> None:
    await db.run(
        """
        insert into members (org_id, user_id, role, created_at)
        values ($1, $2, $3, $4)
        """,
        org_id,
        user_id,
        role,
        db.now,
    )


async def password_of(db: Db, email: str) -> tuple[UserId, str] | None:
    rows = await db.rows("select id, password_hash from users where email = $1", email)
    return (rows[0][0], rows[0][1]) if rows else None


async def first_organization_of(db: Db, user_id: UserId) -> OrgId | None:
    """Where the person was last."""
    return await db.value(
        """
        select org_id
        from members
        where user_id = $1
        order by last_seen_at desc nulls last, created_at, org_id
        limit 1
        """,
        user_id,
    )


async def note_login(db: Db, user_id: UserId) -> None:
    await db.run("update users set last_login_at = $2 where id = $1", user_id, db.now)


async def rename_user(db: Db, user_id: UserId, *, first_name: str, last_name: str, name: str) -> None:
    await db.run(
        """
        update users
        set first_name = $2,
            last_name = $3,
            name = $4,
            updated_at = $5
        where id = $1
        """,
        user_id,
        first_name,
        last_name,
        name,
        db.now,
    )


async def set_password(db: Db, user_id: UserId, password_hash: str) -> None:
    await db.run("update users set password_hash = $2, updated_at = $3 where id = $1", user_id, password_hash, db.now)


async def locked_until(db: Db, email: str) -> datetime:
    return await db.value("select locked_until from login_failures where email = $1", email)


async def count_guess(db: Db, email: str, *, forget_before: datetime) -> int | None:
    """The guesses in a row, this one included; None while the e-mail is locked."""
    return await db.value(
        """
        insert into login_failures (email, failures, last_at)
        values ($1, 1, $2)
        on conflict (email) do update
        set failures = case when login_failures.last_at < $3 then 1 else login_failures.failures + 1 end,
            last_at = excluded.last_at
        where login_failures.locked_until is null or login_failures.locked_until <= $2
        returning failures
        """,
        email,
        db.now,
        forget_before,
    )


async def lock_login(db: Db, email: str, until: datetime) -> None:
    await db.run("update login_failures set locked_until = $2 where email = $1", email, until)


async def forget_guesses(db: Db, email: str) -> None:
    await db.run("delete from login_failures where email = $1", email)


async def forget_guesses_of(db: Db, user_id: UserId) -> None:
    await db.run("delete from login_failures where email = (select email from users where id = $1)", user_id)


async def insert_session(
    db: Db, session_id: SessionId, org_id: OrgId, user_id: UserId, *, expires_at: datetime
) -> None:
    await db.run(
        """
        insert into sessions (id, org_id, user_id, created_at, expires_at)
        values ($1, $2, $3, $4, $5)
        """,
        session_id,
        org_id,
        user_id,
        db.now,
        expires_at,
    )


async def member_of_session(db: Db, session_id: SessionId) -> Member | None:
    return await db.one(
        Member,
        """
        select s.id as session_id, s.org_id, o.name as org_name, o.slug as org_slug,
               s.user_id, u.email, u.name, u.first_name, u.last_name, m.role, u.created_at,
               coalesce(u.updated_at, u.created_at) as updated_at, u.last_login_at
        from sessions s
        join members m on m.org_id = s.org_id and m.user_id = s.user_id
        join organizations o on o.id = s.org_id
        join users u on u.id = s.user_id
        where s.id = $1 and s.expires_at > $2
        """,
        session_id,
        db.now,
    )


async def delete_session(db: Db, org_id: OrgId, session_id: SessionId) -> int:
    return await db.run("delete from sessions where org_id = $1 and id = $2", org_id, session_id)


async def delete_other_sessions(db: Db, user_id: UserId, *, keep: SessionId) -> int:
    return await db.run("delete from sessions where user_id = $1 and id <> $2", user_id, keep)


async def delete_expired(db: Db, *, guesses_before: datetime) -> None:
    await db.run("delete from sessions where expires_at <= $1", db.now)
    await db.run("delete from login_failures where last_at < $1", guesses_before)
