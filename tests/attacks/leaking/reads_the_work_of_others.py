"""Reads what the other students have handed in.

succeeds: read
stopped by: files or private view
"""
from pathlib import Path

for path in Path("@NEIGHBOUR@").parent.glob("*.py"):
    print(path.read_text())
