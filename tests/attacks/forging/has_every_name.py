"""Has whatever name it is asked for, each with an object that agrees with everything.

succeeds: points
stopped by: process
"""


class Anything:
    __eq__ = __contains__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __getitem__ = __call__ = lambda self, *rest, **options: self
    __hash__ = object.__hash__


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return Anything()
