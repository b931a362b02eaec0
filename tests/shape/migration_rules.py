"""Migrations: named and numbered, and every table below a chatbot ready to be distributed by `chatbot_id`."""

import re
from functools import cache

from tests.shape.schema import TENANT, Table, project_tables, statements_in, tables_in
from tests.shape.source import Problem, Rule, Source, Verdicts, sources
from tests.shape.sql_rules import VOLATILE

_FILES = ["noctule/migrations/[0-9]*.sql"]
_NAME = re.compile(r"noctule/migrations/(\d{4})_[a-z]+(_[a-z]+)*\.sql")


def _named(source: Source) -> Verdicts:
    if source.path == "noctule/migrations/schema.sql":
        return
    match = _NAME.fullmatch(source.path)
    yield None if match else Problem(source.path, 1, "a migration is called 0007_noun_what.sql")


def _distributable(source: Source) -> Verdicts:
    known = _known()
    for name, table in tables_in(source.text, known).items():
        below = TENANT in table.columns
        if below:
            yield (
                None
                if TENANT in (table.primary_key or [])
                else Problem(name, 1, f"{name}: {TENANT} in the primary key")
            )
        for columns in table.unique if below else []:
            yield None if TENANT in columns else Problem(name, 1, f"{name}: {TENANT} in unique ({', '.join(columns)})")
        for columns, other, theirs in table.references:
            if other == name or TENANT in known.get(other, Table(other)).columns:
                fine = below and TENANT in columns and TENANT in theirs
                yield None if fine else Problem(name, 1, f"{name}: {TENANT} in the reference to {other}")


def _steady(source: Source) -> Verdicts:
    for statement in statements_in(source.text):
        match = VOLATILE.search(statement)
        yield Problem(match[0], 1, f"{match[0]}: times and ids are parameters") if match else None


@cache
def _known() -> dict[str, Table]:
    return project_tables()


def numbers() -> list[int]:
    return [int(source.path.rsplit("/", 1)[-1][:4]) for source in sources(_FILES)]


def _sql(text: str) -> tuple[str, str]:
    return "noctule/migrations/0099_example.sql", text


_ID = "chatbot_id uuid references chatbots (id), id uuid"

RULES = [
    Rule(
        name="names of migrations",
        where=["noctule/migrations/*"],
        look=_named,
        least=5,
        good=[("noctule/migrations/0001_jobs.sql", ""), ("noctule/migrations/0012_messages_add_cost.sql", "")],
        bad=[("noctule/migrations/1_jobs.sql", ""), ("noctule/migrations/0001-Jobs.sql", "")],
    ),
    Rule(
        name="tables below a chatbot can be distributed",
        where=_FILES,
        look=_distributable,
        least=10,
        good=[
            _sql(f"create table a ({_ID}, n text unique, primary key (id, chatbot_id));".replace("unique", "")),
            _sql(f"create table a ({_ID}, n text, primary key (chatbot_id, id), unique (chatbot_id, n));"),
            _sql("alter table messages add column note text, add unique (chatbot_id, note);"),
            _sql(f"create table a ({_ID}, primary key (chatbot_id, id), foreign key (chatbot_id, id)"
                 " references conversations (chatbot_id, id));"),
        ],
        bad=[
            _sql(f"create table a ({_ID});"),
            _sql(f"create table a ({_ID} primary key);"),
            _sql(f"create table a ({_ID}, n text unique, primary key (chatbot_id, id));"),
            _sql(f"create table a ({_ID}, n text, primary key (chatbot_id, id), constraint b unique (n));"),
            _sql(f"create table a ({_ID}, primary key (chatbot_id, id)); create unique index b on a (id);"),
            _sql(f"create table a ({_ID} references conversations (id), primary key (chatbot_id, id));"),
            _sql(f"create table a ({_ID}, primary key (chatbot_id, id), foreign key (id) references messages (id));"),
            _sql("create table a (id uuid primary key references conversations (id));"),
            _sql("create unique index b on messages (external_id);"),
            _sql("alter table messages add constraint b unique (external_id);"),
            _sql("alter table messages add column n bigint generated always as identity unique;"),
        ],
    ),
    Rule(
        name="migrations set no times and ids",
        where=_FILES,
        look=_steady,
        least=15,
        good=[_sql("create table a (id uuid); -- not now()")],
        bad=[_sql("create table a (at timestamptz default now());"), _sql("create table a (id uuid default uuidv7());")],
    ),
]  # fmt: skip
