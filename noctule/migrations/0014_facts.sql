-- What is known of a conversation once it has been judged, in one value that any filter can ask: the words of a filter are
-- a JSON path over it. The chatbot stands in it too, because the index knows nothing else.
create table conversation_facts (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    began_at timestamptz not null,
    facts jsonb not null,
    primary key (chatbot_id, conversation_id),
    foreign key (chatbot_id, conversation_id) references conversations (chatbot_id, id) on delete cascade
);
create index conversation_facts_said on conversation_facts using gin (facts jsonb_path_ops);

-- Figures of one day (UTC) of a chatbot, of all conversations that began on it (name 'all') and of those with one value of
-- something that is known of them. Never added to: a day is computed anew.
create table day_figures (
    chatbot_id uuid not null references chatbots (id) on delete cascade,
    day date not null,
    name text collate "C" not null,
    value text collate "C" not null,
    conversations integer not null,
    messages bigint not null,
    users integer not null,
    scored integer not null,
    sentiment double precision not null,
    primary key (chatbot_id, day, name, value)
);
create index conversations_begun on conversations (chatbot_id, first_message_at);
-- Of one key, one job runs at a time.
create index jobs_running_key on jobs (handler, key) where state = 'running' and key is not null;
