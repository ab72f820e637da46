"""Leaves a program running in a session of its own, for half a minute.

succeeds: process
stopped by: system calls or files or private view
control: none, the descendants of a stage are found and ended whatever is missing
"""
import subprocess
import sys

WAIT = "import signal; signal.alarm(30); signal.pause()"
subprocess.Popen([sys.executable, "-I", "-S", "-c", WAIT, "@TOKEN@"], start_new_session=True, stdout=subprocess.DEVNULL)
