"""All SQL about organizations, people, sessions, keys and the audit log."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from noctule.accounts.models import (
    KeyHolder,
    Member,
    Organization,
    OrganizationKey,
    OrgId,
    Role,
    SessionId,
    User,
    UserId,
)
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
    return await db.value(
        """
        select org_id
        from members
        where user_id = $1
        order by created_at, org_id
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


async def insert_key(db: Db, key: OrganizationKey, *, key_hash: bytes, created_by: UUID) -> None:
    await db.run(
        """
        insert into organization_keys (id, org_id, label, prefix, key_hash, created_by, created_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        """,
        key.id,
        key.org_id,
        key.label,
        key.prefix,
        key_hash,
        created_by,
        key.created_at,
    )


async def keys_of(db: Db, org_id: OrgId) -> list[OrganizationKey]:
    return await db.all(
        OrganizationKey,
        """
        select id, org_id, label, prefix, created_at, last_used_at, revoked_at
        from organization_keys
        where org_id = $1
        order by number
        """,
        org_id,
    )


async def revoke_key(db: Db, org_id: OrgId, key_id: UUID) -> bool:
    """False when there is no such key; revoking twice keeps the first time."""
    return bool(
        await db.run(
            """
            update organization_keys
            set revoked_at = coalesce(revoked_at, $3)
            where org_id = $1 and id = $2
            """,
            org_id,
            key_id,
            db.now,
        )
    )


async def holder_of(db: Db, key_hash: bytes) -> KeyHolder | None:
    return await db.one(
        KeyHolder,
        """
        select k.id, k.org_id, o.slug as org_slug
        from organization_keys k
        join organizations o on o.id = k.org_id
        where k.key_hash = $1 and k.revoked_at is null
        """,
        key_hash,
    )


async def revoked_keys(db: Db, org_ids: Sequence[OrgId], key_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the keys that do not open anything any more."""
    return set(
        await db.values(
            """
            select id
            from organization_keys
            where org_id = any($1) and id = any($2) and revoked_at is not null
            """,
            org_ids,
            key_ids,
        )
    )


async def note_key_use(db: Db, org_id: OrgId, key_id: UUID, *, not_after: datetime) -> None:
    """Once a minute is enough: a write per request would cost more than the request."""
    await db.run(
        """
        update organization_keys
        set last_used_at = $3
        where org_id = $1 and id = $2 and (last_used_at is null or last_used_at < $4)
        """,
        org_id,
        key_id,
        db.now,
        not_after,
    )


async def insert_audit(
    db: Db,
    entry_id: UUID,
    org_id: OrgId,
    *,
    actor: tuple[str, UUID],
    action: str,
    target: str,
    details: dict[str, object],
) -> None:
    await db.run(
        """
        insert into audit_log (id, org_id, occurred_at, actor_kind, actor_id, action, target, details)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        entry_id,
        org_id,
        db.now,
        actor[0],
        actor[1],
        action,
        target,
        details,
    )
