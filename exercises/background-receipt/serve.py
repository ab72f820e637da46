"""Stand-ins for the mailer and the ledger, to try this exercise by hand. They print what they do, and are slow.

The receipt is there at once. The ledger comes after it, and the mailer after the ledger:
    curl -i localhost:8000/orders -H Content-Type:application/json -d '{"id": "o-1", "symbol": "AAPL", "quantity": 10}'
Send this one while the ledger blocks. It does not wait:
    curl -i localhost:8000/quotes/AAPL
These are refused, with 409 and with 422, and neither ledger nor mailer hears of them:
    curl -i localhost:8000/orders -H Content-Type:application/json -d '{"id": "o-2", "symbol": "XYZ", "quantity": 10}'
    curl -i localhost:8000/orders -H Content-Type:application/json -d '{"id": "o-3", "symbol": "AAPL", "quantity": 0}'
"""

import asyncio
import time

from main import create_app


class Mailer:
    """Takes two seconds for a mail."""

    async def send(self, order_id: str, /) -> None:
        print(f"mailer: connects, to confirm {order_id}")
        await asyncio.sleep(2)
        print(f"mailer: {order_id} is confirmed")


class Ledger:
    """Blocks its thread for three seconds."""

    def record(self, order_id: str, /) -> None:
        print(f"ledger: opens the book for {order_id}")
        time.sleep(3)
        print(f"ledger: {order_id} is entered")


app = create_app(Mailer(), Ledger())
