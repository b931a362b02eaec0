-- What a person says instead of what was judged: kept as it was said, whoever judges again. Of a flag the signal is
-- `flags.<name>`. `was` is what stood there when it was said; what would stand there without it now is in `by_human`.
create table conversation_corrections (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    signal text collate "C" not null,
    value jsonb not null,
    was jsonb not null,
    was_by text not null,
    corrected_by uuid references users (id) on delete set null,
    corrected_at timestamptz not null,
    primary key (chatbot_id, conversation_id, signal),
    foreign key (chatbot_id, conversation_id) references conversations (chatbot_id, id) on delete cascade
);

alter table conversation_judgements add column by_human jsonb not null default '{}';
