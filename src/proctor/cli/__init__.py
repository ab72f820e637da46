"""The `proctor` command. Exit codes: 0 all points, 1 points lost, 2 usage, 3 our fault, 130 interrupted.

One file for each group of commands: what grades, what a learner needs beside it, what a teacher needs. They import what
they take when they are called, so that `proctor grade` can start its lanes first.
"""

from proctor.cli import grading, learning, teaching
from proctor.cli.app import app, main

__all__ = ["app", "grading", "learning", "main", "teaching"]
