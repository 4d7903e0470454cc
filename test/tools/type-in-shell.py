"""Types into an interactive shell on a terminal of its own, as a person would, and reads what it shows.

usage: type-in-shell.py FOLDER SHELL… < [["typed text", "what must appear"], …]
Prints what was seen after each text, as JSON. Waits for what must appear, ten seconds at most.
"""

import json
import os
import pty
import re
import select
import sys
import time

ESCAPES = re.compile(rb"\x1b\[[0-9;?>=]*[a-zA-Z]|\x1b\][^\x07]*\x07|\x1b[=>()][B0]?|[\x07\r]")
PATIENCE_SECONDS = 10
QUIET_SECONDS = 0.3


class Shell:
    def __init__(self, folder, argv):
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            os.execvp(argv[0], argv)

    def read(self, expected, patience=PATIENCE_SECONDS):
        """What is shown until the expected text is there."""
        seen = b""
        end = time.monotonic() + patience
        while time.monotonic() < end and expected not in ESCAPES.sub(b"", seen).decode("utf8", "replace"):
            if not select.select([self.terminal], [], [], 0.05)[0]:
                continue
            try:
                new = os.read(self.terminal, 65536)
            except OSError:
                break
            seen += new
            if b"\x1b[c" in new or b"\x1b[0c" in new:  # fish asks what terminal this is
                os.write(self.terminal, b"\x1b[?62;c")
        return ESCAPES.sub(b"", seen).decode("utf8", "replace")

    def rest(self):
        """Reads on until nothing more is shown."""
        while select.select([self.terminal], [], [], QUIET_SECONDS)[0]:
            os.read(self.terminal, 65536)

    def type(self, text):
        os.write(self.terminal, text.encode())


def main():
    folder, *argv = sys.argv[1:]
    shell = Shell(folder, argv)
    shell.read("ready>")
    answers = []
    for text, expected in json.load(sys.stdin):
        shell.type(text)
        answers.append(shell.read(expected))
        shell.rest()
        shell.type("\x15")  # the line is emptied; an interrupt would throw away what is typed next
        shell.rest()
    os.close(shell.terminal)
    json.dump(answers, sys.stdout)


main()
