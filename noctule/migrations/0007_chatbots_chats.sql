-- The chats of an organization, sent with its own key, live in one chatbot, made when the first chat comes.
alter table chatbots
    add column for_chats boolean not null default false;
create unique index chatbots_for_chats on chatbots (org_id) where for_chats;
-- A worker's claim has a mark of its own, and a count of changes tells whether what it read is still all there is.
alter table conversations
    add column revision integer not null default 0,
    add column analysis_leased_until timestamptz;
-- Which revision of its conversation a judgement has read.
alter table conversation_judgements
    add column revision integer not null default 0;
