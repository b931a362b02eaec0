"""What an OpenAPI document says of the answers, read from its text also where all lines of it have been joined into one.

Without line breaks YAML does not say what stands inside what. Here that follows from the few words that a schema may hold:
any other ends it, a property has a small first letter, and a schema with a name of its own a capital.
"""

import re
from typing import Any

Schema = dict[str, Any]
ERROR: Schema = {"$ref": "Error"}  # what every refusal is
_WORDS = {
    "$ref", "additionalProperties", "allOf", "default", "description", "enum", "example", "format", "items", "maximum",
    "maxItems", "minimum", "properties", "required", "type",
}  # fmt: skip
_FIRST = {"type:", "$ref:", "allOf:"}  # what a property says of itself first
_METHODS = {"get:", "post:", "put:", "patch:", "delete:"}
_PATH, _STATUS = re.compile(r"(/\S*):"), re.compile(r"'(\d{3})':")
_NAME, _PROPERTY = re.compile(r"[A-Z]\w*:"), re.compile(r"[a-z]\w*:")
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "array": (list,), "object": (dict,),
}  # fmt: skip
_FORMATS = {
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "email": re.compile(r"[^@\s]+@[^@\s]+"),
}


class Document:
    """Raises ValueError for a text that cannot be read to its end."""

    def __init__(self, text: str) -> None:
        words = _Words(text)
        self._answers = _answers(words)
        self._schemas = _schemas(words)
        if words.next or ERROR["$ref"] not in self._schemas:
            raise ValueError(f"not understood: {' '.join(words.rest(12)) or 'no schema of an error'}")

    @property
    def operations(self) -> set[tuple[str, str]]:
        return {(method, path) for method, path, _ in self._answers}

    def operation(self, method: str, path: str) -> tuple[str, str] | None:
        """That which the request is for, with the path as the document writes it."""
        asked = path.partition("?")[0]
        return next((one for one in self.operations if one[0] == method and _template(one[1]).fullmatch(asked)), None)

    def misfits(self, operation: tuple[str, str], status: int, answer: Any) -> list[str]:
        """What is otherwise than described; a refusal that the document leaves out must be an error like its others."""
        schema = self._answers.get((*operation, status), ERROR if status >= 400 else None)
        return [f"no answer with {status} is described"] if schema is None else self._misfits(schema, answer, "answer")

    def _misfits(self, schema: Schema, value: Any, path: str) -> list[str]:
        if "$ref" in schema:
            return self._misfits(self._schemas[schema["$ref"]], value, path)
        if "allOf" in schema:
            return [bad for one in schema["allOf"] for bad in self._misfits(one, value, path)]
        if problem := _wrong(schema, value):
            return [f"{path} {problem}"]
        return [
            bad for place, one, inside in _inside(schema, value) for bad in self._misfits(one, inside, path + place)
        ]


def _wrong(schema: Schema, value: Any) -> str | None:
    """What is wrong with the value itself."""
    if not _is(schema.get("type"), value):
        return f"is {value!r}, no {schema['type']}"
    if "enum" in schema and value not in schema["enum"]:
        return f"is {value!r}, none of {', '.join(schema['enum'])}"
    form = _FORMATS.get(schema.get("format", ""))
    if form and not form.fullmatch(value):
        return f"is {value!r}, no {schema['format']}"
    if "maxItems" in schema and len(value) > int(schema["maxItems"]):
        return f"has more than {schema['maxItems']} items"
    missing = [name for name in schema.get("required", []) if name not in value]
    return f"has no {', '.join(missing)}" if missing else None


def _is(kind: str | None, value: object) -> bool:
    return kind is None or (isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool)))


def _inside(schema: Schema, value: Any) -> list[tuple[str, Schema, Any]]:
    """What a list or an object holds, each with its place and its schema."""
    if schema.get("type") == "array":
        return [(f"[{place}]", schema.get("items", {}), one) for place, one in enumerate(value)]
    known: dict[str, Schema] = schema.get("properties", {})
    return [(f".{name}", one, value[name]) for name, one in known.items() if name in value]


def _template(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))


def _answers(words: "_Words") -> dict[tuple[str, str, int], Schema]:
    """By method, path and status."""
    found: dict[tuple[str, str, int], Schema] = {}
    path, method, status = "", "", 0
    words.skip_to("paths:")
    while words.next not in ("components:", ""):
        word = words.take()
        if match := _PATH.fullmatch(word):
            path = match[1]
        elif word in _METHODS:
            method, status = word[:-1].upper(), 0
        elif match := _STATUS.fullmatch(word):
            status = int(match[1])
            found[method, path, status] = ERROR
        elif word == "schema:" and status:
            schema = words.schema()
            if found[method, path, status] is ERROR:  # the first kind of content is JSON
                found[method, path, status] = schema
    return found


def _schemas(words: "_Words") -> dict[str, Schema]:
    found: dict[str, Schema] = {}
    words.skip_to("schemas:")
    while _NAME.fullmatch(words.next):
        name = words.take()[:-1]
        found[name] = words.schema()
    return found


class _Words:
    """A text word by word."""

    def __init__(self, text: str) -> None:
        self._words = text.split()
        self._place = 0

    @property
    def next(self) -> str:
        """Empty at the end."""
        return self._words[self._place] if self._place < len(self._words) else ""

    def rest(self, most: int) -> list[str]:
        return self._words[self._place : self._place + most]

    def take(self) -> str:
        self._place += 1
        return self._words[self._place - 1]

    def skip_to(self, word: str) -> None:
        """Behind it, or to the end."""
        while self.next not in (word, ""):
            self._place += 1
        self._place += 1

    def schema(self) -> Schema:
        """Up to a word that it has already: that is a property of the schema around it."""
        found: Schema = {}
        while (word := self.next.removesuffix(":")) in _WORDS and self.next.endswith(":") and word not in found:
            self.take()
            found[word] = self._value(word)
        return found

    def _value(self, word: str) -> Any:
        if word == "properties":
            return self._properties()
        if word == "items":
            return self.schema()
        if word == "allOf":
            return self._listed(self.schema)
        if self.next == "-":
            return self._listed(self.take)
        if word == "description":
            return self._prose()
        value = self.take().strip("'")
        return value.rpartition("/")[2] if word == "$ref" else value

    def _properties(self) -> dict[str, Schema]:
        found: dict[str, Schema] = {}
        while self._at_property():
            name = self.take()[:-1]
            found[name] = self.schema()
        return found

    def _listed(self, read: Any) -> list[Any]:
        found: list[Any] = []
        while self.next == "-":
            self.take()
            found.append(read())
        return found

    def _prose(self) -> str:
        """Up to what cannot belong to it."""
        words: list[str] = []
        while self.next and not self._at_end_of_prose():
            words.append(self.take())
        return " ".join(words)

    def _at_end_of_prose(self) -> bool:
        known = self.next.endswith(":") and self.next[:-1] in _WORDS
        return known or self._at_property() or any(one.fullmatch(self.next) for one in (_NAME, _PATH, _STATUS))

    def _at_property(self) -> bool:
        return bool(_PROPERTY.fullmatch(self.next)) and bool(_FIRST & set(self.rest(2)[1:]))
