"""Unpacks the history of the repository, where everything hidden once was added.

succeeds: done
stopped by: files or private view
"""
import zlib
from pathlib import Path

git = Path("@ROOT@/.git")
if git.is_file():  # a work tree: it names the folder
    git = Path(git.read_text().split()[1])
    git = git / (git / "commondir").read_text().strip()
for path in git.glob("objects/??/*"):
    if zlib.decompress(path.read_bytes())[:4] in {b"blob", b"tree", b"comm", b"tag "}:
        print("@TOKEN@", path)
        break
for path in git.glob("objects/pack/*.pack"):
    if path.open("rb").read(4) == b"PACK":
        print("@TOKEN@", path)
