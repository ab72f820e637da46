"""Takes memory and writes on every page of it until there is none left.

succeeds: harmed
stopped by: limits
control: none, without a limit the system kills whatever it likes
"""

taken = []
while True:
    taken.append(bytearray(b"x") * (16 << 20))
