-- What people say of a conversation that they have read: that it needs nobody any more, and notes for each other.
create table conversation_reviews (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    reviewed_by uuid references users (id) on delete set null,
    reviewed_at timestamptz not null,
    primary key (chatbot_id, conversation_id),
    foreign key (chatbot_id, conversation_id) references conversations (chatbot_id, id) on delete cascade
);

create table conversation_notes (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    id uuid not null,
    text text not null,
    written_by uuid references users (id) on delete set null,
    written_at timestamptz not null,
    primary key (chatbot_id, conversation_id, id),
    foreign key (chatbot_id, conversation_id) references conversations (chatbot_id, id) on delete cascade
);
