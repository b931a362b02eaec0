-- Whom chatbots talk with: people, and the companies (customer organizations) they belong to. The handle is by what one is
-- known who has no id: the address of a person, the name of a company. Figures are renewed when standing_due_at has come.
create table companies (
    chatbot_id uuid not null references chatbots (id) on delete cascade,
    id uuid not null,
    external_id text collate "C",
    handle text collate "C",
    traits jsonb not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    people integer not null default 0,
    conversations integer not null default 0,
    messages integer not null default 0,
    sentiment double precision,
    standing_due_at timestamptz,
    created_at timestamptz not null,
    primary key (chatbot_id, id),
    unique (chatbot_id, external_id)
);
create unique index companies_without_id on companies (chatbot_id, handle) where external_id is null;
create index companies_by_handle on companies (chatbot_id, handle, id);
create index companies_due on companies (standing_due_at) where standing_due_at is not null;

create table people (
    chatbot_id uuid not null references chatbots (id) on delete cascade,
    id uuid not null,
    external_id text collate "C",
    handle text collate "C",
    traits jsonb not null,
    company_id uuid,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    conversations integer not null default 0,
    messages integer not null default 0,
    sentiment double precision,
    standing_due_at timestamptz,
    created_at timestamptz not null,
    primary key (chatbot_id, id),
    unique (chatbot_id, external_id)
);
create unique index people_without_id on people (chatbot_id, handle) where external_id is null;
create index people_by_handle on people (chatbot_id, handle, id);
create index people_due on people (standing_due_at) where standing_due_at is not null;

alter table conversations
    add column person_id uuid,
    add column company_id uuid;
create index conversations_of_person on conversations (chatbot_id, person_id) where person_id is not null;
create index conversations_of_company on conversations (chatbot_id, company_id) where company_id is not null;
