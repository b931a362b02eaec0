-- The conversations that felt worst, the worst first: of a year of them only a few are looked at. On a million conversations it
-- is made in some seconds, in which no judgement is written.
create index conversation_facts_worst on conversation_facts (chatbot_id, ((facts ->> 'score')::double precision), began_at)
    where (facts ->> 'score')::double precision < -0.2;
