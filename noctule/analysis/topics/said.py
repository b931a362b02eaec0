"""What a conversation is about, as far as its user said it: the text that becomes its vector and gives topics their names."""

import re
from collections.abc import Sequence

LONGEST = 1600  # characters; the model reads about 256 tokens
_ONE = 400  # of a single message
_FEW = 4  # words; a shorter message says little by itself
_GREETING = re.compile(
    r"^\W*(?:hi+|hey+|hello+|hai|hiya|yo|good (?:morning|afternoon|evening|day)|greetings|thanks?|thank ?you|thx|ok(?:ay)?|"
    r"yes|yeah|no|sure|great|bye|good ?bye|please|cool|perfect|nice|welcome)\b[\s,.!?]*(?:there|you|so much|very much|again|"
    r"team|everyone|sir|madam|bye)?[\s,.!?]*",
    re.IGNORECASE,
)


def words_of(messages: Sequence[str]) -> str:
    """The user's messages that say something, in their order, then the short ones; empty when nothing was said."""
    plain = [_without_greeting(message[:_ONE]) for message in messages]
    long = [text for text in plain if len(text.split()) >= _FEW]
    short = [text for text in plain if 0 < len(text.split()) < _FEW]
    return "\n".join([*long, *short])[:LONGEST].strip()


def _without_greeting(text: str) -> str:
    rest = " ".join(text.split())
    while (found := _GREETING.match(rest)) and found.end():
        rest = rest[found.end() :]
    return rest
