"""Stand-ins for the desk and its traders, to try this exercise by hand. The desk prints what is done to it.

Where there is nothing but a 404, the answer says how many milliseconds it took all the same:
    curl -i localhost:8000/nowhere
The order o-1 is of alice, who shows her token:
    curl -i localhost:8000/orders/o-1 -H X-Trader-Token:t-alice
The order o-9 is of bob, and alice is refused with 403:
    curl -i localhost:8000/orders/o-9 -H X-Trader-Token:t-alice
With three orders on the desk, she is refused one more with 429; with a note of a thousand letters, it would be a 413:
    curl -i localhost:8000/orders -H X-Trader-Token:t-alice -H Content-Type:application/json \
        -d '{"symbol": "AAPL", "quantity": 10, "note": ""}'
The desk closes once this is answered:
    curl -i 'localhost:8000/hours?maintenance=on'
The documentation is closed with it, which is a 503, and the desk opens once this is answered:
    curl -i 'localhost:8000/docs?maintenance=off'
"""

from desk import Desk, Order, Ticket, Trader
from main import create_app
from starlette.types import Receive, Scope, Send


class LoudDesk(Desk):
    """Prints every order that is placed."""

    def place(self, trader: Trader, ticket: Ticket) -> Order:
        print(f"desk: {trader.name} places an order for {ticket.quantity} {ticket.symbol}")
        return super().place(trader, ticket)


desk = LoudDesk({"t-alice": Trader("alice", "A-1"), "t-bob": Trader("bob", "B-2")})
desk.orders = {number: Order(number, "alice", "AAPL", 10) for number in ("o-1", "o-2", "o-3")}
desk.orders["o-9"] = Order("o-9", "bob", "IBM", 20)
application = create_app(desk)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve the desk; what the query says of maintenance is done after the answer."""
    await application(scope, receive, send)
    _, _, switch = scope.get("query_string", b"").partition(b"maintenance=")
    if switch:
        desk.maintenance = switch == b"on"
        print("desk: closed for maintenance" if desk.maintenance else "desk: open")
