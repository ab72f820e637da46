"""Raises an exception whose message has fifty million characters, caused by another, caused by another.

succeeds: harmed
stopped by: limits
control: none, a log without a limit fills the disk
"""


def fail(depth):
    try:
        if depth:
            fail(depth - 1)
    finally:
        raise ValueError("what went wrong " * 3_000_000)


fail(20)
