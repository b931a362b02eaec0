"""Who may know whom: front doors, no hidden imports, no HTTP below the faces, no drawers for odds and ends.

import-linter checks the floors; here stands what it cannot say. `base` and `web` are shelves of tools, taken one by
one, and have no front door. The composition root may name the modules of the faces.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache

from tests.shape.source import CODE, ROOT, Problem, Rule, Source, Verdicts, python

_DOMAINS = {
    "accounts",
    "people",
    "chatbots",
    "conversations",
    "knowledge",
    "analysis",
    "agents",
    "workflows",
    "transfer",
    "privacy",
    "demo",
}
_FACES = {"api", "dashboard", "widget"}
_HTTP = {"fastapi", "starlette", "uvicorn", "jinja2", "httptools"}
_DRAWER = re.compile(r"(utils?|helpers?|managers?|common|misc)\.\w+")
_ROLE = re.compile(r"\w*(Service|Manager|Repository|Helper|Util)")


def _imports(source: Source) -> Iterator[tuple[int, str, list[str]]]:
    """Line, module and, for `from module import …`, the names."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or ""), [name.name for name in node.names]
        elif isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name, []


def _front_doors(source: Source) -> Verdicts:
    for line, module, names in _imports(source):
        _, _, inside = module.partition("noctule.")
        unit, _, deeper = inside.partition(".")
        if module.startswith("."):
            yield Problem(module, line, "imports are written in full: from noctule.…")
        elif unit == source.unit or unit not in _DOMAINS | _FACES or (unit in _FACES and source.unit == "main"):
            yield None
        elif deeper or not names:
            yield Problem(module, line, f"{module} lies behind the front door of {unit}")
        else:
            yield from (_by_the_door(unit, name, line) for name in names)
    doors = _DOMAINS & {name for _, module, names in _imports(source) if module == "noctule" for name in names}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in doors:
            yield _by_the_door(node.value.id, node.attr, node.lineno)


def _by_the_door(unit: str, name: str, line: int) -> Problem | None:
    return None if name in _offered(unit) else Problem(f"{unit}.{name}", line, f"{unit} does not offer {name}")


@cache
def _offered(unit: str) -> set[str]:
    path = ROOT / "noctule" / unit / "__init__.py"
    return _listed(ast.parse(path.read_text())) if path.exists() else set()


def _listed(tree: ast.Module) -> set[str]:
    """The names in `__all__`."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(one, ast.Name) and one.id == "__all__" for one in node.targets
        ):
            return set(ast.literal_eval(node.value))
    return set()


def _front_door_lists(source: Source) -> Verdicts:
    """What a front door binds is what it offers: all public names in `__all__`, and nothing else."""
    bound: set[str] = set()
    for node in source.tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            bound |= {name.asname or name.name for name in node.names}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            bound |= {one.id for one in targets if isinstance(one, ast.Name)}
    offered = _listed(source.tree)
    # A face's front page imports its parts to put them in a list; those are not offered.
    parts = bound if source.unit in _FACES and source.path.count("/") == 2 else offered
    public = {name for name in bound if not name.startswith("_")}
    for name in sorted(public | offered):
        if name not in bound:
            yield Problem(name, 1, f"__all__ lists {name}, which is not there")
        elif name not in offered | parts:
            yield Problem(name, 1, f"{name} is public and not in __all__")
        else:
            yield None


def _hidden_imports(source: Source) -> Verdicts:
    inside = {
        id(node)
        for function in ast.walk(source.tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield Problem("import", node.lineno, "an import inside a function") if id(node) in inside else None


def _http_below(source: Source) -> Verdicts:
    for line, module, _ in _imports(source):
        if source.unit in _DOMAINS | {"base"}:
            top = module.split(".")[0]
            yield (
                Problem(top, line, f"{source.unit} imports {top}, but domains never hear of HTTP")
                if top in _HTTP
                else None
            )


def _names(source: Source) -> Verdicts:
    file = source.path.rsplit("/", 1)[-1]
    yield Problem(file, 1, "a drawer for odds and ends; name the one idea") if _DRAWER.fullmatch(file) else None
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            fits = _ROLE.fullmatch(node.name)
            yield Problem(node.name, node.lineno, "named for a role, not for what it is") if fits else None


RULES = [
    Rule(
        name="front doors",
        where=CODE,
        look=_front_doors,
        least=150,
        good=[
            python("noctule/web/x.py", "from noctule import accounts", "accounts.register"),
            python("noctule/web/x.py", "from noctule.accounts import Member", "from noctule.base.db import Db"),
            python(
                "noctule/accounts/x.py", "from noctule.accounts import store", "from noctule.accounts.models import A"
            ),
            python("noctule/main/x.py", "from noctule.api.openbat import capture", "from noctule.web.errors import E"),
        ],
        bad=[
            python("noctule/web/x.py", "from noctule.accounts.store import holder_of"),
            python("noctule/web/x.py", "from noctule.accounts import store"),
            python("noctule/web/x.py", "from noctule import accounts", "accounts.store.holder_of"),
            python("noctule/web/x.py", "import noctule.accounts.store"),
            python("noctule/main/x.py", "from noctule.accounts.keys import create_key"),
            python("noctule/dashboard/x.py", "from noctule.api.native import keys"),
            python("noctule/accounts/x.py", "from .store import holder_of"),
        ],
    ),
    Rule(
        name="lists of front doors",
        where=["noctule/*/__init__.py", "noctule/*/*/__init__.py"],
        look=_front_door_lists,
        least=40,
        good=[
            python("noctule/a/__init__.py", "from noctule.a.b import c, d", "E = 1", '__all__ = ["E", "c", "d"]'),
            python(
                "noctule/api/__init__.py", "from noctule.api import native", "ROUTERS = [1]", '__all__ = ["ROUTERS"]'
            ),
        ],
        bad=[
            python("noctule/a/__init__.py", "from noctule.a.b import c, d", '__all__ = ["c"]'),
            python("noctule/a/__init__.py", "from noctule.a.b import c", '__all__ = ["c", "d"]'),
            python("noctule/a/__init__.py", "def f(): ..."),
        ],
    ),
    Rule(
        name="imports stand at the top",
        where=CODE,
        look=_hidden_imports,
        least=150,
        good=[python("noctule/a/b.py", "import re", "def f():", "    return re")],
        bad=[
            python("noctule/a/b.py", "def f():", "    import re"),
            python("noctule/a/b.py", "class A:", "    async def f(self):", "        from noctule import accounts"),
        ],
    ),
    Rule(
        name="domains never hear of HTTP",
        where=CODE,
        look=_http_below,
        least=80,
        good=[python("noctule/accounts/b.py", "import msgspec"), python("noctule/base/b.py", "import re")],
        bad=[
            python("noctule/accounts/b.py", "from fastapi import Request"),
            python("noctule/base/b.py", "import starlette.types"),
        ],
    ),
    Rule(
        name="names say what a thing is",
        where=CODE,
        look=_names,
        least=60,
        good=[python("noctule/a/keys.py", "class KeyRing: ...", "class Services: ...")],
        bad=[
            python("noctule/a/utils.py", "x = 1"),
            python("noctule/a/helpers.py", "x = 1"),
            python("noctule/a/manager.py", "x = 1"),
            python("noctule/a/keys.py", "class KeyManager: ..."),
        ],
    ),
]
