-- The chatbots of an organization, and the custom fields their conversations carry.
create table chatbots (
    id uuid primary key,
    org_id uuid not null references organizations (id) on delete cascade,
    name text not null,
    key_prefix text not null,
    key_hash bytea not null unique,
    settings jsonb not null,
    created_by uuid references users (id) on delete set null,
    created_at timestamptz not null
);
create index chatbots_org on chatbots (org_id, created_at, id);

create table custom_fields (
    chatbot_id uuid not null references chatbots (id) on delete cascade,
    key text collate "C" not null,
    type text collate "C" not null check (type in ('string', 'number', 'boolean')),
    status text collate "C" not null check (status in ('discovered', 'track', 'accept', 'deny')),
    created_at timestamptz not null,
    primary key (chatbot_id, key)
);
