-- When the version before the one that answers was built: a page says what going back leads to. Not known of what is there.
alter table knowledge add column previous_at timestamptz;
