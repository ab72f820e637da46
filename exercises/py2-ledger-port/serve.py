"""A stand-in for the socket, to try this exercise by hand. It prints the lines that have come.

Two fills of a trader, of which one went against her:
    curl -i localhost:8000/commission/alice
A name that is not ASCII, percent-encoded:
    curl -i localhost:8000/commission/zo%C3%AB
A trader who has paid as much as she got back. The commission is 0, and the trader is there:
    curl -i localhost:8000/commission/carol
Somebody without a fill is 404:
    curl -i localhost:8000/commission/mallory

`python2.7 ledger.py2 < fills.txt`, where there is a Python 2, prints the same numbers for the same lines.
"""

from main import create_app

LINES = ["alice|5|7", "zoë|-5|-7", "", "carol|4|6", "alice|-1|3", "carol|-4|-6"]


def receive() -> list[bytes]:
    """Return the lines as they have come over the network."""
    received = "\n".join(LINES).encode().split(b"\n")
    for line in received:
        print("socket:", line)
    return received


app = create_app(receive())
