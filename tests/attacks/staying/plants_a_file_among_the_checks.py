"""Plants a file beside the hidden checks, to be collected with them.

succeeds: file
stopped by: files or private view
"""
from pathlib import Path

(Path("@GRADER@").parent / "@TOKEN@.py").write_text('"""Nothing."""\n')
