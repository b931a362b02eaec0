"""The native face: accounts, organization keys, custom fields, and what an operator asks of a server."""

from noctule.api.native import accounts, errors, fields, keys, operate

__all__ = ["accounts", "errors", "fields", "keys", "operate"]
