"""`proctor --version` says what reports call the program, and what is installed."""

import subprocess
import sys
from importlib.metadata import version

from proctor import __version__


def test_the_command_says_its_version() -> None:
    command = [sys.executable, "-P", "-m", "proctor", "--version"]
    told = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (told.returncode, told.stdout, told.stderr) == (0, f"proctor {__version__}\n", "")
    assert version("proctor") == __version__
