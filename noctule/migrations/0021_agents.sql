-- Agents: how sure one must be to answer, what people thought of its answers, who left an address, and who hears of it.
create table agents (
    chatbot_id uuid primary key references chatbots (id) on delete cascade,
    threshold double precision, -- of trust, below which it refuses; null until the first calibration
    curve jsonb not null, -- [{threshold, coverage, risk}]
    questions integer not null, -- that the calibration has asked
    version integer, -- of the index that was calibrated
    calibrated_at timestamptz,
    changed_at timestamptz not null
);

create table feedback (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    message_id uuid not null,
    thumb smallint not null check (thumb in (-1, 1)),
    given_at timestamptz not null,
    primary key (chatbot_id, conversation_id, message_id),
    foreign key (chatbot_id, conversation_id, message_id) references messages (chatbot_id, conversation_id, id) on delete cascade
);

-- A contact is a person, with values for the attributes that the team has declared.
alter table people
    add column attributes jsonb not null default '{}',
    add column changed_at timestamptz;

create table contact_attributes (
    chatbot_id uuid not null references chatbots (id) on delete cascade,
    name text collate "C" not null,
    type text collate "C" not null check (type in ('text', 'number', 'boolean', 'date')),
    label text not null,
    description text,
    archived boolean not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (chatbot_id, name)
);

create table leads (
    chatbot_id uuid not null references chatbots (id) on delete cascade,
    id uuid not null,
    person_id uuid,
    conversation text collate "C", -- as its caller names it
    name text,
    email text,
    phone text,
    created_at timestamptz not null,
    primary key (chatbot_id, id)
);
create index leads_latest on leads (chatbot_id, created_at desc, id desc);

-- Who is told of an event, and each telling of it. The secret signs, so it cannot be a hash.
create table webhooks (
    chatbot_id uuid not null references chatbots (id) on delete cascade,
    id uuid not null,
    url text not null,
    secret text not null,
    events text[] not null,
    created_at timestamptz not null,
    primary key (chatbot_id, id)
);

create table deliveries (
    chatbot_id uuid not null,
    id uuid not null,
    webhook_id uuid not null,
    event text collate "C" not null,
    body text not null,
    attempts integer not null default 0,
    status integer, -- of the last answer
    problem text,
    created_at timestamptz not null,
    delivered_at timestamptz,
    primary key (chatbot_id, id),
    foreign key (chatbot_id, webhook_id) references webhooks (chatbot_id, id) on delete cascade
);
create index deliveries_latest on deliveries (chatbot_id, created_at desc, id desc);
