-- Signals that a chatbot did not want when a conversation was judged: their null is no missing judgement.
alter table conversation_judgements add column switched_off jsonb not null default '[]';
-- Those that could not be judged, to be listed; there are few.
create index conversation_judgements_failed on conversation_judgements (chatbot_id, judged_at) where status = 'failed';
