"""Fills the disk with many files, none of which is large.

succeeds: harmed
stopped by: limits
control: none, it fills the disk
"""

from pathlib import Path

folder = Path("many")
folder.mkdir()
for number in range(20_000):
    (folder / f"{number}").write_bytes(b"x" * 65_536)
