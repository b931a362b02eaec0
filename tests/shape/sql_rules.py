"""SQL: only in stores, in one piece, for one tenant at a time, and in words that a cluster understands."""

import re
from functools import cache

from tests.shape.schema import TENANT, project_tables
from tests.shape.source import CODE, Problem, Rule, Source, Verdicts, python
from tests.shape.statements import statements

STORES = ("noctule/*/store.py", "noctule/*/store/*.py", "noctule/base/jobs/store.py")
_HOMES = re.compile(
    r"noctule/(\w+/store\.py|\w+/store/\w+\.py|base/jobs/\w+\.py|base/(db|migrate|news|postgres\w*)\.py|base/postgres/\w+\.py)"
)
VOLATILE = re.compile(
    r"\b(now|gen_random_uuid|uuidv[47]|random|\w+_timestamp|timeofday)\s*\(|\bcurrent_(timestamp|date|time)\b"
    r"|\blocaltime(stamp)?\b"
)
_STAR = re.compile(r"(\bselect|\bdistinct|\breturning|,|\.)\s*\*|\*\s*,")

# Statements on an organization's tables that do not name the organization, because they find it out or serve all.
_ACROSS_ORGANIZATIONS = {
    "noctule/accounts/store/people.py:first_organization_of": "a person signs in: which organization is the question",
    "noctule/accounts/store/people.py:member_of_session": "session → member: which organization is the answer",
    "noctule/accounts/store/people.py:delete_expired": "the sweep of all sessions that have run out",
    "noctule/accounts/store/people.py:delete_other_sessions": "a person is signed out everywhere else, in whichever organization",
    "noctule/accounts/store/members.py:memberships_of": "a person's organizations are the question",
    "noctule/accounts/store/members.py:sessions_of": "a person's sessions, in whichever organization they are",
    "noctule/accounts/store/members.py:end_sessions": "a person is signed out everywhere when the password is reset",
    "noctule/accounts/store/links.py:invitation_with": "link → organization: which organization is the answer",
    "noctule/accounts/store/links.py:delete_expired_links": "the sweep of all links that have run out",
    "noctule/accounts/store/keys.py:holder_of": "key → organization: which organization is the answer",
    "noctule/chatbots/store/chatbots.py:chatbot_anywhere": "commands and jobs of the server, which belong to no organization",
    "noctule/chatbots/store/chatbots.py:hold_settings": "jobs of the server, which belong to no organization",
    "noctule/chatbots/store/chatbots.py:timezones_of": "chatbots that were asked for by an organization, or by a job of the server",
    "noctule/chatbots/store/chatbots.py:chatbots_with_retention": "a job of the server, which belongs to no organization",
    "noctule/chatbots/store/chatbots.py:every_chatbot": "a command of the server, which belongs to no organization",
    "noctule/chatbots/store/chatbots.py:chatbot_with_key": "key → chatbot: which chatbot is the answer",
    "noctule/chatbots/store/chatbots.py:ingests_of": "chatbots that keys have opened; the key is checked against the row",
    "noctule/chatbots/store/chatbots.py:activate": "the batch that stored its first conversation has opened it by key",
}
_ACROSS_CHATBOTS = {
    "noctule/people/store/people.py:chatbots_with_due": "which chatbots have work is the question",
    "noctule/people/store/companies.py:chatbots_with_due": "which chatbots have work is the question",
    "noctule/transfer/store.py:delete_left_chunks": "the sweep of all uploads that no job needs any more",
    "noctule/conversations/store/queue.py:chatbots_with_due": "which chatbots have work is the question",
    "noctule/analysis/store/judgements.py:judged_chatbots": "which chatbots there is something to judge again in is the question",
    "noctule/analysis/store/meanings.py:chatbots_with_meanings_due": "which chatbots have work is the question",
    "noctule/analysis/store/topics.py:grouped_before": "which chatbots have work is the question",
    "noctule/conversations/store/queue.py:waiting": "a figure for the operator of the whole server",
}


def _only_in_stores(source: Source) -> Verdicts:
    at_home = _HOMES.fullmatch(source.path)
    found = statements(source)
    for one in found:
        yield None if at_home else Problem(one.function, one.line, "SQL outside of a store")
    if not found:
        yield None


def _one_piece(source: Source) -> Verdicts:
    for one in statements(source):
        yield None if one.whole else Problem(one.function, one.line, "SQL put together from pieces")


def _explicit_columns(source: Source) -> Verdicts:
    for one in statements(source):
        yield Problem(one.function, one.line, "a star for columns") if _STAR.search(one.text) else None


def _steady(source: Source) -> Verdicts:
    for one in statements(source):
        match = VOLATILE.search(one.text)
        yield Problem(one.function, one.line, f"{match[0]}: times and ids are parameters") if match else None


def _claims(source: Source) -> Verdicts:
    for one in statements(source):
        if "skip locked" in one.text:
            per_chatbot = re.search(rf"\b{TENANT}\s*=\s*\$\d", one.text)
            fine = per_chatbot or set(one.tables(_tables_with(TENANT) | {"jobs"})) == {"jobs"}
            yield None if fine else Problem(one.function, one.line, "skip locked over several chatbots")


def _for_one(column: str, other: str | None) -> "Rule":
    def look(source: Source) -> Verdicts:
        tables = _tables_with(column) - (_tables_with(other) if other else set())
        for one in statements(source):
            named = one.tables(tables)
            if named:
                enough = one.constrains(column) >= len(named) and one.is_given(column)
                what = f"{', '.join(named)}: {column} is given, and compared once for each"
                yield None if enough else Problem(one.function, one.line, what)

    big, small = ("conversations", "messages") if column == TENANT else ("members", "sessions")
    return Rule(
        name=f"{column} in every statement on its tables",
        where=STORES,
        look=look,
        least=15,
        allowed=_ACROSS_CHATBOTS if column == TENANT else _ACROSS_ORGANIZATIONS,
        good=[
            python("noctule/a/store.py", f'f("select a from {big} where {column} = $1 and id = $2")'),
            python("noctule/a/store.py", f'f("select a from {big} b join {small} s on s.{column} = b.{column}'
                                         f' where b.{column} = any($1)")'),
            python("noctule/a/store.py", f'f("select a from {big} join {small} using ({column}, id) where {column} = $1")'),
            python("noctule/a/store.py", f'f("insert into {big} as b (id, {column}) values ($1, $2)")'),
            python("noctule/a/store.py", f'f("delete from {big} where ({column}, id) in (select $1, $2)")'),
        ],
        bad=[
            python("noctule/a/store.py", f'f("select {column} from {big} where id = $1")'),
            python("noctule/a/store.py", f'f("select a from {big} b join {small} s on s.{column} = b.{column}"'
                                         ' " where b.id = $1")'),
            python("noctule/a/store.py", f'f("update {big} set a = $1 where id = $2")'),
            python("noctule/a/store.py", f'f("delete from {small} s where s.id = $1")'),
            python("noctule/a/store.py", f'f("insert into {big} (id) values ($1)")'),
            python("noctule/a/store.py", f'f("select a from {big} b join {small} s on s.a = b.a where b.{column} = $1")'),
            python("noctule/a/store.py", f'f("select a from {big} b, {small} s where s.a = b.a and b.{column} = $1")'),
            python("noctule/a/store.py", f'f("with x as (select id from {big}) select id from x where {column} = $1 '
                                         f'and a in (select a from {small})")'),
        ],
    )  # fmt: skip


@cache
def _tables_with(column: str) -> set[str]:
    return {name for name, table in project_tables().items() if column in table.columns}


RULES = [
    Rule(
        name="SQL stands in stores",
        where=CODE,
        look=_only_in_stores,
        least=120,
        good=[
            python("noctule/accounts/store.py", 'f("select id from users where id = $1")'),
            python("noctule/conversations/store/reading.py", 'f("select id from conversations")'),
            python("noctule/base/postgres_files.py", 'f("create table a (id int)")'),
            python(
                "noctule/web/x.py", '"""select a chatbot from the list"""', 'f("select 1")', 'g("Select one from it")'
            ),
        ],
        bad=[
            python("noctule/accounts/keys.py", 'f("select id from users")'),
            python("noctule/accounts/keys.py", 'f("""', "    SELECT id", "    FROM users", '""")'),
            python("noctule/web/x.py", 'f("insert into users (id) values ($1)")'),
            python("noctule/web/x.py", 'f("update users set id = $1")'),
            python("noctule/web/x.py", 'f("delete from users")'),
            python("noctule/web/x.py", 'f("with a as (select 1) select b from a")'),
            python("noctule/web/x.py", 'f(f"select {name} from users")'),
            python("noctule/base/clock.py", 'f("-- why", "/* why */ select a from b")'),
        ],
    ),
    Rule(
        name="SQL is written in one piece",
        where=STORES,
        look=_one_piece,
        least=40,
        good=[python("noctule/a/store.py", 'f("select a from b "', '  "where c = $1")')],
        bad=[
            python("noctule/a/store.py", 'f(f"select a from {b}")'),
            python("noctule/a/store.py", 'f("select a from " + b)'),
            python("noctule/a/store.py", 'f("select a from %s" % b)'),
            python("noctule/a/store.py", 'f("select a from {}".format(b))'),
        ],
    ),
    Rule(
        name="columns are named",
        where=STORES,
        look=_explicit_columns,
        least=40,
        good=[python("noctule/a/store.py", 'f("select count(*), 2 * a as b from c")')],
        bad=[
            python("noctule/a/store.py", 'f("select * from c")'),
            python("noctule/a/store.py", 'f("select a, c.* from c")'),
            python("noctule/a/store.py", 'f("select a, * from c")'),
            python("noctule/a/store.py", 'f("delete from c returning *")'),
        ],
    ),
    Rule(
        name="times and ids are parameters",
        where=STORES,
        look=_steady,
        least=40,
        good=[python("noctule/a/store.py", 'f("select a, known_now from b where random = $1 and (a).now = $2")')],
        bad=[
            python("noctule/a/store.py", f'f("update a set b = {call}")')
            for call in ("now()", "gen_random_uuid()", "uuidv7()", "random()", "clock_timestamp()", "current_timestamp")
        ],
    ),
    Rule(
        name="work is claimed per chatbot",
        where=STORES,
        look=_claims,
        least=2,
        good=[
            python(
                "noctule/a/store.py", 'f("select id from conversations where chatbot_id = $1 for update skip locked")'
            ),
            python("noctule/base/jobs/store.py", 'f("select id from jobs where run_at < $1 for update skip locked")'),
        ],
        bad=[
            python("noctule/a/store.py", 'f("select id from conversations for update skip locked")'),
            python(
                "noctule/a/store.py", 'f("select id from messages where chatbot_id = any($1) for update skip locked")'
            ),
            python("noctule/a/store.py", 'f("select id from jobs join messages m on true for update skip locked")'),
        ],
    ),
    _for_one(TENANT, None),
    _for_one("org_id", TENANT),
]
