"""Opens the line between a virtual machine and its host.

succeeds: done
stopped by: system calls
control: none, not every kernel has it
"""
import socket

line = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
line.bind((socket.VMADDR_CID_ANY, socket.VMADDR_PORT_ANY))
line.listen()
print("@TOKEN@", line.getsockname())
