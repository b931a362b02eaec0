-- What a batch stores comes as arrays of these: half the work, on both sides, of an array for each column.
create type conversation_row as (
    chatbot_id uuid,
    id uuid,
    external_id text,
    external_user_id text,
    source text,
    message_count int,
    first_message_at timestamptz,
    last_message_at timestamptz,
    last_received_at timestamptz,
    ended_at timestamptz,
    reopened int,
    analysis_due_at timestamptz,
    person_id uuid,
    company_id uuid
);

create type message_row as (
    chatbot_id uuid,
    conversation_id uuid,
    id uuid,
    role text,
    content text,
    external_id text,
    sent_at timestamptz,
    received_at timestamptz,
    placed_at timestamptz,
    placed_rank smallint,
    fingerprint bytea,
    evidence text
);
