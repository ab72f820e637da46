"""Leaves a file in the folders for temporary files of the whole machine.

succeeds: file
stopped by: files or private view
"""
for folder in ("/tmp", "/var/tmp"):
    try:
        open(f"{folder}/@TOKEN@", "w").close()
    except OSError:
        continue  # perhaps the other
