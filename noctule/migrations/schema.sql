-- Generated from the catalogue after all migrations; do not edit. See tests/schema.py.
create table agents (
    chatbot_id uuid not null,
    threshold double precision,
    curve jsonb not null,
    questions integer not null,
    version integer,
    calibrated_at timestamp with time zone,
    changed_at timestamp with time zone not null,
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id)
);

create table arrivals (
    chatbot_id uuid not null,
    hour timestamp with time zone not null,
    lane uuid not null,
    accepted integer not null,
    stored integer not null,
    deleted integer default 0,
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, hour, lane)
);

create table audit_log (
    id uuid not null,
    org_id uuid not null,
    occurred_at timestamp with time zone not null,
    actor_kind text collate "C" not null,
    actor_id uuid,
    action text collate "C" not null,
    target text collate "C" not null,
    details jsonb not null,
    ip text,
    FOREIGN KEY (org_id) REFERENCES organizations(id) ON DELETE CASCADE,
    PRIMARY KEY (id)
);

create table chatbots (
    id uuid not null,
    org_id uuid not null,
    name text not null,
    key_prefix text not null,
    key_hash bytea not null,
    settings jsonb not null,
    created_by uuid,
    created_at timestamp with time zone not null,
    for_chats boolean not null default false,
    activated_at timestamp with time zone,
    archived_at timestamp with time zone,
    FOREIGN KEY (created_by) REFERENCES users(id) ON DELETE SET NULL,
    FOREIGN KEY (org_id) REFERENCES organizations(id) ON DELETE CASCADE,
    PRIMARY KEY (id),
    UNIQUE (key_hash)
);

create table companies (
    chatbot_id uuid not null,
    id uuid not null,
    external_id text collate "C",
    handle text collate "C",
    traits jsonb not null,
    first_seen_at timestamp with time zone not null,
    last_seen_at timestamp with time zone not null,
    people integer not null default 0,
    conversations integer not null default 0,
    messages integer not null default 0,
    sentiment double precision,
    standing_due_at timestamp with time zone,
    created_at timestamp with time zone not null,
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, id),
    UNIQUE (chatbot_id, external_id)
);

create table contact_attributes (
    chatbot_id uuid not null,
    name text collate "C" not null,
    type text collate "C" not null,
    label text not null,
    description text,
    archived boolean not null,
    created_at timestamp with time zone not null,
    updated_at timestamp with time zone not null,
    CHECK ((type = ANY (ARRAY['text'::text, 'number'::text, 'boolean'::text, 'date'::text]))),
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, name)
);

create table conversation_corrections (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    signal text collate "C" not null,
    value jsonb not null,
    was jsonb not null,
    was_by text not null,
    corrected_by uuid,
    corrected_at timestamp with time zone not null,
    FOREIGN KEY (chatbot_id, conversation_id) REFERENCES conversations(chatbot_id, id) ON DELETE CASCADE,
    FOREIGN KEY (corrected_by) REFERENCES users(id) ON DELETE SET NULL,
    PRIMARY KEY (chatbot_id, conversation_id, signal)
);

create table conversation_facts (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    began_at timestamp with time zone not null,
    facts jsonb not null,
    FOREIGN KEY (chatbot_id, conversation_id) REFERENCES conversations(chatbot_id, id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, conversation_id)
);

create table conversation_judgements (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    status text collate "C" not null,
    final boolean not null,
    judged_by text collate "C" not null,
    judged_at timestamp with time zone not null,
    messages_judged integer not null,
    attempts smallint not null default 0,
    language text collate "C",
    language_confidence double precision,
    sentiment double precision,
    reason text not null,
    intent text,
    escalated boolean,
    by_caller jsonb not null default '[]'::jsonb,
    revision integer not null default 0,
    intent_confidence double precision,
    dissatisfaction double precision,
    outcome text collate "C",
    outcome_reason text,
    unresolved_probability double precision,
    flags jsonb not null default '[]'::jsonb,
    unanswered boolean,
    title text,
    summary text,
    by_human jsonb not null default '{}'::jsonb,
    switched_off jsonb not null default '[]'::jsonb,
    CHECK ((status = ANY (ARRAY['done'::text, 'failed'::text]))),
    FOREIGN KEY (chatbot_id, conversation_id) REFERENCES conversations(chatbot_id, id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, conversation_id)
);

create table conversation_meanings (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    revision integer not null,
    vector bytea,
    topic_id uuid,
    likeness real,
    FOREIGN KEY (chatbot_id, conversation_id) REFERENCES conversations(chatbot_id, id) ON DELETE CASCADE,
    FOREIGN KEY (chatbot_id, topic_id) REFERENCES topics(chatbot_id, id),
    PRIMARY KEY (chatbot_id, conversation_id)
);

create table conversation_notes (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    id uuid not null,
    text text not null,
    written_by uuid,
    written_at timestamp with time zone not null,
    FOREIGN KEY (chatbot_id, conversation_id) REFERENCES conversations(chatbot_id, id) ON DELETE CASCADE,
    FOREIGN KEY (written_by) REFERENCES users(id) ON DELETE SET NULL,
    PRIMARY KEY (chatbot_id, conversation_id, id)
);

create table conversation_reviews (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    reviewed_by uuid,
    reviewed_at timestamp with time zone not null,
    FOREIGN KEY (chatbot_id, conversation_id) REFERENCES conversations(chatbot_id, id) ON DELETE CASCADE,
    FOREIGN KEY (reviewed_by) REFERENCES users(id) ON DELETE SET NULL,
    PRIMARY KEY (chatbot_id, conversation_id)
);

create type conversation_row as (
    chatbot_id uuid,
    id uuid,
    external_id text,
    external_user_id text,
    source text,
    message_count integer,
    first_message_at timestamp with time zone,
    last_message_at timestamp with time zone,
    last_received_at timestamp with time zone,
    ended_at timestamp with time zone,
    reopened integer,
    analysis_due_at timestamp with time zone,
    person_id uuid,
    company_id uuid
);

create table conversations (
    chatbot_id uuid not null,
    id uuid not null,
    external_id text collate "C" not null,
    external_user_id text collate "C",
    source text collate "C" not null,
    message_count integer not null,
    first_message_at timestamp with time zone not null,
    last_message_at timestamp with time zone not null,
    last_received_at timestamp with time zone not null,
    created_at timestamp with time zone not null,
    person jsonb not null,
    organization jsonb not null,
    session jsonb not null,
    custom jsonb not null,
    analysis_due_at timestamp with time zone,
    number bigint not null generated always as identity,
    title text,
    tags jsonb not null default '[]'::jsonb,
    enrichment jsonb not null default '{}'::jsonb,
    stated jsonb not null default '{}'::jsonb,
    ended_at timestamp with time zone,
    reopened integer not null default 0,
    revision integer not null default 0,
    analysis_leased_until timestamp with time zone,
    person_id uuid,
    company_id uuid,
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, id),
    UNIQUE (chatbot_id, external_id),
    UNIQUE (chatbot_id, number)
);

create table custom_fields (
    chatbot_id uuid not null,
    key text collate "C" not null,
    type text collate "C" not null,
    status text collate "C" not null,
    created_at timestamp with time zone not null,
    label text,
    sample jsonb,
    occurrences bigint not null default 0,
    last_seen_at timestamp with time zone,
    CHECK ((status = ANY (ARRAY['discovered'::text, 'track'::text, 'accept'::text, 'deny'::text]))),
    CHECK ((type = ANY (ARRAY['string'::text, 'number'::text, 'boolean'::text]))),
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, key)
);

create table day_calendars (
    chatbot_id uuid not null,
    zone text collate "C" not null,
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id)
);

create table day_columns (
    chatbot_id uuid not null,
    name text collate "C" not null,
    day date not null,
    known bytea not null,
    codes bytea not null,
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, name, day)
);

create table day_feelings (
    chatbot_id uuid not null,
    day date not null,
    said_on date not null,
    label text collate "C" not null,
    messages integer not null,
    sentiment double precision not null,
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, day, said_on, label)
);

create table day_figures (
    chatbot_id uuid not null,
    day date not null,
    name text collate "C" not null,
    value text collate "C" not null,
    conversations integer not null,
    messages bigint not null,
    users integer not null,
    scored integer not null,
    sentiment double precision not null,
    analysed integer not null default 0,
    ended integer not null default 0,
    resolved integer not null default 0,
    rated integer not null default 0,
    dissatisfied integer not null default 0,
    dissatisfaction double precision not null default 0,
    mark double precision not null default 0,
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, name, day, value)
);

create table deliveries (
    chatbot_id uuid not null,
    id uuid not null,
    webhook_id uuid not null,
    event text collate "C" not null,
    body text not null,
    attempts integer not null default 0,
    status integer,
    problem text,
    created_at timestamp with time zone not null,
    delivered_at timestamp with time zone,
    FOREIGN KEY (chatbot_id, webhook_id) REFERENCES webhooks(chatbot_id, id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, id)
);

create table feedback (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    message_id uuid not null,
    thumb smallint not null,
    given_at timestamp with time zone not null,
    CHECK ((thumb = ANY (ARRAY['-1'::integer, 1]))),
    FOREIGN KEY (chatbot_id, conversation_id, message_id) REFERENCES messages(chatbot_id, conversation_id, id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, conversation_id, message_id)
);

create table groupings (
    chatbot_id uuid not null,
    edition integer not null,
    grouped_at timestamp with time zone,
    vectors integer not null,
    strays integer not null,
    job_id uuid,
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id)
);

create table import_chunks (
    chatbot_id uuid not null,
    job_id uuid not null,
    number integer not null,
    content bytea not null,
    created_at timestamp with time zone not null,
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, job_id, number)
);

create table invitations (
    id uuid not null,
    org_id uuid not null,
    email text collate "C" not null,
    role text collate "C" not null,
    link_hash bytea not null,
    mail_hash bytea,
    invited_by uuid,
    created_at timestamp with time zone not null,
    expires_at timestamp with time zone not null,
    mailed_at timestamp with time zone,
    CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text]))),
    FOREIGN KEY (invited_by) REFERENCES users(id) ON DELETE SET NULL,
    FOREIGN KEY (org_id) REFERENCES organizations(id) ON DELETE CASCADE,
    PRIMARY KEY (id),
    UNIQUE (link_hash),
    UNIQUE (mail_hash),
    UNIQUE (org_id, email)
);

create table jobs (
    id uuid not null,
    handler text collate "C" not null,
    key text collate "C",
    args jsonb not null,
    state text collate "C" not null,
    attempts smallint not null default 0,
    run_at timestamp with time zone not null,
    leased_until timestamp with time zone,
    done bigint not null default 0,
    total bigint,
    error text,
    created_at timestamp with time zone not null,
    finished_at timestamp with time zone,
    owner_id uuid,
    result jsonb,
    CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text]))),
    FOREIGN KEY (owner_id) REFERENCES organizations(id) ON DELETE CASCADE,
    PRIMARY KEY (id)
);

create table knowledge (
    chatbot_id uuid not null,
    version integer not null,
    previous integer,
    newest integer not null,
    next_passage integer not null,
    next_segment integer not null,
    passages integer not null,
    dead integer not null,
    languages text[] not null,
    job_id uuid,
    builder_id uuid,
    builder_until timestamp with time zone,
    updated_at timestamp with time zone not null,
    previous_at timestamp with time zone,
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id)
);

create table leads (
    chatbot_id uuid not null,
    id uuid not null,
    person_id uuid,
    conversation text collate "C",
    name text,
    email text,
    phone text,
    created_at timestamp with time zone not null,
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, id)
);

create table list_columns (
    chatbot_id uuid not null,
    user_id uuid not null,
    columns text[] not null,
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, user_id)
);

create table login_failures (
    email text collate "C" not null,
    failures integer not null,
    locked_until timestamp with time zone,
    last_at timestamp with time zone not null,
    PRIMARY KEY (email)
);

create table meanings_due (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    revision integer not null,
    FOREIGN KEY (chatbot_id, conversation_id) REFERENCES conversations(chatbot_id, id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, conversation_id)
);

create table members (
    org_id uuid not null,
    user_id uuid not null,
    role text collate "C" not null,
    created_at timestamp with time zone not null,
    last_seen_at timestamp with time zone,
    CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text]))),
    FOREIGN KEY (org_id) REFERENCES organizations(id) ON DELETE CASCADE,
    FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    PRIMARY KEY (org_id, user_id)
);

create table message_judgements (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    message_id uuid not null,
    said_at timestamp with time zone not null,
    judged_by text collate "C" not null,
    sentiment double precision,
    chunks jsonb not null,
    dissatisfaction double precision,
    flags jsonb not null default '[]'::jsonb,
    behavior text collate "C",
    behavior_confidence double precision,
    behavior_reason text,
    outcome text collate "C",
    quality jsonb,
    FOREIGN KEY (chatbot_id, conversation_id, message_id) REFERENCES messages(chatbot_id, conversation_id, id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, conversation_id, message_id)
);

create type message_row as (
    chatbot_id uuid,
    conversation_id uuid,
    id uuid,
    role text,
    content text,
    external_id text,
    sent_at timestamp with time zone,
    received_at timestamp with time zone,
    placed_at timestamp with time zone,
    placed_rank smallint,
    fingerprint bytea,
    evidence text
);

create table message_words (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    message_id uuid not null,
    role text collate "C" not null,
    said_at timestamp with time zone not null,
    words tsvector not null,
    FOREIGN KEY (chatbot_id, conversation_id, message_id) REFERENCES messages(chatbot_id, conversation_id, id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, conversation_id, message_id)
);

create table messages (
    chatbot_id uuid not null,
    conversation_id uuid not null,
    id uuid not null,
    role text collate "C" not null,
    content text not null,
    external_id text collate "C",
    sent_at timestamp with time zone,
    received_at timestamp with time zone not null,
    placed_at timestamp with time zone not null,
    placed_rank smallint not null,
    fingerprint bytea,
    evidence jsonb,
    number bigint not null generated always as identity,
    CHECK ((role = ANY (ARRAY['user'::text, 'assistant'::text, 'system'::text]))),
    FOREIGN KEY (chatbot_id, conversation_id) REFERENCES conversations(chatbot_id, id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, conversation_id, id),
    UNIQUE (chatbot_id, conversation_id, fingerprint)
);

create table organization_keys (
    id uuid not null,
    number bigint not null generated always as identity,
    org_id uuid not null,
    label text not null,
    prefix text not null,
    key_hash bytea not null,
    created_by uuid,
    created_at timestamp with time zone not null,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    compatibility text[] not null default '{}'::text[],
    FOREIGN KEY (created_by) REFERENCES users(id) ON DELETE SET NULL,
    FOREIGN KEY (org_id) REFERENCES organizations(id) ON DELETE CASCADE,
    PRIMARY KEY (id),
    UNIQUE (key_hash),
    UNIQUE (number)
);

create table organizations (
    id uuid not null,
    name text not null,
    slug text collate "C" not null,
    created_at timestamp with time zone not null,
    PRIMARY KEY (id),
    UNIQUE (slug)
);

create table passages (
    chatbot_id uuid not null,
    number integer not null,
    source_id uuid not null,
    born integer not null,
    died integer,
    heading text not null,
    begins integer not null,
    ends integer not null,
    text text not null,
    language text collate "C",
    digest bytea not null,
    FOREIGN KEY (chatbot_id, source_id) REFERENCES sources(chatbot_id, id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, number)
);

create table password_resets (
    token_hash bytea not null,
    user_id uuid not null,
    created_at timestamp with time zone not null,
    expires_at timestamp with time zone not null,
    FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    PRIMARY KEY (token_hash)
);

create table people (
    chatbot_id uuid not null,
    id uuid not null,
    external_id text collate "C",
    handle text collate "C",
    traits jsonb not null,
    company_id uuid,
    first_seen_at timestamp with time zone not null,
    last_seen_at timestamp with time zone not null,
    conversations integer not null default 0,
    messages integer not null default 0,
    sentiment double precision,
    standing_due_at timestamp with time zone,
    created_at timestamp with time zone not null,
    attributes jsonb not null default '{}'::jsonb,
    changed_at timestamp with time zone,
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, id),
    UNIQUE (chatbot_id, external_id)
);

create unlogged table rate_buckets (
    key bytea not null,
    tokens double precision not null,
    counted_at timestamp with time zone not null,
    leases jsonb not null,
    PRIMARY KEY (key)
);

create table saved_views (
    chatbot_id uuid not null,
    id uuid not null,
    page text collate "C" not null,
    name text not null,
    query text not null,
    shared boolean not null,
    saved_by uuid,
    created_at timestamp with time zone not null,
    CHECK ((page = ANY (ARRAY['conversations'::text, 'overview'::text]))),
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    FOREIGN KEY (saved_by) REFERENCES users(id) ON DELETE SET NULL,
    PRIMARY KEY (chatbot_id, id)
);

create table schema_migrations (
    name text collate "C" not null,
    sha256 text not null,
    applied_at timestamp with time zone not null default now(),
    PRIMARY KEY (name)
);

create table sessions (
    id uuid not null,
    org_id uuid not null,
    user_id uuid not null,
    created_at timestamp with time zone not null,
    expires_at timestamp with time zone not null,
    FOREIGN KEY (org_id, user_id) REFERENCES members(org_id, user_id) ON DELETE CASCADE,
    PRIMARY KEY (id)
);

create table source_files (
    chatbot_id uuid not null,
    source_id uuid not null,
    name text not null,
    content bytea not null,
    FOREIGN KEY (chatbot_id, source_id) REFERENCES sources(chatbot_id, id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, source_id)
);

create table sources (
    chatbot_id uuid not null,
    id uuid not null,
    external_id text collate "C",
    kind text collate "C" not null,
    title text,
    url text,
    text text not null,
    language text collate "C",
    revision integer not null,
    trained_revision integer,
    problem text,
    passages integer not null default 0,
    created_at timestamp with time zone not null,
    updated_at timestamp with time zone not null,
    trained_at timestamp with time zone,
    CHECK ((kind = ANY (ARRAY['text'::text, 'qna'::text, 'url'::text, 'file'::text]))),
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, id),
    UNIQUE (chatbot_id, external_id)
);

create table terms (
    chatbot_id uuid not null,
    term text collate "C" not null,
    segment integer not null,
    documents integer not null,
    postings bytea not null,
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, term, segment)
);

create table topics (
    chatbot_id uuid not null,
    id uuid not null,
    phrases text[] not null,
    given_name text,
    centres bytea not null,
    pinned boolean not null default false,
    hidden boolean not null default false,
    came_from uuid[] not null default '{}'::uuid[],
    successor_id uuid,
    x double precision not null,
    y double precision not null,
    created_at timestamp with time zone not null,
    ended_at timestamp with time zone,
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    FOREIGN KEY (chatbot_id, successor_id) REFERENCES topics(chatbot_id, id),
    PRIMARY KEY (chatbot_id, id)
);

create table users (
    id uuid not null,
    email text collate "C" not null,
    name text not null,
    password_hash text not null,
    created_at timestamp with time zone not null,
    last_login_at timestamp with time zone,
    first_name text not null default ''::text,
    last_name text not null default ''::text,
    updated_at timestamp with time zone,
    PRIMARY KEY (id),
    UNIQUE (email)
);

create table vectors (
    chatbot_id uuid not null,
    digest bytea not null,
    embedding halfvec(384) not null,
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, digest)
);

create table webhooks (
    chatbot_id uuid not null,
    id uuid not null,
    url text not null,
    secret text not null,
    events text[] not null,
    created_at timestamp with time zone not null,
    FOREIGN KEY (chatbot_id) REFERENCES chatbots(id) ON DELETE CASCADE,
    PRIMARY KEY (chatbot_id, id)
);

CREATE INDEX audit_log_recent ON public.audit_log USING btree (org_id, occurred_at DESC, id DESC);
CREATE INDEX chatbots_org ON public.chatbots USING btree (org_id, created_at, id);
CREATE INDEX companies_by_handle ON public.companies USING btree (chatbot_id, handle, id);
CREATE INDEX companies_due ON public.companies USING btree (standing_due_at) WHERE (standing_due_at IS NOT NULL);
CREATE INDEX conversation_facts_began ON public.conversation_facts USING btree (chatbot_id, began_at);
CREATE INDEX conversation_facts_said ON public.conversation_facts USING gin (facts jsonb_path_ops);
CREATE INDEX conversation_facts_worst ON public.conversation_facts USING btree (chatbot_id, (((facts ->> 'score'::text))::double precision), began_at) WHERE (((facts ->> 'score'::text))::double precision < ('-0.2'::numeric)::double precision);
CREATE INDEX conversation_judgements_failed ON public.conversation_judgements USING btree (chatbot_id, judged_at) WHERE (status = 'failed'::text);
CREATE INDEX conversation_judgements_stated ON public.conversation_judgements USING btree (chatbot_id) WHERE (by_caller ? 'sentiment'::text);
CREATE INDEX conversation_meanings_stray ON public.conversation_meanings USING btree (chatbot_id) WHERE ((topic_id IS NULL) AND (vector IS NOT NULL));
CREATE INDEX conversation_meanings_topic ON public.conversation_meanings USING btree (chatbot_id, topic_id, likeness);
CREATE INDEX conversations_begun ON public.conversations USING btree (chatbot_id, first_message_at) INCLUDE (person_id);
CREATE INDEX conversations_custom ON public.conversations USING gin (custom jsonb_path_ops);
CREATE INDEX conversations_due ON public.conversations USING btree (analysis_due_at) WHERE (analysis_due_at IS NOT NULL);
CREATE INDEX conversations_latest ON public.conversations USING btree (chatbot_id, last_message_at DESC, id DESC);
CREATE INDEX conversations_of_company ON public.conversations USING btree (chatbot_id, company_id) WHERE (company_id IS NOT NULL);
CREATE INDEX conversations_of_person ON public.conversations USING btree (chatbot_id, person_id) WHERE (person_id IS NOT NULL);
CREATE INDEX day_feelings_said ON public.day_feelings USING btree (chatbot_id, said_on);
CREATE INDEX deliveries_latest ON public.deliveries USING btree (chatbot_id, created_at DESC, id DESC);
CREATE INDEX invitations_expiry ON public.invitations USING btree (expires_at);
CREATE INDEX jobs_next ON public.jobs USING btree (run_at) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));
CREATE INDEX jobs_running_key ON public.jobs USING btree (handler, key) WHERE ((state = 'running'::text) AND (key IS NOT NULL));
CREATE INDEX leads_latest ON public.leads USING btree (chatbot_id, created_at DESC, id DESC);
CREATE INDEX members_user ON public.members USING btree (user_id);
CREATE INDEX message_judgements_day ON public.message_judgements USING btree (chatbot_id, said_at);
CREATE INDEX message_judgements_unhappy ON public.message_judgements USING btree (chatbot_id, said_at DESC, message_id DESC) WHERE ((dissatisfaction >= (0.5)::double precision) OR (flags @> '[{"name": "frustrated_user"}]'::jsonb));
CREATE INDEX message_words_latest ON public.message_words USING btree (chatbot_id, said_at DESC, message_id DESC);
CREATE INDEX message_words_said ON public.message_words USING gin (words);
CREATE INDEX messages_in_order ON public.messages USING btree (chatbot_id, conversation_id, placed_at, placed_rank, id);
CREATE INDEX messages_made ON public.messages USING brin (id) WITH (autosummarize='on');
CREATE INDEX organization_keys_org ON public.organization_keys USING btree (org_id);
CREATE INDEX passages_by_digest ON public.passages USING btree (chatbot_id, digest);
CREATE INDEX passages_of_source ON public.passages USING btree (chatbot_id, source_id);
CREATE INDEX password_resets_expiry ON public.password_resets USING btree (expires_at);
CREATE INDEX password_resets_user ON public.password_resets USING btree (user_id);
CREATE INDEX people_by_handle ON public.people USING btree (chatbot_id, handle, id);
CREATE INDEX people_due ON public.people USING btree (standing_due_at) WHERE (standing_due_at IS NOT NULL);
CREATE INDEX sessions_expiry ON public.sessions USING btree (expires_at);
CREATE INDEX sessions_user ON public.sessions USING btree (user_id);
CREATE INDEX sources_waiting ON public.sources USING btree (chatbot_id, id) WHERE ((trained_revision IS DISTINCT FROM revision) AND (problem IS NULL));
CREATE INDEX vectors_nearest ON public.vectors USING hnsw (embedding halfvec_cosine_ops);
CREATE UNIQUE INDEX chatbots_for_chats ON public.chatbots USING btree (org_id) WHERE for_chats;
CREATE UNIQUE INDEX companies_without_id ON public.companies USING btree (chatbot_id, handle) WHERE (external_id IS NULL);
CREATE UNIQUE INDEX jobs_waiting_key ON public.jobs USING btree (handler, key) WHERE ((state = 'queued'::text) AND (key IS NOT NULL));
CREATE UNIQUE INDEX people_without_id ON public.people USING btree (chatbot_id, handle) WHERE (external_id IS NULL);
