"""Names of inputs, outputs and parameters, which no event of Snakemake's carries.

Only `stemma snakemake` asks for them (by STEMMA_SNAKEMAKE_SLOTS): as a job is announced, its named slots are appended
to the spool just before. A Snakemake that is built otherwise is left as it is.
"""

import functools
import os

from .plain import plain

ASKED_BY = "STEMMA_SNAKEMAKE_SLOTS"


def record_slots(append):
    """Has every job tell its slots by `append(event, fields)` when Snakemake announces it."""
    if not os.environ.get(ASKED_BY):
        return False
    try:
        from snakemake.jobs import Job

        announce = Job.log_info
    except Exception:
        return False

    @functools.wraps(announce)
    def announce_with_slots(self, *args, **kwargs):
        try:
            append("job_slots", slots_of(self))
        except Exception:
            pass  # the job matters, its recording does not
        return announce(self, *args, **kwargs)

    Job.log_info = announce_with_slots
    return True


def slots_of(job):
    """The named slots of a job, and its parameters with their types."""
    return {
        "jobid": job.jobid,
        "inputs": _files(job.input),
        "outputs": _files(job.output),
        "params": {str(name): plain(value) for name, value in job.params.items()},
        "unnamed_params": [plain(value) for value in _unnamed(job.params)],
        "checkpoint": bool(getattr(job, "is_checkpoint", False)),
    }


def _files(named):
    slots = {}
    for name, value in named.items():
        files = [value] if isinstance(value, str) else list(value)
        slots[str(name)] = [str(file) for file in files]
    return slots


def _unnamed(named):
    count = len(named)
    taken = set()
    for start, end in getattr(named, "_names", {}).values():
        taken.update([start] if end is None else range(start, end))
    return [named[at] for at in range(count) if at not in taken]
