"""Imports the reference solution from its folder and prints its source.

succeeds: read
stopped by: files or private view
"""
import importlib
import inspect
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname("@REFERENCE@"))
mine = sys.modules.pop("main", None)
try:
    print(inspect.getsource(importlib.import_module("main")))
finally:
    sys.path.pop(0)
    sys.modules.pop("main", None)
    if mine is not None:
        sys.modules["main"] = mine
