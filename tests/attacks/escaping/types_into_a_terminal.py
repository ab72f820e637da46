"""Types a command into the terminal that it belongs to: here one of its own making.

succeeds: done
stopped by: system calls or files
control: none, new kernels have given this up
"""
import fcntl
import os
import termios

keyboard, terminal = os.openpty()
mine = os.open(os.ttyname(terminal), os.O_RDWR)
fcntl.ioctl(mine, termios.TIOCSCTTY, 0)
for letter in b"@TOKEN@\n":
    fcntl.ioctl(mine, termios.TIOCSTI, bytes([letter]))
print(os.read(mine, 100).decode())
