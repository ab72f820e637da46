"""Fire off a push, and do not forget it. See README.md beside this file."""

from collections.abc import Callable
from typing import Protocol

from fastapi import FastAPI


class Notifier(Protocol):
    """Talks to the push service, which may take its time."""

    async def push(self, alert_id: str, /) -> None:
        """Push one alert to the trader's phone; raises if that fails."""


OnError = Callable[[str, Exception], None]
"""Is told of a push that failed: the alert's id, and what was raised."""


def create_app(notifier: Notifier, on_error: OnError) -> FastAPI:
    """Return the desk."""
    app = FastAPI()

    @app.post("/alerts/{alert_id}", status_code=202)
    async def take_alert(alert_id: str) -> dict[str, str]:
        # TODO: have the alert pushed, without waiting for it, by the rules in README.md
        return {"id": alert_id}

    return app
