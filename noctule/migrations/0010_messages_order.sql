-- A long transcript is read in stretches, in its own order and from any place.
create index messages_in_order on messages (chatbot_id, conversation_id, placed_at, placed_rank, id);
