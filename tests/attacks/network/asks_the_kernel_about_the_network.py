"""Asks the kernel for the addresses of this machine.

succeeds: done
stopped by: system calls
"""
import socket
import struct

RTM_GETLINK, REQUEST_ALL, RTM_NEWLINK = 18, 0x301, 16
kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
kernel.send(struct.pack("IHHIIBxHiII", 32, RTM_GETLINK, REQUEST_ALL, 1, 0, 0, 0, 0, 0, 0))
if struct.unpack_from("IH", kernel.recv(1 << 16))[1] == RTM_NEWLINK:
    print("@TOKEN@")
