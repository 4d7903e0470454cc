import os
import signal
import subprocess
import sys
import time

from conftest import SRC


def test_a_run_is_recorded_whole(workdir):
    done = workdir.run()
    assert done.returncode == 0, done.stderr
    names = workdir.names()
    assert names[0] == "opened" and names[-1] == "closed"
    assert names.count("job_info") == 3 and names.count("job_finished") == 3
    info = next(event for event in workdir.events() if event.get("rule_name") == "first")
    assert info["input"] == ["in.txt"] and info["output"] == ["out/a.txt"]
    (log,) = (workdir.path / ".snakemake" / "log").glob("*.snakemake.log")
    assert workdir.spools()[0].name == log.name.replace(".snakemake.log", ".jsonl")


def test_a_dry_run_writes_nothing(workdir):
    assert workdir.run("--dry-run").returncode == 0
    assert workdir.spools() == []


def test_quiet_runs_are_recorded_all_the_same(workdir):
    assert workdir.run("--quiet", "all").returncode == 0
    assert workdir.names().count("job_finished") == 3


def test_a_failure_is_told(workdir):
    (workdir.path / "fail").write_text("")
    assert workdir.run().returncode == 1
    error = next(event for event in workdir.events() if event["event"] == "job_error")
    assert error["rule_name"] == "second" and "exit 3" in error["shellcmd"]


def test_a_killed_run_keeps_every_event(workdir):
    (workdir.path / "slow").write_text("")
    process = subprocess.Popen(
        workdir.command(), cwd=workdir.path, env=workdir.env(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if workdir.spools() and any(event.get("rule_name") == "second" for event in workdir.events()):
            break
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    names = workdir.names()
    assert "closed" not in names
    assert names.count("job_finished") == 1


def test_two_runs_are_two_files(workdir):
    workdir.run()
    workdir.run("--forceall")
    assert len(workdir.spools()) == 2


def test_another_folder(workdir):
    done = workdir.run("--logger-stemma-folder", str(workdir.path / "elsewhere"))
    assert done.returncode == 0, done.stderr
    assert len(list((workdir.path / "elsewhere").glob("*.jsonl"))) == 1 and workdir.spools() == []


def test_slots_are_told_only_when_asked_for(workdir):
    workdir.run()
    assert "job_slots" not in workdir.names()
    workdir.run("--forceall", STEMMA_SNAKEMAKE_SLOTS="1")
    slots = next(event for event in workdir.events() if event["event"] == "job_slots" and event["params"])
    assert slots["inputs"] == {"one": ["in.txt"]} and slots["outputs"] == {"text": ["out/a.txt"]}
    assert slots["params"] == {"n": 3, "label": "x y"}


def test_a_recorder_that_cannot_write_does_not_change_the_exit_code(workdir):
    (workdir.path / "blocked").write_text("")
    done = workdir.run("--logger-stemma-folder", str(workdir.path / "blocked" / "x"))
    assert done.returncode == 0, done.stderr


CHECK = """
import logging, importlib.metadata
from snakemake_logger_plugin_stemma import LogHandler, LogHandlerSettings
class Common:
    printshellcmds = nocolor = debug_dag = verbose = show_failed_logs = stdout = dryrun = False
    quiet = None
handler = LogHandler(Common(), LogHandlerSettings(folder="spool"))
record = logging.LogRecord("x", logging.INFO, "f", 1, "hello", (), None)
handler.emit(record)
record.event = "job_finished"; record.job_id = 4
handler.handle(record)
handler.close(); handler.close()
"""


def test_interface_1(tmp_path):
    folder = os.environ.get("STEMMA_INTERFACE_1", "")
    assert os.path.isdir(folder), "run through test.sh, which brings interface 1.x"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([folder, str(SRC)])}
    done = subprocess.run([sys.executable, "-c", CHECK], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (path,) = (tmp_path / "spool").glob("*.jsonl")
    assert [line.split('"event": "')[1].split('"')[0] for line in path.read_text().splitlines()] == ["opened", "text", "job_finished", "closed"]


def test_early_9_names_its_log_by_the_manager_alone(monkeypatch):
    import types

    from snakemake_logger_plugin_stemma import find_logfile

    package, module = types.ModuleType("snakemake"), types.ModuleType("snakemake.logging")
    log = "/w/.snakemake/log/2026-01-02T030405.000006.snakemake.log"
    module.logger_manager = types.SimpleNamespace(get_logfile=lambda: [log])
    package.logging = module
    monkeypatch.setitem(sys.modules, "snakemake", package)
    monkeypatch.setitem(sys.modules, "snakemake.logging", module)
    assert find_logfile() == log


def test_nothing_importable_lies_beside_the_package():
    assert [path.name for path in SRC.iterdir() if not path.name.endswith((".egg-info", "__pycache__"))] == ["snakemake_logger_plugin_stemma"]
