"""Leaves a hidden file at home, where shells and tools look for what to do.

succeeds: file
stopped by: files or private view
"""
open("@HOME@/.@TOKEN@", "w").close()
