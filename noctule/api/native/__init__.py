"""The native face: accounts, members and invitations, organization keys, the audit log, custom fields, people,
search, knowledge, files of conversations, jobs, and what an operator asks.
"""

from noctule.api.native import (
    accounts,
    audit,
    errors,
    fields,
    invitations,
    jobs,
    keys,
    knowledge,
    members,
    operate,
    passwords,
    people,
    search,
    transfers,
    views,
)

__all__ = [
    "accounts",
    "audit",
    "errors",
    "fields",
    "invitations",
    "jobs",
    "keys",
    "knowledge",
    "members",
    "operate",
    "passwords",
    "people",
    "search",
    "transfers",
    "views",
]
