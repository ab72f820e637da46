"""A stand-in for the pricing engine, to try this exercise by hand. It prints what it does, and takes ten seconds.

Send this from three terminals at the same time. Two calls begin, in threads of your pool, and the third waits:
    curl -i localhost:8000/risk/p-1
Send this one while they wait. It is answered at once:
    curl -i localhost:8000/ping
The engine cannot price this one, which is 502:
    curl -i localhost:8000/risk/bad
"""

import threading
import time

from main import create_app


class Engine:
    """Blocks its thread for ten seconds. Event loop and application are in MainThread."""

    def risk(self, position: str, /) -> str:
        print(f"engine: {position} begins in {threading.current_thread().name}")
        time.sleep(10)
        print(f"engine: {position} has come to its end")
        if position == "bad":
            raise ValueError("no price for this position")
        return "1250.75"


app = create_app(Engine())
