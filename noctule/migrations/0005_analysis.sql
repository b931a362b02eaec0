-- What the analysers say of a conversation and of each message: who judged it, why, and how much it had read.
create table conversation_judgements (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    status text collate "C" not null check (status in ('done', 'failed')),
    final boolean not null,
    judged_by text collate "C" not null,
    judged_at timestamptz not null,
    messages_judged integer not null,
    attempts smallint not null default 0,
    language text collate "C",
    language_confidence double precision,
    sentiment double precision,
    reason text not null,
    primary key (chatbot_id, conversation_id),
    foreign key (chatbot_id, conversation_id) references conversations (chatbot_id, id) on delete cascade
);

create table message_judgements (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    message_id uuid not null,
    said_at timestamptz not null,
    judged_by text collate "C" not null,
    sentiment double precision not null,
    chunks jsonb not null, -- [{score, text_chunk, start, end, reasoning}]
    primary key (chatbot_id, conversation_id, message_id),
    foreign key (chatbot_id, conversation_id, message_id) references messages (chatbot_id, conversation_id, id) on delete cascade
);
create index message_judgements_day on message_judgements (chatbot_id, said_at);
