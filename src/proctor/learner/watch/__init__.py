"""Grades on save. `watch.py` has the loop and its theory of operation; the other files have one concept each."""
