"""The native face: accounts, organization keys, and what an operator asks of a server."""

from noctule.api.native import accounts, errors, keys, operate

__all__ = ["accounts", "errors", "keys", "operate"]
