-- What came in, by the hour in which it was acknowledged. Each lane that stores has rows of its own, so that none waits for
-- another.
create table arrivals (
    chatbot_id uuid not null references chatbots (id) on delete cascade,
    hour timestamptz not null,
    lane uuid not null,
    accepted integer not null, -- messages in requests that were acknowledged
    stored integer not null, -- of those, the ones that were not there already
    primary key (chatbot_id, hour, lane)
);

-- Ids grow with the hour in which a row was made, and rows of one hour lie together.
create index messages_made on messages using brin (id) with (autosummarize = on);
