import json
import os
import pathlib
import subprocess
import sys

import pytest

SRC = pathlib.Path(__file__).parent.parent / "src"
sys.path.insert(0, str(SRC))

SNAKEFILE = """
rule all:
    input: "out/b.txt"

rule first:
    input: one="in.txt"
    output: text="out/a.txt"
    params: n=3, label="x y"
    shell: "cat {input.one} > {output.text}"

rule second:
    input: "out/a.txt"
    output: "out/b.txt"
    shell: "[ ! -e slow ] || sleep 60; [ ! -e fail ] || exit 3; cp {input} {output}"
"""


class Workdir:
    def __init__(self, path):
        self.path = path
        (path / "Snakefile").write_text(SNAKEFILE)
        (path / "in.txt").write_text("data\n")

    def command(self, *args, logger="stemma"):
        return [sys.executable, "-m", "snakemake", "--cores", "1", "--logger", logger, *args]

    def env(self, **more):
        return {**os.environ, "PYTHONPATH": str(SRC), "PYTHONDONTWRITEBYTECODE": "1", **more}

    def run(self, *args, **env):
        return subprocess.run(self.command(*args), cwd=self.path, env=self.env(**env), capture_output=True, text=True)

    def spools(self):
        return sorted((self.path / ".snakemake" / "stemma").glob("*.jsonl"))

    def events(self, at=-1):
        return [json.loads(line) for line in self.spools()[at].read_text().splitlines()]

    def names(self):
        return [event["event"] for event in self.events()]


@pytest.fixture
def workdir(tmp_path):
    return Workdir(tmp_path)
