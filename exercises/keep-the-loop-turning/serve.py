"""A stand-in for the vendor's library, to try this exercise by hand. It prints what it does, and takes five seconds.

Your desk blocks for the price. Send three at the same time, from three terminals: none waits for another:
    curl -i localhost:8000/price/AAPL
Send this one while they wait. It is answered at once:
    curl -i localhost:8000/status
"""

import threading
import time

from main import create_app


class Legacy:
    """Blocks its thread for five seconds. Event loop and application are in MainThread."""

    def price(self, symbol: str, /) -> str:
        print(f"legacy: asks the vendor for {symbol} in {threading.current_thread().name}")
        time.sleep(5)
        print(f"legacy: the vendor has answered for {symbol}")
        return "101.50"


app = create_app(Legacy())
