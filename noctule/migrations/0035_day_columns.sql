-- The facts of the conversations that began on a day that is over, one row for each thing that is known of them: its values, and
-- for each conversation which of these it has. So a filter over a year reads the few things that it asks for. Made anew with the
-- figures of the day; where a day has none yet, conversations are read one by one.
create table day_columns (
    chatbot_id uuid not null references chatbots (id) on delete cascade,
    name text collate "C" not null,
    day date not null,
    known bytea not null,
    codes bytea not null,
    primary key (chatbot_id, name, day)
);
alter table day_columns alter column known set storage external;
alter table day_columns alter column codes set storage external;
