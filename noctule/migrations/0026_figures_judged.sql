-- Figures of a day tell how its conversations went, for each value of what is known of them: sentiment, outcome and
-- dissatisfaction of those of one topic, one intent, one behaviour.
alter table day_figures
    add column analysed integer not null default 0,
    add column ended integer not null default 0, -- are over, and have an outcome
    add column resolved integer not null default 0, -- of those
    add column rated integer not null default 0, -- have a dissatisfaction
    add column dissatisfied integer not null default 0, -- of those
    add column dissatisfaction double precision not null default 0, -- sum of theirs
    add column mark double precision not null default 0, -- of quality: sum of their marks
    drop constraint day_figures_pkey,
    add primary key (chatbot_id, name, day, value); -- one name of many days is read, and hardly ever all of one day

-- How messages felt, by the day (UTC) on which they were said; kept under the day on which their conversation began, because
-- with that day they are computed anew.
create table day_feelings (
    chatbot_id uuid not null references chatbots (id) on delete cascade,
    day date not null,
    said_on date not null,
    label text collate "C" not null,
    messages integer not null,
    sentiment double precision not null,
    primary key (chatbot_id, day, said_on, label)
);
create index day_feelings_said on day_feelings (chatbot_id, said_on);

create index message_judgements_unhappy on message_judgements (chatbot_id, said_at desc, message_id desc)
    where dissatisfaction >= 0.5 or flags @> '[{"name": "frustrated_user"}]';

create index conversation_facts_began on conversation_facts (chatbot_id, began_at);

-- Facts now hold behaviours and marks: all are told anew, and each day is computed after them. Until then it is counted.
insert into jobs (id, handler, args, state, run_at, created_at)
select md5('facts' || chatbot_id || part)::uuid, 'facts_changed',
       jsonb_build_object('chatbot_id', chatbot_id, 'conversation_ids', jsonb_agg(id)), 'queued', 'epoch', 'epoch'
from (select chatbot_id, id, row_number() over (partition by chatbot_id order by id) / 500 as part from conversations) c
group by chatbot_id, part;

insert into jobs (id, handler, key, args, state, run_at, created_at)
select md5('day' || chatbot_id || day)::uuid, 'day_changed', chatbot_id || ':' || day,
       jsonb_build_object('chatbot_id', chatbot_id, 'day', day), 'queued', 'epoch', 'epoch'
from (select distinct chatbot_id, (first_message_at at time zone 'UTC')::date as day from conversations) c
on conflict (handler, key) where state = 'queued' and key is not null do nothing;
