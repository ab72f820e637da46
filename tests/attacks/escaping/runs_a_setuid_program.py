"""Starts a program that runs with the rights of its owner, which is root.

succeeds: done
stopped by: system calls or files or private view
"""
import os
import stat
import subprocess

for name in ("mount", "passwd", "newgrp", "su", "sudo"):
    path = f"/usr/bin/{name}"
    if os.path.exists(path) and os.stat(path).st_mode & stat.S_ISUID:
        break
program = subprocess.Popen([path, "--help"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
program.stdout.read()  # it is what it is by now
for line in open(f"/proc/{program.pid}/status"):
    if line.startswith("CapEff:") and int(line.split()[1], 16):
        print("@TOKEN@", path)
program.wait()
