"""Ctrl-C while the command line is still imported ends it, and nothing is said."""

import signal
import subprocess
import sys

from tests.checkers.waiting import MINUTES

INTERRUPTED = """
import os, signal, sys

class Meanwhile:
    def find_spec(self, name, *_):
        if name == "contor.cli":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Meanwhile())
from contor.__main__ import main
main()
"""


def test_it_ends_without_a_word() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=MINUTES, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
