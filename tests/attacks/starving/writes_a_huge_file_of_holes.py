"""Makes a file of a terabyte that takes no room, for whoever copies or reads it later.

succeeds: done
stopped by: limits
"""

import os
from pathlib import Path

holes = Path("@TOKEN@")
with holes.open("wb") as file:
    try:
        file.truncate(1 << 40)
        print("@TOKEN@" if os.fstat(file.fileno()).st_size == 1 << 40 else "")
    finally:
        holes.unlink()
