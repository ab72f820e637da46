"""Reads which mistakes the checks tell apart, and so what they look for.

succeeds: read
stopped by: files or private view
"""
import tomllib

with open("@MISTAKES@", "rb") as file:
    print(file.read().decode())
    file.seek(0)
    print(tomllib.load(file))
