"""The schema of a database as text, from the catalogue: the same on every version of PostgreSQL.

`python -m tests.schema URL` prints it; noctule/migrations/schema.sql is that text after all migrations.
"""

import asyncio
import sys
from typing import Any

import asyncpg

_COLUMNS = """
select c.relname, case when c.relkind = 'c' then 'type' when c.relpersistence = 'u' then 'unlogged table' else 'table' end, a.attname, format_type(a.atttypid, a.atttypmod),
       case when co.collname is not null and co.collname <> 'default' then ' collate "' || co.collname || '"' else '' end,
       case when a.attnotnull then ' not null' else '' end,
       case when a.attidentity = 'a' then ' generated always as identity' else '' end,
       coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
from pg_class c
join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
left join pg_collation co on co.oid = a.attcollation
where c.relkind in ('r', 'c')
order by c.relname, a.attnum
"""
_CONSTRAINTS = """
select c.relname, pg_get_constraintdef(k.oid)
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
where k.contype <> 'n'
order by c.relname, k.contype, 2
"""
_INDEXES = """
select pg_get_indexdef(i.indexrelid)
from pg_index i
join pg_class c on c.oid = i.indexrelid
join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
where not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)
order by 1
"""


async def describe(url: str) -> str:
    connection: Any = await asyncpg.connect(url)
    tables: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    for table, kind_of_table, column, kind, collation, not_null, identity, default in await connection.fetch(_COLUMNS):
        kinds[table] = kind_of_table
        tables.setdefault(table, []).append(f"    {column} {kind}{collation}{not_null}{identity}{default}")
    for table, constraint in await connection.fetch(_CONSTRAINTS):
        tables[table].append(f"    {constraint}")
    indexes = [f"{row[0]};" for row in await connection.fetch(_INDEXES)]
    await connection.close()
    made = [
        f"create {kinds[table]} {table}{' as' * (kinds[table] == 'type')} (\n" + ",\n".join(parts) + "\n);\n"
        for table, parts in tables.items()
    ]
    head = "-- Generated from the catalogue after all migrations; do not edit. See tests/schema.py.\n"
    return head + "\n".join(made) + "\n" + "\n".join(indexes) + "\n"


if __name__ == "__main__":
    sys.stdout.write(asyncio.run(describe(sys.argv[1])))
