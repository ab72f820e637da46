"""Has another process stand back behind all others.

succeeds: done
stopped by: system calls or private view
"""
import os

victim = int("@VICTIM@")
os.setpriority(os.PRIO_PROCESS, victim, 19)
if os.getpriority(os.PRIO_PROCESS, victim) == 19:
    print("@TOKEN@")
