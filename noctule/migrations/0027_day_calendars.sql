-- In which time zone the figures of days of a chatbot were counted; without a row in UTC, empty while they are of several. Where
-- the chatbot has another one by now, they wait to be counted anew.
create table day_calendars (
    chatbot_id uuid primary key references chatbots (id) on delete cascade,
    zone text collate "C" not null
);
