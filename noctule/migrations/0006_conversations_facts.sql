-- A conversation may have a name, tags, what its request headers told, and what its caller says of it: how it went.
-- It ends when its caller says so or when nobody has written for a while; a late message opens it again.
alter table conversations
    add column number bigint generated always as identity,
    add column title text,
    add column tags jsonb not null default '[]',
    add column enrichment jsonb not null default '{}',
    add column stated jsonb not null default '{}',
    add column ended_at timestamptz,
    add column reopened integer not null default 0,
    add unique (chatbot_id, number);

alter table messages
    add column number bigint generated always as identity;

-- What the caller states of a conversation counts before what we judge; by_caller lists the names of such signals.
alter table conversation_judgements
    add column intent text,
    add column escalated boolean,
    add column by_caller jsonb not null default '[]';
create index conversation_judgements_stated on conversation_judgements (chatbot_id) where by_caller ? 'sentiment';
