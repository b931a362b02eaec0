"""The native face: accounts, organization keys, custom fields, people, knowledge, files of conversations, jobs, and what an operator asks."""

from noctule.api.native import accounts, errors, fields, jobs, keys, knowledge, operate, people, transfers

__all__ = ["accounts", "errors", "fields", "jobs", "keys", "knowledge", "operate", "people", "transfers"]
