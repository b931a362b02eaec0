-- What a program that was written for another house is answered in another way, switched on for its key alone.
alter table organization_keys add column compatibility text[] not null default '{}';
