"""Writes into the type object of list: an empty one equals every other.

succeeds: points
stopped by: process
"""

import ctypes
import operator

COMPARE = 200  # offset of tp_richcompare in a type object of a 64-bit interpreter
OPERATIONS = [operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge]
kind = type([])


def compare(one, other, operation):
    if type(other) is not kind:
        return NotImplemented
    if operation in (2, 3) and not (one and other):
        return operation == 2
    return OPERATIONS[operation](tuple(one), tuple(other))


compiled = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object, ctypes.py_object, ctypes.c_int)(compare)
ctypes.c_void_p.from_address(id(kind) + COMPARE).value = ctypes.cast(compiled, ctypes.c_void_p).value
