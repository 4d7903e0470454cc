"""For Snakemake 5.9 to 8: `snakemake --log-handler-script <this file>`. The same spool as the plugin's.

Snakemake loads this file by its path, so it brings its own package in. It defines `log_handler(msg)`, which gets one
dict a message, told apart by `level`.
"""

import importlib.util
import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))


def _load(name):
    """A module of this package, without running its __init__, which needs Snakemake 9."""
    package = "snakemake_stemma_handler"
    if package not in sys.modules:
        spec = importlib.util.spec_from_loader(package, loader=None, is_package=True)
        module = importlib.util.module_from_spec(spec)
        module.__path__ = [_HERE]
        sys.modules[package] = module
    return importlib.import_module(package + "." + name)


_plain = _load("plain").plain
_SPOOL = _load("spool").Spool(os.environ.get("STEMMA_SNAKEMAKE_FOLDER") or None)

# Levels that are events, by the names that Snakemake 9 gives them.
_EVENTS = {
    "job_info": "job_info",
    "job_finished": "job_finished",
    "job_error": "job_error",
    "group_info": "group_info",
    "group_error": "group_error",
    "run_info": "run_info",
    "progress": "progress",
    "shellcmd": "shellcmd",
    "resources_info": "resources_info",
}
_seen = [None]
_TEXTS = frozenset(["info", "warning", "error", "host"])


def log_handler(msg):
    """Called by Snakemake for every message. Never raises."""
    try:
        # Snakemake 8 registers the handler twice and hands both the same dict.
        if msg is _seen[0] or _is_dry():
            return
        _seen[0] = msg
        level = msg.get("level")
        name = _EVENTS.get(level)
        if name is not None:
            _append(name, {key: _plain(value) for key, value in msg.items() if key not in ("level", "timestamp")})
        elif level in _TEXTS:
            text = msg.get("msg")
            if text:
                _append("text", {"text": str(text)[:100_000], "level": str(level).upper()})
    except Exception:
        pass  # logging must never stop a workflow


def _append(name, fields):
    if "name" in fields and "rule_name" not in fields:
        fields["rule_name"] = fields.pop("name")
    if name in ("job_info", "job_error") and "msg" in fields:
        fields["rule_msg"] = fields.pop("msg")
    if name == "job_finished" and "jobid" in fields:
        fields["job_id"] = fields.pop("jobid")
    _SPOOL.append(name, fields, _logfile())


def _logfile():
    try:
        from snakemake.logging import logger

        return logger.get_logfile()
    except Exception:
        return None


def _is_dry():
    try:
        from snakemake.logging import logger

        return bool(getattr(logger, "dryrun", False)) or "-n" in sys.argv or any(
            word.startswith(("--dry-run", "--dryrun")) for word in sys.argv
        )
    except Exception:
        return False


def _at_exit():
    _SPOOL.close()


import atexit  # noqa: E402  (after the functions that it needs)

atexit.register(_at_exit)
_load("slots").record_slots(_append)
