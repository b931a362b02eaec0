-- How many people began a conversation in some days is answered by the index alone.
drop index conversations_begun;
create index conversations_begun on conversations (chatbot_id, first_message_at) include (person_id);
