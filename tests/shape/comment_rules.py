"""Comments that silence a checker: each stands in this list with its reason, or is refused."""

import io
import re
import tokenize

from tests.shape.source import ALL_PYTHON, Problem, Rule, Source, Verdicts, python

_SILENCER = re.compile(r"#.*?\b(noqa\b.*|type:\s*ignore.*|pyright:.*|mypy:.*|nosec\b.*|pragma:.*|pylint:.*|ruff:.*)")

_ALLOWED = {
    "noctule/base/settings.py:pyright: ignore[reportArgumentType]": "each value has just been parsed for its field",
    "noctule/base/language.py:pyright: ignore[reportMissingTypeStubs]": "the one file that touches this untyped library",
}


def _silencers(source: Source) -> Verdicts:
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            match = _SILENCER.search(token.string)
            yield Problem(match[1].strip(), token.start[0], f"{match[1].strip()} without a reason") if match else None


# The bad examples are put together so that this file does not break its own rule.
RULES = [
    Rule(
        name="checkers are not silenced",
        where=ALL_PYTHON,
        look=_silencers,
        least=30,
        allowed=_ALLOWED,
        good=[python("noctule/a/b.py", "x = 1  # why it is one", 'y = "# noqa"  # a string')],
        bad=[
            python("noctule/a/b.py", f"x = 1  # {words}")
            for words in ("no" + "qa: E501", "type: " + "ignore", "pyright: " + "ignore[x]", "pyright: " + "basic")
        ],
    ),
]
