"""The native face: accounts, organization keys, files of conversations, and what an operator asks of a server."""

from noctule.api.native import accounts, errors, jobs, keys, operate, transfers

__all__ = ["accounts", "errors", "jobs", "keys", "operate", "transfers"]
