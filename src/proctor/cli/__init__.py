"""The `proctor` command. Exit codes: 0 all points, 1 points lost, 2 usage, 3 our fault, 130 interrupted.

One file for each group of commands: what grades, what learners, authors and teachers need beside it. They import what
they take when they are called, so that `proctor grade` can start its lanes first.
"""

from proctor.cli import actions, classroom, grading, learning, releasing, reporting, teaching
from proctor.cli.app import app, main

__all__ = ["actions", "app", "classroom", "grading", "learning", "main", "releasing", "reporting", "teaching"]
