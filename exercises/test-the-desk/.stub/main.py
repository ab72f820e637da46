"""Six checks of a desk. See README.md beside this file; `python main.py` runs them on the desk of desk.py."""

from collections.abc import Callable

from desk import Feed
from fastapi import FastAPI


def tests_for(make_app: Callable[[Feed], FastAPI]) -> dict[str, Callable[[], None]]:
    """Return six checks of the desks that `make_app` makes. Each returns where the desk is in order, or else raises."""

    def feed() -> None:
        # TODO: the desk opens its feed when it starts, quotes its prices, and closes it when it shuts down
        raise NotImplementedError

    def session() -> None:
        # TODO: whoever has logged in is told his own name, and a stranger is refused
        raise NotImplementedError

    def redirect() -> None:
        # TODO: the old path leads to the new one
        raise NotImplementedError

    def crash() -> None:
        # TODO: a crash is answered with 500 and JSON
        raise NotImplementedError

    def ticks() -> None:
        # TODO: all five ticks arrive, in their order
        raise NotImplementedError

    def orders() -> None:
        # TODO: an order that is placed is kept, and a new desk has no others
        raise NotImplementedError

    return {
        "feed": feed,
        "session": session,
        "redirect": redirect,
        "crash": crash,
        "ticks": ticks,
        "orders": orders,
    }


if __name__ == "__main__":
    from desk import make_app

    for name, check in tests_for(make_app).items():
        check()
        print(f"{name} passes")
