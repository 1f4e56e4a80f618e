"""Work for later, kept in the same database and the same transaction as what it follows from.

A job is done at least once: a worker takes it under a lease, and its effect and its removal are one commit. A worker
that dies leaves the lease to run out, and another takes the job over; a worker that wakes up too late finds that the
job is no longer its own, and commits nothing.
"""

from processes.jobs.doing import MOST_ATTEMPTS, Failed, Handler, Slow, UnknownKind, do_some, run_all
from processes.jobs.table import Job, enqueue, enqueue_new, next_due
from processes.jobs.taking import LEASE, Taken

__all__ = [
    "LEASE",
    "MOST_ATTEMPTS",
    "Failed",
    "Handler",
    "Job",
    "Slow",
    "Taken",
    "UnknownKind",
    "do_some",
    "enqueue",
    "enqueue_new",
    "next_due",
    "run_all",
]
