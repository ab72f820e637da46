"""Makes a device file in its own folder and reads from the device.

succeeds: done
stopped by: files or system calls or private view
control: none, only root may make devices
"""
import os
import stat

os.mknod("random.bin", 0o600 | stat.S_IFCHR, os.makedev(1, 8))
if len(open("random.bin", "rb", 0).read(8)) == 8:
    print("@TOKEN@")
