"""Prints the environment that the grader may have left it.

succeeds: read
stopped by: clean room
"""
import os

print(dict(os.environ))
