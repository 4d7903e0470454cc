import json
import os
import threading

from snakemake_logger_plugin_stemma.spool import Spool


def lines(folder):
    (path,) = folder.glob("*.jsonl")
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_spool_is_named_as_snakemakes_log(tmp_path):
    log = tmp_path / ".snakemake" / "log" / "2026-01-02T030405.000006.snakemake.log"
    Spool().append("text", {"text": "hello"}, str(log))
    assert (tmp_path / ".snakemake" / "stemma" / "2026-01-02T030405.000006.jsonl").exists()


def test_every_line_is_whole_and_counted(tmp_path):
    spool = Spool(str(tmp_path))
    spool.append("job_started", {})
    threads = [threading.Thread(target=lambda: [spool.append("text", {"text": "x" * 5000}) for _ in range(50)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [line["seq"] for line in lines(tmp_path)] == list(range(1, 203))


def test_close_is_told_once_and_events_after_it_are_kept(tmp_path):
    spool = Spool(str(tmp_path))
    spool.append("job_info", {"text": "a"})
    spool.close()
    spool.close()
    spool.append("text", {"text": "late"})
    spool.close()
    assert [line["event"] for line in lines(tmp_path)] == ["opened", "job_info", "closed", "text", "closed"]


def test_nothing_is_written_before_something_happened(tmp_path):
    Spool(str(tmp_path)).close()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_does_not_stop_the_workflow(tmp_path, monkeypatch):
    blocker = tmp_path / "file"
    blocker.write_text("")
    spool = Spool(str(blocker / "folder"))
    spool.append("job_info", {"text": "kept"})
    blocker.unlink()
    spool.append("text", {"text": "and this"})
    assert [line.get("text") for line in lines(tmp_path / "file" / "folder")] == [None, "kept", "and this"]


def test_a_field_never_hides_what_the_line_says_of_itself(tmp_path):
    Spool(str(tmp_path)).append("job_info", {"event": "forged", "seq": 99, "text": "x"})
    assert [(line["event"], line["seq"]) for line in lines(tmp_path)] == [("opened", 1), ("job_info", 2)]


def test_the_file_is_for_its_owner_alone(tmp_path):
    Spool(str(tmp_path)).append("job_info", {"shellcmd": "a secret may be in a command"})
    (path,) = tmp_path.glob("*.jsonl")
    assert os.stat(path).st_mode & 0o077 == 0


def test_what_is_said_before_the_log_has_a_name_stands_first_in_the_right_file(tmp_path):
    spool = Spool()
    spool.append("text", {"text": "early"}, None)
    log = tmp_path / ".snakemake" / "log" / "2026-01-02T030405.000006.snakemake.log"
    spool.append("text", {"text": "late"}, str(log))
    found = lines(tmp_path / ".snakemake" / "stemma")
    assert [line.get("text") for line in found] == [None, "early", "late"] and found[0]["log"] == str(log)
