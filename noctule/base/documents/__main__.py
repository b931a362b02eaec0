"""The child: one document comes in, one reply goes out. It gives up all it does not need before it looks at anything."""

import resource
import sys

import msgspec

from noctule.base.documents.child import Reply
from noctule.base.documents.formats import Unreadable, document

_MEMORY = 1536 * 1024 * 1024
_SECONDS = 20


def main(name: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        text, title = document(sys.stdin.buffer.read(), name)
        reply = Reply(text=text, title=title)
    except Unreadable as error:
        reply = Reply(problem=str(error))
    sys.stdout.buffer.write(msgspec.json.encode(reply))


if __name__ == "__main__":
    main(sys.argv[1])
