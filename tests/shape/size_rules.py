"""Sizes: a file about to pass its limit is two ideas, a function too. Lists of parameters stay readable at the call.

How parameters are counted: `self`, `cls`, a leading `db` or `database` and names with an underscore (a shape that
somebody else dictates) are free. Of the others at most six, at most three of them positional. Routes are called by
name, so all of theirs may be positional.
"""

import ast

from tests.shape.source import CODE, Problem, Rule, Source, Verdicts, python

_LIMITS = {
    "templates": ("noctule/**/*.html", 120),
    "styles": ("noctule/**/*.css", 250),
    "scripts": ("noctule/**/*.js", 250),
    "benches": ("bench/**/*.py", 400),
    "tests": ("tests/**/*.py", 600),
    "modules": ("noctule/**/*.py", 400),
}
_FREE = {"self", "cls", "db", "database"}
_ROUTE_VERBS = {"get", "post", "put", "patch", "delete"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _size_rule(kind: str, pattern: str, limit: int) -> Rule:
    def look(source: Source) -> Verdicts:
        lines = source.text.count("\n")
        yield Problem(kind, lines, f"{lines} lines, of at most {limit}") if lines > limit else None

    path = pattern.replace("**/*", "some/file")
    return Rule(
        name=f"sizes of {kind}",
        where=[pattern],
        look=look,
        good=[(path, "line\n" * limit)],
        bad=[(path, "line\n" * (limit + 1))],
    )


def functions(source: Source) -> list[Function]:
    return [node for node in ast.walk(source.tree) if isinstance(node, Function)]


def _function_sizes(source: Source) -> Verdicts:
    for function in functions(source):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        yield Problem(function.name, function.lineno, f"{lines} lines, of at most 50") if lines > 50 else None


def _parameters(source: Source) -> Verdicts:
    for function in functions(source):
        positional = [one.arg for one in [*function.args.posonlyargs, *function.args.args] if _counts(one.arg)]
        named = [one.arg for one in function.args.kwonlyargs if _counts(one.arg)]
        if len(positional) + len(named) > 6:
            yield Problem(function.name, function.lineno, f"{len(positional) + len(named)} parameters, of at most 6")
        elif len(positional) > 3 and not _is_route(function):
            yield Problem(function.name, function.lineno, f"{len(positional)} positional parameters, of at most 3")
        else:
            yield None


def _counts(name: str) -> bool:
    return name not in _FREE and not name.startswith("_")


def _is_route(function: Function) -> bool:
    return any(
        isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in _ROUTE_VERBS
        for one in function.decorator_list
    )


RULES = [
    *(_size_rule(kind, pattern, limit) for kind, (pattern, limit) in _LIMITS.items()),
    Rule(
        name="sizes of functions",
        where=CODE,
        look=_function_sizes,
        least=100,
        good=[python("noctule/a/b.py", "def f():", *["    x = 1"] * 49)],
        bad=[python("noctule/a/b.py", "class A:", "    async def f(self):", *["        x = 1"] * 50)],
    ),
    Rule(
        name="parameters",
        where=CODE,
        look=_parameters,
        least=100,
        good=[
            python("noctule/a/store.py", "async def get(db, org_id, chatbot_id): ..."),
            python(
                "noctule/a/b.py", "def f(self, a, b, c, *, d, e, g): ...", "def heard(_connection, _pid, a, b): ..."
            ),
            python("noctule/a/b.py", "@router.get('/x')", "async def show(caller, services, page, limit): ..."),
        ],
        bad=[
            python("noctule/a/b.py", "def f(a, b, c, d): ..."),
            python("noctule/a/b.py", "def f(a, *, b, c, d, e, g, h): ..."),
            python("noctule/a/b.py", "@router.get('/x')", "async def show(a, b, c, d, e, f, g): ..."),
        ],
    ),
]
