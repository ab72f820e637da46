"""Plants a file that every Python program reads when it starts: here one without effect.

succeeds: file
stopped by: files or private view
"""
import sysconfig
from pathlib import Path

Path(sysconfig.get_path("purelib"), "@TOKEN@.pth").write_text("# import os\n")
