-- Organizations, the people in them, and what proves who they are.
create table organizations (
    id uuid primary key,
    name text not null,
    slug text collate "C" not null unique,
    created_at timestamptz not null
);

create table users (
    id uuid primary key,
    email text collate "C" not null unique, -- lower case
    name text not null,
    password_hash text not null,
    created_at timestamptz not null,
    last_login_at timestamptz
);

create table members (
    org_id uuid not null references organizations (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    role text collate "C" not null check (role in ('owner', 'admin', 'member')),
    created_at timestamptz not null,
    primary key (org_id, user_id)
);
create index members_user on members (user_id);

create table sessions (
    id uuid primary key,
    org_id uuid not null,
    user_id uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    foreign key (org_id, user_id) references members (org_id, user_id) on delete cascade
);
create index sessions_expiry on sessions (expires_at);

-- Wrong passwords per e-mail, whether or not such an account exists.
create table login_failures (
    email text collate "C" primary key,
    failures integer not null,
    locked_until timestamptz,
    last_at timestamptz not null
);

create table organization_keys (
    id uuid primary key,
    number bigint generated always as identity unique,
    org_id uuid not null references organizations (id) on delete cascade,
    label text not null,
    prefix text not null,
    key_hash bytea not null unique,
    created_by uuid references users (id) on delete set null,
    created_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz
);
create index organization_keys_org on organization_keys (org_id);

create table audit_log (
    id uuid primary key,
    org_id uuid not null references organizations (id) on delete cascade,
    occurred_at timestamptz not null,
    actor_kind text collate "C" not null,
    actor_id uuid,
    action text collate "C" not null,
    target text collate "C" not null,
    details jsonb not null,
    ip text
);
create index audit_log_recent on audit_log (org_id, occurred_at desc, id desc);
