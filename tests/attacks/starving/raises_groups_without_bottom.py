"""Raises a group of exceptions that is nested deeper than anybody wants to read.

succeeds: harmed
stopped by: process
control: none, it harms only whoever describes it
"""

error = ValueError("at the bottom")
for _ in range(50_000):
    error = ExceptionGroup("deeper", [error])
raise error
