-- The words of messages, in lower case and without accents, with their places; and the chatbot as one more word, so that the
-- index finds what belongs to it. Written by the workers after a conversation was stored, never while somebody waits.
create table message_words (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    message_id uuid not null,
    role text collate "C" not null,
    said_at timestamptz not null,
    words tsvector not null,
    primary key (chatbot_id, conversation_id, message_id),
    foreign key (chatbot_id, conversation_id, message_id) references messages (chatbot_id, conversation_id, id)
        on delete cascade
);
create index message_words_said on message_words using gin (words);
create index message_words_latest on message_words (chatbot_id, said_at desc, message_id desc);
