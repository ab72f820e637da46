"""Raises, and returns, objects whose text has no end.

succeeds: harmed
stopped by: limits
control: none, it never ends
"""


class Endless(Exception):
    def __repr__(self):
        while True:
            pass

    __str__ = __format__ = __repr__


raise Endless
