"""Privacy: how long conversations are kept, what is known of one person, and forgetting them."""

from noctule.privacy.erase import ERASE, begin_erasing, erase_person
from noctule.privacy.retention import expire_conversations, expired
from noctule.privacy.told import told_of

__all__ = [
    "ERASE",
    "begin_erasing",
    "erase_person",
    "expire_conversations",
    "expired",
    "told_of",
]
