-- Which columns of the list of conversations a person wants to see, in their order; without a row the usual ones.
create table list_columns (
    chatbot_id uuid not null references chatbots (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    columns text[] not null,
    primary key (chatbot_id, user_id)
);
