"""`noctule check-config`: what the settings mean, in plain words, and what is unsafe about them. docs/settings.md lists it all."""

import argparse
import ipaddress
import logging
from collections.abc import Sequence
from dataclasses import fields
from typing import cast
from urllib.parse import urlsplit

from noctule.base.mail import mail_server
from noctule.base.near import is_near
from noctule.base.reach import is_readable
from noctule.base.settings import Settings

_SECRET = {"secret_key", "smtp_url", "database_url"}
_SHORTEST_SECRET = 32
_FEWEST = 8  # different characters of a secret; one of 32 random digits has fewer once in a thousand times
_log = logging.getLogger(__name__)


def check_config(settings: Settings, _given: argparse.Namespace) -> int:
    """0 when nothing is unsafe, 1 with warnings."""
    for field in fields(settings):
        value = getattr(settings, field.name)
        shown = "(set)" if field.name in _SECRET and value else _written(value)
        print(f"{field.name:16} {shown}".rstrip())
    found = warnings(settings)
    for warning in found:
        print(f"warning: {warning}")
    for note in notes(settings):
        print(f"note: {note}")
    return 1 if found else 0


def log_each(found: Sequence[str]) -> None:
    """At the start of a process, for who never asked."""
    for warning in found:
        _log.warning(warning)


def warnings(settings: Settings) -> list[str]:
    found = [*_about_address(settings), *_about_proxies(settings)]
    if settings.secret_key:
        found += _about_secret(settings.secret_key)
    if settings.open_signup and (_has_visitors(settings) or not is_near(settings.host)):
        found.append("open_signup lets anybody who reaches this server make an account")
    if settings.workers == 0 and not settings.database_url:
        found.append("workers is 0 beside the embedded database: nothing is judged")
    if settings.smtp_url and not settings.base_url:
        found.append(f"smtp_url is set, but base_url is not: links in mails would lead to {settings.address}")
    return found + warnings_of_worker(settings)


def warnings_of_worker(settings: Settings) -> list[str]:
    """What is unsafe also where nobody visits."""
    found: list[str] = []
    if settings.database_url and is_readable(settings.database_url):
        found.append(
            "database_url does not demand TLS, and the database is on another machine: passwords and conversations could be "
            "read on the way; add ?sslmode=require, or verify-full with sslrootcert"
        )
    if settings.allow_private_hosts:
        found.append("allow_private_hosts lets whoever adds sources read pages of this network")
    server = mail_server(settings.smtp_url) if settings.smtp_url else None
    if server and server.user and not server.tls and not server.is_near:
        found.append(
            "smtp_url is not smtps: without TLS from the first byte, mail goes out only where STARTTLS is offered"
        )
    return found


def notes(settings: Settings) -> list[str]:
    """What is right in one set-up and wrong in another."""
    found: list[str] = []
    if settings.database_url and settings.workers == 0:
        found.append("workers is 0: conversations are judged once `noctule worker` runs elsewhere")
    if settings.database_url and not settings.secret_key:
        found.append(
            "secret_key is empty, so this server makes its own and keeps it in data_dir: several servers need the same one, "
            "and without the folder everybody has to sign in again"
        )
    return found


def _about_address(settings: Settings) -> list[str]:
    scheme = urlsplit(settings.base_url).scheme
    if scheme == "http" and _has_visitors(settings):
        return ["base_url is not https: passwords and sessions would travel in the clear"]
    if scheme != "https" and not is_near(settings.host):
        return ["host listens beyond this machine, but base_url is not https: passwords would travel in the clear"]
    if scheme == "https" and not settings.trusted_proxies:
        words = "base_url is https, which only a proxy can speak for us, but trusted_proxies is empty"
        return [f"{words}: all visitors seem to have its address, and share the limits by address"]
    return []


def _about_proxies(settings: Settings) -> list[str]:
    everybody = [one for one in settings.trusted_proxies if one == "*" or ipaddress.ip_network(one).prefixlen == 0]
    return [f"trusted_proxies holds {one}: any caller may claim any address" for one in everybody]


def _about_secret(secret: str) -> list[str]:
    if len(secret) < _SHORTEST_SECRET:
        return [f"secret_key is shorter than {_SHORTEST_SECRET} characters: sessions could be forged"]
    if len(set(secret)) < _FEWEST or secret in (secret * 2)[1:-1]:
        return ["secret_key says the same few characters again and again: sessions could be forged"]
    return []


def _has_visitors(settings: Settings) -> bool:
    """From elsewhere, by a proxy on this machine."""
    host = urlsplit(settings.base_url).hostname
    return host is not None and not is_near(host)


def _written(value: object) -> str:
    """As it would be written in the environment."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(cast("tuple[str, ...]", value)) if isinstance(value, tuple) else str(value)
