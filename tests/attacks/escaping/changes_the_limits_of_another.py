"""Takes another process the right to write a core file.

succeeds: done
stopped by: system calls or private view
"""
import resource

victim = int("@VICTIM@")
_, hard = resource.prlimit(victim, resource.RLIMIT_CORE)
resource.prlimit(victim, resource.RLIMIT_CORE, (0, hard))
if resource.prlimit(victim, resource.RLIMIT_CORE) == (0, hard):
    print("@TOKEN@")
