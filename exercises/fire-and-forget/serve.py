"""Stand-ins for the push service and for `on_error`, to try this exercise by hand. They print what they do.

The answer is there at once, and the push goes on for five seconds:
    curl -i -X POST localhost:8000/alerts/a-1
A push that fails is reported, and hurts no other:
    curl -i -X POST localhost:8000/alerts/bad

Press Ctrl-C while a push is under way: the desk waits for it before it ends.
"""

import asyncio

from main import create_app


class Notifier:
    """Takes five seconds for a push; there is no phone for an alert called `bad`."""

    async def push(self, alert_id: str, /) -> None:
        print(f"push: {alert_id} begins")
        if alert_id == "bad":
            await asyncio.sleep(1)
            raise ConnectionError("no such phone")
        await asyncio.sleep(5)
        print(f"push: {alert_id} has arrived")


def on_error(alert_id: str, error: Exception) -> None:
    print(f"error: {alert_id} has failed: {error!r}")


app = create_app(Notifier(), on_error)
