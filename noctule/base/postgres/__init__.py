"""The embedded PostgreSQL: its binaries come from a wheel, everything else is ours (docs/decisions/0002).

One data folder, one owner at a time. It starts through whatever the last end left behind, waits for a recovery however
long it takes, and stops when its owner stops or dies. `start` again after a crash continues with what was committed.
"""

from noctule.base.postgres.binaries import program
from noctule.base.postgres.errors import AlreadyRunning, CannotStart
from noctule.base.postgres.supervisor import Postgres

__all__ = ["AlreadyRunning", "CannotStart", "Postgres", "program"]
