"""Has the kernel compute a hash over a socket, a way into code that few people look at.

succeeds: done
stopped by: system calls
control: none, not every kernel has it
"""
import hashlib
import socket

maker = socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)
maker.bind(("hash", "sha256"))
worker, _ = maker.accept()
worker.sendall(b"@TOKEN@")
if worker.recv(32) == hashlib.sha256(b"@TOKEN@").digest():
    print("@TOKEN@")
