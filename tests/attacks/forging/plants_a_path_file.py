"""Leaves a .pth file among the user's packages: its line runs at the start of every interpreter of this home folder.

succeeds: points
stopped by: process or clean room
control: none, an interpreter in a virtual environment reads no packages of its user
"""

import site
import tempfile
from pathlib import Path

packages = Path(site.getusersitepackages())
if packages.is_relative_to(tempfile.gettempdir()):  # a home folder of this run alone, and nobody's real one
    packages.mkdir(parents=True, exist_ok=True)
    (packages / "@TOKEN@.pth").write_text("import atexit, os; atexit.register(os._exit, 0)\n")
