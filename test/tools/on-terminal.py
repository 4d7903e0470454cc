"""Runs a program on a terminal of its own and prints, as JSON, its exit code and all that was shown, escapes included.

usage: on-terminal.py COLUMNS INTERRUPT_AT PROGRAM…
An interrupt (control-C) is typed as soon as INTERRUPT_AT has been shown; an empty text never is.
"""

import fcntl
import json
import os
import pty
import struct
import sys
import termios

INTERRUPT = b"\x03"


def main():
    columns, interrupt_at, *argv = sys.argv[1:]
    child, terminal = pty.fork()
    if child == 0:
        # The size is set before the program starts, or it might ask too early.
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(columns), 0, 0))
        os.execvp(argv[0], argv)
    seen = b""
    interrupted = interrupt_at == ""
    while True:
        try:
            new = os.read(terminal, 65536)
        except OSError:  # Linux: the other end is closed
            break
        if not new:
            break
        seen += new
        if not interrupted and interrupt_at.encode() in seen:
            interrupted = True
            os.write(terminal, INTERRUPT)
    _, status = os.waitpid(child, 0)
    json.dump({"code": os.waitstatus_to_exitcode(status), "seen": seen.decode("utf8", "replace")}, sys.stdout)


main()
