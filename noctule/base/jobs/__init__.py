"""Work kept in the same database as the change that causes it: it cannot be lost, and it cannot start too early.

A worker *leases* a job, runs it with no transaction open, and marks it. A worker that dies lets the lease run out
and another one takes over, so handlers must be safe to repeat. They take ids, never objects.
"""

from noctule.base.jobs.models import Handler, Job, JobHandedOver, JobHopeless, JobState, JobStopped
from noctule.base.jobs.running import listen, run_next, work
from noctule.base.jobs.store import (
    ATTEMPTS,
    cancel,
    enqueue,
    extend,
    fail,
    failed_since,
    finish,
    hand_over,
    jobs_of,
    latest_of,
    lease,
    progress,
    purge,
    start,
    start_once,
    state_of,
    waiting,
    waiting_below,
)

__all__ = [
    "ATTEMPTS",
    "Handler",
    "Job",
    "JobHandedOver",
    "JobHopeless",
    "JobState",
    "JobStopped",
    "cancel",
    "enqueue",
    "extend",
    "fail",
    "failed_since",
    "finish",
    "hand_over",
    "jobs_of",
    "latest_of",
    "lease",
    "listen",
    "progress",
    "purge",
    "run_next",
    "start",
    "start_once",
    "state_of",
    "waiting",
    "waiting_below",
    "work",
]
