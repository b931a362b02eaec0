-- A name for a filter: the query string of a list or of the overview, for one person or for everybody.
create table saved_views (
    chatbot_id uuid not null references chatbots (id) on delete cascade,
    id uuid not null,
    page text collate "C" not null check (page in ('conversations', 'overview')),
    name text not null,
    query text not null,
    shared boolean not null,
    saved_by uuid references users (id) on delete set null,
    created_at timestamptz not null,
    primary key (chatbot_id, id)
);
