"""Who is in an organization, and which organizations a person is in."""

from uuid import UUID

from noctule.accounts.models import Colleague, Membership, OpenSession, OrgId, Role, SessionId, UserId
from noctule.base.db import Db


async def lock_organization(db: Db, org_id: OrgId) -> None:
    """One change of who may do what at a time: two owners must not lower each other."""
    await db.run("select id from organizations where id = $1 for no key update", org_id)


async def rename_organization(db: Db, org_id: OrgId, name: str) -> None:
    await db.run("update organizations set name = $2 where id = $1", org_id, name)


async def role_of(db: Db, org_id: OrgId, user_id: UserId) -> Role | None:
    """The membership stays at least until we commit."""
    return await db.value(
        """
        select role
        from members
        where org_id = $1 and user_id = $2
        for key share
        """,
        org_id,
        user_id,
    )


async def members_of(db: Db, org_id: OrgId) -> list[Colleague]:
    return await db.all(
        Colleague,
        """
        select m.user_id, u.email, u.name, m.role, m.created_at as joined_at, m.last_seen_at
        from members m
        join users u on u.id = m.user_id
        where m.org_id = $1
        order by m.created_at, m.user_id
        """,
        org_id,
    )


async def member_of(db: Db, org_id: OrgId, user_id: UUID) -> Colleague | None:
    return await db.one(
        Colleague,
        """
        select m.user_id, u.email, u.name, m.role, m.created_at as joined_at, m.last_seen_at
        from members m
        join users u on u.id = m.user_id
        where m.org_id = $1 and m.user_id = $2
        """,
        org_id,
        user_id,
    )


async def has_member(db: Db, org_id: OrgId, email: str) -> bool:
    return await db.value(
        """
        select exists (
            select 1
            from members m
            join users u on u.id = m.user_id
            where m.org_id = $1 and u.email = $2
        )
        """,
        org_id,
        email,
    )


async def owners_besides(db: Db, org_id: OrgId, user_id: UserId) -> int:
    return await db.value(
        "select count(*) from members where org_id = $1 and user_id <> $2 and role = 'owner'", org_id, user_id
    )


async def add_member(db: Db, org_id: OrgId, user_id: UserId, role: Role) -> None:
    """Whoever is in it already keeps the role he has."""
    await db.run(
        """
        insert into members (org_id, user_id, role, created_at)
        values ($1, $2, $3, $4)
        on conflict (org_id, user_id) do nothing
        """,
        org_id,
        user_id,
        role,
        db.now,
    )


async def set_role(db: Db, org_id: OrgId, user_id: UserId, role: Role) -> None:
    await db.run("update members set role = $3 where org_id = $1 and user_id = $2", org_id, user_id, role)


async def remove_member(db: Db, org_id: OrgId, user_id: UserId) -> None:
    """The person's sessions in this organization go with it."""
    await db.run("delete from members where org_id = $1 and user_id = $2", org_id, user_id)


async def memberships_of(db: Db, user_id: UserId) -> list[Membership]:
    return await db.all(
        Membership,
        """
        select o.id, o.name, o.slug, m.role
        from members m
        join organizations o on o.id = m.org_id
        where m.user_id = $1
        order by o.name, o.id
        """,
        user_id,
    )


async def note_seen(db: Db, org_id: OrgId, user_id: UserId) -> None:
    await db.run("update members set last_seen_at = $3 where org_id = $1 and user_id = $2", org_id, user_id, db.now)


async def move_session(db: Db, session_id: SessionId, user_id: UserId, *, org_id: OrgId) -> None:
    await db.run(
        "update sessions set org_id = $3 where id = $1 and user_id = $2",
        session_id,
        user_id,
        org_id,
    )


async def sessions_of(db: Db, user_id: UserId) -> list[OpenSession]:
    return await db.all(
        OpenSession,
        """
        select s.id, o.name as org_name, s.created_at, s.expires_at
        from sessions s
        join organizations o on o.id = s.org_id
        where s.user_id = $1 and s.expires_at > $2
        order by s.created_at desc, s.id desc
        """,
        user_id,
        db.now,
    )


async def end_sessions(db: Db, user_id: UserId) -> int:
    return await db.run("delete from sessions where user_id = $1", user_id)
