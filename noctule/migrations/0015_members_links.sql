-- People come by invitation and may be in several organizations; a link replaces a forgotten password.
-- A link is kept as the hash of its token. The one in a mail is made by whoever sends the mail, so no job holds it.
alter table members add column last_seen_at timestamptz; -- signed in here, or switched to here

create table invitations (
    id uuid primary key,
    org_id uuid not null references organizations (id) on delete cascade,
    email text collate "C" not null, -- lower case
    role text collate "C" not null check (role in ('owner', 'admin', 'member')),
    link_hash bytea not null unique, -- of the link that whoever invited was shown
    mail_hash bytea unique,
    invited_by uuid references users (id) on delete set null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    mailed_at timestamptz,
    unique (org_id, email)
);
create index invitations_expiry on invitations (expires_at);

create table password_resets (
    token_hash bytea primary key,
    user_id uuid not null references users (id) on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index password_resets_user on password_resets (user_id);
create index password_resets_expiry on password_resets (expires_at);
create index sessions_user on sessions (user_id);
