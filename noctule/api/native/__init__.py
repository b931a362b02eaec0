"""The native face: accounts, members and invitations, organization keys, the audit log, custom fields, people,
search, topics, knowledge, agents, files of conversations, jobs, and what an operator asks.
"""

from noctule.api.native import (
    accounts,
    agents,
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
    topics,
    transfers,
    views,
)

__all__ = [
    "accounts",
    "agents",
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
    "topics",
    "transfers",
    "views",
]
