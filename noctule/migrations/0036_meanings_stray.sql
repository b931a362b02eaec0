-- Conversations that fit no topic, to be counted without reading their vectors. On a million conversations it is made in some
-- seconds, in which no vector is written.
create index conversation_meanings_stray on conversation_meanings (chatbot_id) where topic_id is null and vector is not null;
