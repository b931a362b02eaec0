-- A job may work for an organization, which then may watch it and stop it; a job without an owner is the server's own.
alter table jobs
    add column owner_id uuid references organizations (id) on delete cascade,
    add column result jsonb;

-- A file on its way in, in pieces of about a megabyte: kept here, so that any worker can read it and nothing is lost
-- when one dies. It goes when its job has ended.
create table import_chunks (
    chatbot_id uuid not null references chatbots (id) on delete cascade,
    job_id uuid not null,
    number integer not null,
    content bytea not null,
    created_at timestamptz not null,
    primary key (chatbot_id, job_id, number)
);
