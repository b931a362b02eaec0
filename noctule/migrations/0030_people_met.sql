-- Conversations that were stored before people were known: whom they were with is told by a job. Those of people who were
-- deleted since are younger and stay nobody's.
insert into jobs (id, handler, key, args, state, run_at, created_at)
select md5('meet' || c.chatbot_id)::uuid, 'meet_people', 'meet_people:' || c.chatbot_id,
       jsonb_build_object('chatbot_id', c.chatbot_id, 'until', m.applied_at), 'queued', 'epoch', 'epoch'
from (select distinct chatbot_id from conversations) c
cross join (select max(applied_at) as applied_at from schema_migrations where name = '0012_people.sql') m;
