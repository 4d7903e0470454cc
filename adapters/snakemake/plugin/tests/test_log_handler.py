"""The log handler script for Snakemake 5.9 to 8, driven as they drive it: loaded by path, called with dicts."""

import json
import subprocess
import sys

from conftest import SRC

SCRIPT = SRC / "snakemake_logger_plugin_stemma" / "log_handler.py"

DRIVE = """
import importlib.util, sys, types
package, logging = types.ModuleType("snakemake"), types.ModuleType("snakemake.logging")
class Logger:
    def get_logfile(self): return LOG
logging.logger = Logger(); package.logging = logging
sys.modules["snakemake"], sys.modules["snakemake.logging"] = package, logging
LOG = sys.argv[2]
spec = importlib.util.spec_from_file_location("log_handler_script", sys.argv[1])
module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)
for message in [
    {"level": "info", "msg": "Building DAG of jobs...", "timestamp": 1.0},
    {"level": "job_info", "jobid": 4, "name": "trim", "msg": None, "local": False, "input": ["a"], "output": ["b"], "log": [],
     "benchmark": None, "wildcards": {"s": "x"}, "reason": "Missing output files: b", "resources": {"_cores": 1}, "threads": 1},
    {"level": "shellcmd", "msg": "cp a b"},
    {"level": "job_finished", "jobid": 4},
    {"level": "debug", "msg": "noise"},
    {"level": "job_error", "jobid": 5, "name": "bad", "input": [], "output": [], "shellcmd": object()},
    {},
]:
    module.log_handler(message)
    module.log_handler(message)  # as Snakemake 8 does
"""


def drive(tmp_path, *args):
    log = tmp_path / ".snakemake" / "log" / "2026-01-02T030405.000006.snakemake.log"
    done = subprocess.run([sys.executable, "-c", DRIVE, str(SCRIPT), str(log), *args], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [
        json.loads(line)
        for path in (tmp_path / ".snakemake" / "stemma").glob("*.jsonl")
        for line in path.read_text().splitlines()
    ]


def test_messages_become_the_events_of_the_plugin(tmp_path):
    events = drive(tmp_path)
    assert [event["event"] for event in events] == ["opened", "text", "job_info", "shellcmd", "job_finished", "job_error", "closed"]
    assert events[2]["rule_name"] == "trim" and events[2]["rule_msg"] is None and events[4]["job_id"] == 4


def test_a_dry_run_writes_nothing(tmp_path):
    assert drive(tmp_path, "-n") == []


def test_the_scripts_path_is_printed():
    done = subprocess.run([sys.executable, "-m", "snakemake_logger_plugin_stemma"], cwd=SRC, capture_output=True, text=True)
    assert done.stdout.strip() == str(SCRIPT)
