-- What is left of a rate, over all web processes. Not worth a log: after a crash of PostgreSQL every rate begins anew.
create unlogged table rate_buckets (
    key bytea primary key, -- a hash of what is counted: a key, a network, a visitor of a chatbot
    tokens double precision not null, -- requests that may still come, without those that processes keep ready
    counted_at timestamptz not null,
    leases jsonb not null -- process → how many it keeps ready, and until when they count
) with (fillfactor = 50);
