"""The process that groups: a MessagePack value in, one out, and it ends."""

import os
import sys

import msgspec

from noctule.analysis.topics.grouping import Gathered, group

_NICENESS = 10


def main() -> None:
    os.nice(_NICENESS)
    gathered = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Gathered)
    sys.stdout.buffer.write(msgspec.msgpack.encode(group(gathered)))


if __name__ == "__main__":
    main()
