-- Work that is kept in the same database as the change that causes it.
create table jobs (
    id uuid primary key,
    handler text collate "C" not null,
    key text collate "C",
    args jsonb not null,
    state text collate "C" not null check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
    attempts smallint not null default 0,
    run_at timestamptz not null,
    leased_until timestamptz,
    done bigint not null default 0,
    total bigint,
    error text,
    created_at timestamptz not null,
    finished_at timestamptz
);

-- One waiting entry per key: enqueueing again while it waits changes nothing, while it runs adds one more.
create unique index jobs_waiting_key on jobs (handler, key) where state = 'queued' and key is not null;
create index jobs_next on jobs (run_at) where state in ('queued', 'running');
