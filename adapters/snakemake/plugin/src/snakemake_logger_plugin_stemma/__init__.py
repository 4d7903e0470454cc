"""Stemma's logger plugin for Snakemake 9: appends every event to a spool file, and does nothing else."""

import logging
from dataclasses import dataclass, field
from typing import Optional

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.settings import LogHandlerSettingsBase

from .plain import plain
from .slots import record_slots
from .spool import LOG_ENDING, Spool

__version__ = "0.1.0"

# Most characters of a plain message; lists of files in them can be long.
LONGEST_TEXT = 100_000
# Attributes that every record of Python's logging has.
_STANDARD = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {"message", "asctime", "event", "taskName"}


@dataclass
class LogHandlerSettings(LogHandlerSettingsBase):
    folder: Optional[str] = field(
        default=None,
        metadata={
            "help": "Folder for the events of the run, instead of .snakemake/stemma in the working directory.",
            "env_var": False,
            "required": False,
        },
    )


class LogHandler(LogHandlerBase):
    """Turns each record into one line of the spool. Interface 1.x and 2.x."""

    def __post_init__(self) -> None:
        if not hasattr(self, "filters"):
            logging.Handler.__init__(self)  # interface 1.x leaves it to the plugin
        self._spool = Spool(getattr(self.settings, "folder", None))
        self._logfile = None
        if not self._is_dry:
            record_slots(lambda event, fields: self._append(event, fields, None))

    @property
    def _is_dry(self) -> bool:
        return bool(getattr(self.common_settings, "dryrun", False))

    def emit(self, record: logging.LogRecord) -> None:
        if self._is_dry:
            return
        try:
            name, fields = event_of(record)
            if name is not None:
                self._append(name, fields, record.created)
        except Exception:  # logging must never stop a workflow
            self._append("unreadable", {"level": record.levelname}, record.created)

    def close(self) -> None:
        self._spool.close()
        super().close()

    def _append(self, name: str, fields: dict, created: Optional[float]) -> None:
        if self._logfile is None:
            self._logfile = find_logfile()
        self._spool.append(name, fields, self._logfile, created)

    @property
    def writes_to_stream(self) -> bool:
        return False

    @property
    def writes_to_file(self) -> bool:
        return False  # early 9.x closes handlers that say so before their queue is empty

    @property
    def has_filter(self) -> bool:
        return True  # the default filter drops events under --quiet, and commands without -p

    @property
    def has_formatter(self) -> bool:
        return True

    @property
    def needs_rulegraph(self) -> bool:
        return False


def event_of(record: logging.LogRecord):
    """The record's event and its fields; a plain message is the event `text`."""
    event = getattr(record, "event", None)
    if event is None:
        text = record.getMessage()
        return (None, {}) if not text or text == "None" else ("text", {"text": text[:LONGEST_TEXT], "level": record.levelname})
    name = str(getattr(event, "value", event)).rsplit(".", 1)[-1].lower()
    fields = {key: plain(value) for key, value in vars(record).items() if key not in _STANDARD}
    if name in ("error", "job_error", "group_error"):
        fields["text"] = str(record.msg)[:LONGEST_TEXT]
    if name == "group_info":
        fields["jobs"] = [_job_id(job) for job in getattr(record, "jobs", ())]
    return name, fields


def _job_id(job):
    try:
        return job.jobid
    except Exception:
        return str(job)


def find_logfile() -> Optional[str]:
    """Snakemake's own log of this run: its name is the run's name."""
    for handler in logging.getLogger("snakemake.logging").handlers:
        name = getattr(handler, "baseFilename", None)
        if name and str(name).endswith(LOG_ENDING):
            return str(name)
    return _logfile_of_manager()


def _logfile_of_manager() -> Optional[str]:
    """Early 9.x (seen in 9.3) hands all records to a queue: only its manager knows the log."""
    try:
        from snakemake.logging import logger_manager

        names = [str(name) for name in logger_manager.get_logfile()]
        return next((name for name in names if name.endswith(LOG_ENDING)), None)
    except Exception:
        return None
