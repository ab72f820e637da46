"""Leaves a service behind that the system starts when its user comes back: here one that does nothing.

succeeds: file
stopped by: files or private view
"""
from pathlib import Path

folder = Path("@HOME@/.config/systemd/user")
folder.mkdir(parents=True, exist_ok=True)
(folder / "@TOKEN@.service").write_text("[Service]\nExecStart=/bin/true\n")
