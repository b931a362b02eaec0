-- All signals of a conversation and of each message; what was not judged is null.
alter table conversation_judgements
    add column intent_confidence double precision,
    add column dissatisfaction double precision,
    add column outcome text collate "C",
    add column outcome_reason text,
    add column unresolved_probability double precision,
    add column flags jsonb not null default '[]', -- [{name, confidence, reason}]
    add column unanswered boolean,
    add column title text,
    add column summary text;

alter table message_judgements
    alter column sentiment drop not null,
    add column dissatisfaction double precision,
    add column flags jsonb not null default '[]',
    add column behavior text collate "C",
    add column behavior_confidence double precision,
    add column behavior_reason text,
    add column outcome text collate "C",
    add column quality jsonb; -- six marks and their weighted mean
