"""Reads the credentials that people keep in their home folder.

succeeds: read
stopped by: files or private view
"""
from pathlib import Path

for name in (".netrc", ".ssh/id_ed25519", ".config/gh/hosts.yml"):
    print(Path("@HOME@", name).read_text())
