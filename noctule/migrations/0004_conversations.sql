-- What was said. The conversation row is also the queue of the analysers: analysis_due_at says when it is to be judged.
create table conversations (
    chatbot_id uuid not null references chatbots (id) on delete cascade,
    id uuid not null,
    external_id text collate "C" not null,
    external_user_id text collate "C",
    source text collate "C" not null,
    message_count integer not null,
    first_message_at timestamptz not null,
    last_message_at timestamptz not null,
    last_received_at timestamptz not null,
    created_at timestamptz not null,
    person jsonb not null,
    organization jsonb not null,
    session jsonb not null,
    custom jsonb not null,
    analysis_due_at timestamptz,
    primary key (chatbot_id, id),
    unique (chatbot_id, external_id)
);
create index conversations_latest on conversations (chatbot_id, last_message_at desc, id desc);
create index conversations_due on conversations (analysis_due_at) where analysis_due_at is not null;

create table messages (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    id uuid not null,
    role text collate "C" not null check (role in ('user', 'assistant', 'system')),
    content text not null,
    external_id text collate "C",
    sent_at timestamptz,
    received_at timestamptz not null,
    -- The place in the transcript: time first, then the user before the assistant, then the order of arrival (id).
    placed_at timestamptz not null,
    placed_rank smallint not null,
    -- 16 bytes by which a repeat is recognised; null where the caller gave nothing to recognise it by.
    fingerprint bytea,
    evidence jsonb,
    primary key (chatbot_id, conversation_id, id),
    unique (chatbot_id, conversation_id, fingerprint),
    foreign key (chatbot_id, conversation_id) references conversations (chatbot_id, id) on delete cascade
);
