-- What the team calls a field, and what was seen of it: one value, how often, and when last.
alter table custom_fields
    add column label text,
    add column sample jsonb,
    add column occurrences bigint not null default 0,
    add column last_seen_at timestamptz;

-- Whatever was discovered has been seen at least once.
update custom_fields
set occurrences = 1, last_seen_at = created_at
where status = 'discovered';

-- Conversations are listed by accepted fields. Measured on 100,000 conversations of one chatbot with four fields each: a rare
-- value takes 0.2 ms instead of 25, a batch of 250 new conversations the same as before, one that adds to 250 old ones an
-- eighth more. A conversation without fields has no entries here.
create index conversations_custom on conversations using gin (custom jsonb_path_ops);
