-- A person has a first and a last name, from which the shown name follows until somebody sets it on its own.
alter table users
    add column first_name text not null default '',
    add column last_name text not null default '',
    add column updated_at timestamptz;

update users
set first_name = split_part(name, ' ', 1),
    last_name = ltrim(substr(name, length(split_part(name, ' ', 1)) + 1));
