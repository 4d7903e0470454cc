"""The file that events are appended to: one JSON object a line, written at once, never rewritten.

Runs under every Python that Snakemake 5.9 and newer run under (3.6 on).
"""

import json
import os
import socket
import sys
import threading
import time
import uuid

VERSION = 1
LOG_ENDING = ".snakemake.log"
# Lines kept in memory while the disk is full or away; older ones are given up first.
MOST_PENDING = 100_000
# Events with which the run is under way: a file is made for them even when Snakemake keeps no log.
NAMING = frozenset(["job_info", "job_started", "job_finished", "job_error", "error", "closed"])
MOST_UNNAMED = 1000
# Events after which the file must survive a power cut, not only the end of the process.
SYNCED = frozenset(["job_error", "group_error", "error", "closed"])
# Made once: `json.dumps` with options of its own makes one each time.
_ENCODER = json.JSONEncoder(ensure_ascii=True, default=str)


class Spool:
    """Appends events of one run. Never raises: a workflow does not stop because its recorder cannot write."""

    def __init__(self, folder=None):
        self._folder = folder
        self._run = str(uuid.uuid4())
        self._seq = 0
        self._path = None
        self._file = None
        # Events that wait until the file has a name, and lines that wait until they can be written.
        self._unnamed = []
        self._pending = []
        self._lost = 0
        self._lock = threading.Lock()
        self._closed_at = None

    def append(self, event, fields, logfile=None, created=None):
        """Writes one event, in a file beside `logfile`, Snakemake's own log, which 8 and newer open a little late."""
        try:
            with self._lock:
                self._unnamed.append((event, fields, created or time.time()))
                if logfile is None and self._path is None and event not in NAMING and len(self._unnamed) < MOST_UNNAMED:
                    return
                self._write(logfile)
                if event in SYNCED and self._file is not None:
                    os.fsync(self._file)
        except Exception:  # the workflow goes on, whatever is wrong with the recorder
            self._lost += 1

    def close(self):
        """Says that the process ended by itself. Snakemake 9 closes its handlers twice; only new events count."""
        if self._seq == 0 or self._closed_at == self._seq:
            return
        self.append("closed", {"lost": self._lost})
        with self._lock:
            self._closed_at = self._seq
            if self._file is not None:
                try:
                    os.close(self._file)
                except OSError:
                    self._lost += 1
                self._file = None

    def _write(self, logfile):
        if self._path is None:
            self._path = self._path_for(logfile)
            self._line("opened", self._opening(logfile), self._unnamed[0][2])
        for event, fields, created in self._unnamed:
            self._line(event, fields, created)
        self._unnamed = []
        try:
            if self._file is None:
                self._file = self._open()
            while self._pending:
                _write_whole(self._file, self._pending[0])
                del self._pending[0]
        except OSError:
            pass  # a full disk: the lines wait for the next event

    def _opening(self, logfile):
        return {
            "log": logfile,
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "argv": [str(word) for word in sys.argv],
            "cwd": os.getcwd(),
            "python": sys.version.split()[0],
        }

    def _line(self, event, fields, created):
        self._seq += 1
        line = {"v": VERSION, "seq": self._seq, "ts": created, "run": self._run, "event": event}
        line.update((name, value) for name, value in fields.items() if name not in line)
        self._pending.append(_ENCODER.encode(line).encode("ascii") + b"\n")
        if len(self._pending) > MOST_PENDING:
            del self._pending[0]
            self._lost += 1

    def _open(self):
        os.makedirs(os.path.dirname(self._path), exist_ok=True)
        # Commands can hold secrets: for the user alone.
        return os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def _path_for(self, logfile):
        if logfile and logfile.endswith(LOG_ENDING):
            stem = os.path.basename(logfile)[: -len(LOG_ENDING)]
            store = os.path.dirname(os.path.dirname(os.path.abspath(logfile)))
        else:
            stem = self._run
            store = os.path.join(os.getcwd(), ".snakemake")
        return os.path.join(self._folder or os.path.join(store, "stemma"), stem + ".jsonl")


def _write_whole(file, data):
    while data:
        data = data[os.write(file, data):]
