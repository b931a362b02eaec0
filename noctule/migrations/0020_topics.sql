-- What conversations are about: topics, and of each conversation the vector that says how near it is to which.
create table topics (
    chatbot_id uuid not null references chatbots (id) on delete cascade,
    id uuid not null,
    phrases text[] not null, -- that set it apart; the first is its name until somebody gives it another
    given_name text,
    centres bytea not null, -- 384 signed bytes each; several where topics were merged
    pinned boolean not null default false, -- grouping leaves it and its conversations alone
    hidden boolean not null default false,
    came_from uuid[] not null default '{}', -- the topics that its conversations were in before
    successor_id uuid, -- of a topic that has ended
    x double precision not null,
    y double precision not null,
    created_at timestamptz not null,
    ended_at timestamptz,
    primary key (chatbot_id, id),
    foreign key (chatbot_id, successor_id) references topics (chatbot_id, id)
);

create table conversation_meanings (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    revision integer not null, -- of the conversation, as it was read
    vector bytea, -- 384 signed bytes; null where the user said nothing that tells, or in a language that the model does not know
    topic_id uuid, -- null: fits nowhere so far
    likeness real, -- to the centre of its topic
    primary key (chatbot_id, conversation_id),
    foreign key (chatbot_id, conversation_id) references conversations (chatbot_id, id) on delete cascade,
    foreign key (chatbot_id, topic_id) references topics (chatbot_id, id)
);
create index conversation_meanings_topic on conversation_meanings (chatbot_id, topic_id, likeness);

-- Judged, and its vector not made yet or of an older revision.
create table meanings_due (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    revision integer not null,
    primary key (chatbot_id, conversation_id),
    foreign key (chatbot_id, conversation_id) references conversations (chatbot_id, id) on delete cascade
);
insert into meanings_due (chatbot_id, conversation_id, revision)
select chatbot_id, conversation_id, revision
from conversation_judgements
where status = 'done';

-- One row for each chatbot that has vectors; whoever changes its topics holds it.
create table groupings (
    chatbot_id uuid primary key references chatbots (id) on delete cascade,
    edition integer not null, -- grows with every change of the topics
    grouped_at timestamptz, -- of everything
    vectors integer not null, -- at that time
    strays integer not null, -- that fitted nowhere when groups were last looked for among them
    job_id uuid -- the last grouping that was asked for
);
