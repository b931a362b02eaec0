"""Links that stand for a person: invitations, and passwords that were forgotten. Kept as hashes of their tokens."""

from datetime import datetime
from uuid import UUID

from noctule.accounts.models import Invitation, OrgId, Role, UserId
from noctule.base.db import Db


async def put_invitation(db: Db, invitation: Invitation, *, link_hash: bytes, invited_by: UserId) -> None:
    """One for each e-mail: an earlier one, and its links, make room."""
    await db.run(
        """
        insert into invitations (id, org_id, email, role, link_hash, invited_by, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (org_id, email) do update
        set id = excluded.id,
            role = excluded.role,
            link_hash = excluded.link_hash,
            mail_hash = null,
            mailed_at = null,
            invited_by = excluded.invited_by,
            created_at = excluded.created_at,
            expires_at = excluded.expires_at
        """,
        invitation.id,
        invitation.org_id,
        invitation.email,
        invitation.role,
        link_hash,
        invited_by,
        invitation.created_at,
        invitation.expires_at,
    )


async def invitations_of(db: Db, org_id: OrgId) -> list[Invitation]:
    """Those that nobody has accepted, also when they have run out."""
    return await db.all(
        Invitation,
        """
        select i.id, i.org_id, o.name as org_name, i.email, i.role, u.name as inviter,
               i.created_at, i.expires_at, i.mailed_at
        from invitations i
        join organizations o on o.id = i.org_id
        left join users u on u.id = i.invited_by
        where i.org_id = $1
        order by i.created_at desc, i.id desc
        """,
        org_id,
    )


async def invitation(db: Db, org_id: OrgId, invitation_id: UUID) -> Invitation | None:
    return await db.one(
        Invitation,
        """
        select i.id, i.org_id, o.name as org_name, i.email, i.role, u.name as inviter,
               i.created_at, i.expires_at, i.mailed_at
        from invitations i
        join organizations o on o.id = i.org_id
        left join users u on u.id = i.invited_by
        where i.org_id = $1 and i.id = $2
        """,
        org_id,
        invitation_id,
    )


async def invitation_with(db: Db, token_hash: bytes) -> Invitation | None:
    """The one that a link opens, while it does."""
    return await db.one(
        Invitation,
        """
        select i.id, i.org_id, o.name as org_name, i.email, i.role, u.name as inviter,
               i.created_at, i.expires_at, i.mailed_at
        from invitations i
        join organizations o on o.id = i.org_id
        left join users u on u.id = i.invited_by
        where (i.link_hash = $1 or i.mail_hash = $1) and i.expires_at > $2
        """,
        token_hash,
        db.now,
    )


async def role_invited(db: Db, org_id: OrgId, email: str) -> Role | None:
    return await db.value("select role from invitations where org_id = $1 and email = $2", org_id, email)


async def invitations_since(db: Db, org_id: OrgId, moment: datetime) -> int:
    """How many were made, whatever became of them."""
    return await db.value(
        """
        select count(*)
        from audit_log
        where org_id = $1 and occurred_at > $2 and action = 'invitation.made'
        """,
        org_id,
        moment,
    )


async def take_invitation(db: Db, org_id: OrgId, invitation_id: UUID) -> bool:
    """Whether it was still there: of two who use it at once, one does."""
    return bool(await db.run("delete from invitations where org_id = $1 and id = $2", org_id, invitation_id))


async def take_invitations_by(db: Db, org_id: OrgId, user_id: UserId) -> int:
    return await db.run("delete from invitations where org_id = $1 and invited_by = $2", org_id, user_id)


async def set_mail_link(db: Db, org_id: OrgId, invitation_id: UUID, *, mail_hash: bytes) -> bool:
    return bool(
        await db.run(
            "update invitations set mail_hash = $3 where org_id = $1 and id = $2", org_id, invitation_id, mail_hash
        )
    )


async def note_mailed(db: Db, org_id: OrgId, invitation_id: UUID) -> None:
    await db.run("update invitations set mailed_at = $3 where org_id = $1 and id = $2", org_id, invitation_id, db.now)


async def insert_reset(db: Db, token_hash: bytes, user_id: UserId, *, expires_at: datetime) -> None:
    await db.run(
        """
        insert into password_resets (token_hash, user_id, created_at, expires_at)
        values ($1, $2, $3, $4)
        """,
        token_hash,
        user_id,
        db.now,
        expires_at,
    )


async def resets_since(db: Db, user_id: UserId, moment: datetime) -> int:
    return await db.value(
        "select count(*) from password_resets where user_id = $1 and created_at > $2", user_id, moment
    )


async def reset_opens(db: Db, token_hash: bytes) -> bool:
    return await db.value(
        "select exists (select 1 from password_resets where token_hash = $1 and expires_at > $2)", token_hash, db.now
    )


async def take_reset(db: Db, token_hash: bytes) -> UserId | None:
    """Whose it was, when it still opened: of two who use it at once, one does."""
    return await db.value(
        """
        delete from password_resets
        where token_hash = $1 and expires_at > $2
        returning user_id
        """,
        token_hash,
        db.now,
    )


async def forget_resets(db: Db, user_id: UserId) -> None:
    await db.run("delete from password_resets where user_id = $1", user_id)


async def delete_expired_links(db: Db, *, invitations_before: datetime) -> None:
    await db.run("delete from invitations where expires_at < $1", invitations_before)
    await db.run("delete from password_resets where expires_at <= $1", db.now)
