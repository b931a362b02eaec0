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
