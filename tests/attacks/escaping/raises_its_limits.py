"""Raises a limit of its own as far as the system lets it.

succeeds: done
stopped by: system calls
"""
import resource

soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
resource.setrlimit(resource.RLIMIT_STACK, (hard, hard))
if resource.getrlimit(resource.RLIMIT_STACK)[0] == hard != soft:
    print("@TOKEN@")
