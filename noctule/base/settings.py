"""The settings of a process: read once, at the start, from flags and from `NOCTULE_*`; frozen afterwards.

Whatever an administrator may change while it runs is a row edited in the dashboard, not a setting.
Each name is explained in docs/settings.md.
"""

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from noctule.base.mail import mail_server

_PERIODS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_MOST_WORKERS = 256
_ADDRESS = re.compile(r"(\[[0-9a-fA-F:.%]+\]|[^\[\]:/]*)(:[0-9]{1,5})?")
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


class BadSetting(Exception):
    """A setting that cannot be used, in one line that names it."""


@dataclass(frozen=True)
class Rate:
    """`requests` in `seconds`, also the largest burst."""

    requests: int
    seconds: int

    def __str__(self) -> str:
        return f"{self.requests}/{next(name for name, seconds in _PERIODS.items() if seconds == self.seconds)}"


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
    allow_private_hosts: bool = False  # whether pages of private networks may be read
    rate_limit: Rate = Rate(6000, 60)  # per key

    @property
    def address(self) -> str:
        """Where this server is, for links in mails: never what a request says, which anybody may make up."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.base_url.rstrip("/") or f"http://{host}:{self.port}"

    def with_flags(self, flags: Mapping[str, str | None]) -> "Settings":
        """Flags are read as the environment is. Raises BadSetting."""
        given = {name: value.strip() for name, value in flags.items() if value is not None}
        read = {name: _parse(name, f"--{name.replace('_', '-')}", value) for name, value in given.items()}
        return replace(self, **read)


def environment_of(settings: Settings) -> dict[str, str]:
    """Ours, for a process that works on the same database and folder."""
    return {
        **os.environ,
        "NOCTULE_DATABASE_URL": settings.database_url,
        "NOCTULE_DATA_DIR": str(settings.data_dir),
    }


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Raises BadSetting. An unknown `NOCTULE_*` name is refused, and one of ours in other letters than capitals: a misspelt
    setting must not be silently ignored.
    """
    variables = os.environ if environment is None else environment
    ours = {_variable(field.name): field.name for field in fields(Settings)}
    given = {name: value for name, value in variables.items() if name.startswith("NOCTULE_") or name.upper() in ours}
    if unknown := sorted(set(given) - set(ours)):
        raise BadSetting(_unknown(unknown[0], sorted(ours)))
    return Settings(**{ours[name]: _parse(ours[name], name, value.strip()) for name, value in given.items()})  # pyright: ignore[reportArgumentType]


def inherited(**more: str) -> dict[str, str]:
    """Our own environment and what else a child process shall find in its own."""
    return {**os.environ, **more}


def _variable(name: str) -> str:
    return f"NOCTULE_{name.upper()}"


def _unknown(name: str, known: list[str]) -> str:
    likely = get_close_matches(name.upper(), known, n=1)
    meant = f"; did you mean {likely[0]}?" if likely else "."
    return f"{name} is not a setting{meant} Known: {', '.join(known)}"


def _parse(name: str, variable: str, value: str) -> object:
    read = _READERS.get(name)
    return read(variable, value) if read else value


def parse_rate(variable: str, value: str) -> Rate:
    match = re.fullmatch(r"(\d{1,9})/(second|minute|hour|day)", value)
    if not match or int(match[1]) == 0:
        raise BadSetting(f"{variable} must look like 600/minute (second, minute, hour or day), not {value!r}")
    return Rate(int(match[1]), _PERIODS[match[2]])


def _port(variable: str, value: str) -> int:
    return _whole_number(variable, value, 65535)


def _workers(variable: str, value: str) -> int:
    return _whole_number(variable, value, _MOST_WORKERS)


def _whole_number(variable: str, value: str, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", value) or int(value) > most:
        raise BadSetting(f"{variable} must be a whole number from 0 to {most}, not {value!r}")
    return int(value)


def _host(variable: str, value: str) -> str:
    if not value:  # to the operating system, no address means every address
        raise BadSetting(f"{variable} must not be empty")
    return value


def _folder(variable: str, value: str) -> Path:
    if not value:
        raise BadSetting(f"{variable} must not be empty")
    return Path(value)


def _proxies(variable: str, value: str) -> tuple[str, ...]:
    """Names are not looked up: whoever answers for a name could say who calls."""
    found = tuple(part.strip() for part in value.split(",") if part.strip())
    for one in found:
        try:
            if one != "*":
                _ = ipaddress.ip_network(one) if "/" in one else ipaddress.ip_address(one)
        except ValueError as error:
            raise BadSetting(f"{variable} must hold addresses such as 127.0.0.1 or 10.0.0.0/8: {error}") from None
    return found


def _base_url(variable: str, value: str) -> str:
    """Links are made of it, in mails too: one that leads nowhere must not be found out by who has lost a password."""
    try:
        parts = urlsplit(value)
        is_whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_whole = False
    if value and not is_whole:
        raise BadSetting(
            f"{variable} must begin with http:// or https:// and name a host, like https://bots.example.com"
        )
    parts = urlsplit(value)
    if parts.username is not None or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise BadSetting(f"{variable} must be like https://bots.example.com: no user, no path and nothing behind it")
    return parts.geturl()  # its scheme in small letters


def _database_url(variable: str, value: str) -> str:
    """The value is never repeated: it may hold a password, or a part of one in the wrong place."""
    try:
        parts = urlsplit(value)
    except ValueError:
        raise BadSetting(f"{variable} is no address") from None
    if value and parts.scheme not in ("postgresql", "postgres"):
        raise BadSetting(f"{variable} must look like postgresql://user@host:5432/database")
    for address in parts.netloc.rpartition("@")[2].split(","):
        found = _ADDRESS.fullmatch(address)
        if not found or int((found[2] or ":0")[1:]) > 65535:
            raise BadSetting(
                f"{variable} names no host and port; in a password, write @ / : # ? % as %40 %2F %3A %23 %3F %25"
            )
    return value


def _smtp_url(variable: str, value: str) -> str:
    """The value is never repeated: it may hold a password."""
    try:
        if value:
            mail_server(value)
    except ValueError as error:
        raise BadSetting(f"{variable} {error}") from None
    return value


def _switch(variable: str, value: str) -> bool:
    if value.lower() not in _TRUE | _FALSE:
        raise BadSetting(f"{variable} must be true or false, not {value!r}")
    return value.lower() in _TRUE


# Whatever is not here is text as it stands.
_READERS: Mapping[str, Callable[[str, str], object]] = {
    "host": _host,
    "port": _port,
    "data_dir": _folder,
    "workers": _workers,
    "database_url": _database_url,
    "base_url": _base_url,
    "open_signup": _switch,
    "smtp_url": _smtp_url,
    "allow_private_hosts": _switch,
    "trusted_proxies": _proxies,
    "rate_limit": parse_rate,
}
