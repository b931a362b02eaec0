-- A chatbot is pending until something was stored for the first time, and archived until it is restored.
alter table chatbots
    add column activated_at timestamptz,
    add column archived_at timestamptz;

-- Ids grow with time: the first by id is the oldest.
update chatbots
set activated_at = (
    select c.created_at
    from conversations c
    where c.chatbot_id = chatbots.id
    order by c.id
    limit 1
);
