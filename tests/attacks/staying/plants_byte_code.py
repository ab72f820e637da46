"""Plants byte code among that of the installed libraries, where the next program would run it.

succeeds: file
stopped by: files or private view
"""
import importlib.util
import marshal
import os
import sysconfig
from pathlib import Path

libraries = Path(sysconfig.get_path("purelib"))
code = importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(compile("", "@TOKEN@", "exec"))
for folder in (*libraries.glob("*/__pycache__"), Path(os.__file__).parent / "__pycache__"):
    try:
        (folder / "@TOKEN@.pyc").write_bytes(code)
    except OSError:
        continue
    break
