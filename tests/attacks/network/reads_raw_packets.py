"""Opens a socket on which every packet of the machine can be read.

succeeds: done
stopped by: system calls or private view
control: none, only root may
"""
import socket

socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0003))
print("@TOKEN@")
