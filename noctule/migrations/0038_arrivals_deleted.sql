-- What was deleted of the messages of an hour, so that the ledger can tell it from what is missing. Of hours before this version nobody
-- counted: null.
alter table arrivals add column deleted integer;
alter table arrivals alter column deleted set default 0;
