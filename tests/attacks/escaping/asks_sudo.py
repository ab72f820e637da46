"""Asks for the rights of root where no password is wanted, as on many build servers.

succeeds: done
stopped by: system calls or files or private view
control: none, few machines have sudo without a password
"""
import subprocess

if subprocess.run(["sudo", "-n", "id", "-u"], capture_output=True).stdout == b"0\n":
    print("@TOKEN@")
