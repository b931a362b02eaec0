"""`noctule check-config`: what the settings mean, in plain words, and what is unsafe about them."""

import argparse
import ipaddress
from dataclasses import fields
from typing import cast
from urllib.parse import urlsplit

from noctule.base.mail import mail_server
from noctule.base.settings import Settings

_SECRET = {"secret_key", "smtp_url", "database_url"}
_SHORTEST_SECRET = 32


def check_config(settings: Settings, _given: argparse.Namespace) -> int:
    """0 when nothing is unsafe, 1 with warnings."""
    for field in fields(settings):
        value = getattr(settings, field.name)
        shown = "(set)" if field.name in _SECRET and value else _written(value)
        print(f"{field.name:16} {shown}".rstrip())
    found = warnings(settings)
    for warning in found:
        print(f"warning: {warning}")
    return 1 if found else 0


def warnings(settings: Settings) -> list[str]:
    found: list[str] = []
    if _is_open(settings.host) and urlsplit(settings.base_url).scheme != "https":
        found.append("host listens beyond this machine, but base_url is not https: passwords would travel in the clear")
    if settings.secret_key and len(settings.secret_key) < _SHORTEST_SECRET:
        found.append(f"secret_key is shorter than {_SHORTEST_SECRET} characters: sessions could be forged")
    if settings.open_signup and _is_open(settings.host):
        found.append("open_signup lets anybody who reaches this server make an account")
    if "*" in settings.trusted_proxies:
        found.append("trusted_proxies is *: any caller may claim any address")
    if settings.allow_private_hosts:
        found.append("allow_private_hosts lets whoever adds sources read pages of this network")
    if settings.workers == 0:
        found.append("workers is 0: nothing is judged unless `noctule worker` runs elsewhere")
    return found + _about_mail(settings)


def _about_mail(settings: Settings) -> list[str]:
    if not settings.smtp_url:
        return []
    found: list[str] = []
    server = mail_server(settings.smtp_url)
    if not settings.base_url:
        found.append(f"smtp_url is set, but base_url is not: links in mails would lead to {settings.address}")
    if server.user and not server.tls and not server.is_near:
        found.append(
            "smtp_url is not smtps: without TLS from the first byte, mail goes out only where STARTTLS is offered"
        )
    return found


def _written(value: object) -> str:
    """As it would be written in the environment."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(cast("tuple[str, ...]", value)) if isinstance(value, tuple) else str(value)


def _is_open(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"
