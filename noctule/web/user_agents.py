"""What a user agent says of a browser, its system and the kind of device. The one file that knows ua-parser.

Its regular expressions run in linear time whatever is thrown at them. They are compiled by the first user agent, in a
tenth of a second, because a process that sees none need not pay for them.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from ua_parser import Domain
from ua_parser.loaders import load_lazy_builtins
from ua_parser.regex import Resolver

_LONGEST_NAME = 64
_BOT = re.compile(r"(?<!cu)bot\b|crawl|spider|slurp|headless|externalhit|lighthouse|preview")  # Cubot makes telephones
_SCREEN = re.compile(r"\btv\b|smart-?tv|googletv|bravia|crkey|web0s|\baft[a-z]")
_TABLET = re.compile(r"ipad|tablet(?! pc)|kindle|playbook")
_MOBILE = re.compile(r"mobi|iphone|ipod|windows phone|blackberry|opera mini")
_DESKTOP = re.compile(r"windows nt|macintosh|x11|wayland|linux (?:x86_64|i686)")


def is_browser(user_agent: str) -> bool:
    """Of a person, that is: a program that fetches or sends something names itself."""
    return user_agent.startswith(("Mozilla/", "Opera/")) and not _BOT.search(user_agent.lower())


@lru_cache(maxsize=2048)  # people share few user agents; those of one conversation are one
def described(user_agent: str) -> Mapping[str, str]:
    """Of browser, browser_version, os and device what is known. The text must be free of halves of surrogate pairs."""
    told = _resolver()(user_agent, Domain.USER_AGENT | Domain.OS)
    browser, system = told.user_agent, told.os
    known = {
        "browser": browser.family[:_LONGEST_NAME] if browser else None,
        "browser_version": ".".join(filter(None, (browser.major, browser.minor)))[:_LONGEST_NAME] if browser else None,
        "os": system.family[:_LONGEST_NAME] if system else None,
        "device": _device(user_agent.lower()),
    }
    return MappingProxyType({name: value for name, value in known.items() if value})


def _device(user_agent: str) -> str | None:
    if _BOT.search(user_agent):
        return "bot"
    if _SCREEN.search(user_agent):
        return None
    mobile = _MOBILE.search(user_agent)
    if _TABLET.search(user_agent) or ("android" in user_agent and not mobile):
        return "tablet"
    if mobile:
        return "mobile"
    return "desktop" if _DESKTOP.search(user_agent) else None


@cache
def _resolver() -> Resolver:
    user_agents, systems, _devices = load_lazy_builtins()
    return Resolver((user_agents, systems, []))  # models of devices are most of the data, and nothing we show
