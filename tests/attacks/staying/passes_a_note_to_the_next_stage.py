"""Leaves a note in the temporary folder and finds there what an earlier stage has left.

succeeds: done
stopped by: clean room or files
"""
import tempfile
from pathlib import Path

NAME = "@TOKEN@.note"
note = Path(tempfile.gettempdir(), NAME)
if note.exists():
    print("@TOKEN@", note.read_text())
try:
    note.write_text(__file__)
except OSError:
    pass  # and none can be left either
