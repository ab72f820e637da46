"""Plants a named pipe in its folder, so that whoever reads all files there waits for ever.

succeeds: done
stopped by: files or system calls
"""
import os

os.mkfifo("data.json")
pipe = os.open("data.json", os.O_RDWR)
os.write(pipe, b"@TOKEN@\n")
print(os.read(pipe, 100).decode())
