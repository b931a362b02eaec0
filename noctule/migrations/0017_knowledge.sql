-- What agents answer from: sources, the passages cut from them, and the index by which passages are found.
create extension if not exists vector;

create table sources (
    chatbot_id uuid not null references chatbots (id) on delete cascade,
    id uuid not null,
    external_id text collate "C",
    kind text collate "C" not null check (kind in ('text', 'qna', 'url', 'file')),
    title text,
    url text,
    text text not null, -- what passages are cut from; empty until a page or a file has been read
    language text collate "C",
    revision integer not null, -- grows when the content changes
    trained_revision integer, -- the one whose passages stand in the index
    problem text, -- why the last training could not read it
    passages integer not null default 0,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    trained_at timestamptz,
    primary key (chatbot_id, id),
    unique (chatbot_id, external_id)
);
create index sources_waiting on sources (chatbot_id, id) where trained_revision is distinct from revision and problem is null;

-- A file as it came, until it has been read.
create table source_files (
    chatbot_id uuid not null,
    source_id uuid not null,
    name text not null,
    content bytea not null,
    primary key (chatbot_id, source_id),
    foreign key (chatbot_id, source_id) references sources (chatbot_id, id) on delete cascade
);

-- One row for each chatbot that has an index. Searches see the passages of `version`; training builds the next one beside it.
create table knowledge (
    chatbot_id uuid primary key references chatbots (id) on delete cascade,
    version integer not null,
    previous integer, -- the version a roll-back leads to
    newest integer not null, -- the highest version ever built, so that none is built twice
    next_passage integer not null,
    next_segment integer not null,
    passages integer not null, -- in `version`
    dead integer not null, -- numbers in postings that no passage has any more
    languages text[] not null,
    job_id uuid, -- the last training that was asked for
    builder_id uuid, -- the training that works now
    builder_until timestamptz,
    updated_at timestamptz not null
);

create table passages (
    chatbot_id uuid not null,
    number integer not null,
    source_id uuid not null,
    born integer not null, -- the first version that has it
    died integer, -- the first version that has it no more
    heading text not null,
    begins integer not null, -- characters of the source's text
    ends integer not null,
    text text not null,
    language text collate "C",
    digest bytea not null,
    primary key (chatbot_id, number),
    foreign key (chatbot_id, source_id) references sources (chatbot_id, id) on delete cascade
);
create index passages_of_source on passages (chatbot_id, source_id);
create index passages_by_digest on passages (chatbot_id, digest);

-- Which passages hold a term, six bytes for each: its number, how often, and its length in words. Segments are written once
-- and joined end to end later.
create table terms (
    chatbot_id uuid not null references chatbots (id) on delete cascade,
    term text collate "C" not null,
    segment integer not null,
    documents integer not null,
    postings bytea not null,
    primary key (chatbot_id, term, segment)
);

-- By content and not by passage: what has not changed is not embedded again.
create table vectors (
    chatbot_id uuid not null references chatbots (id) on delete cascade,
    digest bytea not null,
    embedding halfvec(384) not null,
    primary key (chatbot_id, digest)
);
create index vectors_nearest on vectors using hnsw (embedding halfvec_cosine_ops);
