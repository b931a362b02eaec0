"""The settings of a process: read once, at the start, from flags and from `NOCTULE_*`; frozen afterwards.

Whatever an administrator may change while it runs is a row edited in the dashboard, not a setting.
Each name is explained in docs/settings.md.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

_PERIODS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


class BadSetting(Exception):
    """A setting that cannot be used, in one line that names it."""


@dataclass(frozen=True)
class Rate:
    """`requests` in `seconds`, also the largest burst."""

    requests: int
    seconds: int


@dataclass(frozen=True)
class Settings:
    host: str = "127.0.0.1"
    port: int = 8000
    data_dir: Path = Path(".noctule")
    workers: int = 1
    database_url: str = ""  # empty: PostgreSQL embedded in data_dir
    base_url: str = ""  # empty: as the browser sees it
    open_signup: bool = False
    secret_key: str = ""  # empty: generated once and kept in data_dir
    smtp_url: str = ""
    trusted_proxies: tuple[str, ...] = ()
    rate_limit: Rate = Rate(6000, 60)  # per key

    def with_flags(self, flags: Mapping[str, object]) -> "Settings":
        given = {name: value for name, value in flags.items() if value is not None}
        return replace(self, **given)


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Raises BadSetting. An unknown `NOCTULE_*` name is refused: a misspelt setting must not be silently ignored."""
    variables = os.environ if environment is None else environment
    given = {name[8:].lower(): value for name, value in variables.items() if name.startswith("NOCTULE_")}
    known = {field.name for field in fields(Settings)}
    if unknown := sorted(set(given) - known):
        raise BadSetting(f"NOCTULE_{unknown[0].upper()} is not a setting. Known: {', '.join(sorted(known))}")
    return Settings(**{name: _parse(name, value.strip()) for name, value in given.items()})  # pyright: ignore[reportArgumentType]


def _parse(name: str, value: str) -> object:
    variable = f"NOCTULE_{name.upper()}"
    match name:
        case "port" | "workers":
            return _whole_number(variable, value)
        case "open_signup":
            return _switch(variable, value)
        case "data_dir":
            return Path(value)
        case "trusted_proxies":
            return tuple(part.strip() for part in value.split(",") if part.strip())
        case "rate_limit":
            return parse_rate(variable, value)
        case _:
            return value


def parse_rate(variable: str, value: str) -> Rate:
    match = re.fullmatch(r"(\d{1,9})/(second|minute|hour|day)", value)
    if not match or int(match[1]) == 0:
        raise BadSetting(f"{variable} must look like 600/minute (second, minute, hour or day), not {value!r}")
    return Rate(int(match[1]), _PERIODS[match[2]])


def _whole_number(variable: str, value: str) -> int:
    if not re.fullmatch(r"\d{1,5}", value) or int(value) > 65535:
        raise BadSetting(f"{variable} must be a whole number from 0 to 65535, not {value!r}")
    return int(value)


def _switch(variable: str, value: str) -> bool:
    if value.lower() not in _TRUE | _FALSE:
        raise BadSetting(f"{variable} must be true or false, not {value!r}")
    return value.lower() in _TRUE
