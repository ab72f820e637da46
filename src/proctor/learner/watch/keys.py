"""The keys that are pressed, one by one, without Enter. prompt_toolkit reads them and knows what terminals send."""

import asyncio
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

from prompt_toolkit.input import Input, create_input
from prompt_toolkit.key_binding import KeyPress
from prompt_toolkit.keys import Keys

__all__ = ["BACKSPACE", "DOWN", "ENTER", "ESCAPE", "INTERRUPT", "UP", "keys_of_terminal"]

UP: Final = "up"
DOWN: Final = "down"
ENTER: Final = "enter"
ESCAPE: Final = "escape"
BACKSPACE: Final = "backspace"
INTERRUPT: Final = "interrupt"

_NAMES: Final = {
    Keys.Up: UP,
    Keys.Down: DOWN,
    Keys.ControlM: ENTER,
    Keys.ControlJ: ENTER,
    Keys.Escape: ESCAPE,
    Keys.Backspace: BACKSPACE,
    Keys.ControlC: INTERRUPT,
    Keys.ControlD: INTERRUPT,
}

_ESCAPE_PATIENCE: Final = 0.05
"""Seconds after which an escape is the key, and not the beginning of what another key sends."""


@contextmanager
def keys_of_terminal(heard: Callable[[str], None]) -> Generator[None]:
    """Call ``heard`` with every key, on the running event loop: its character, or one of the names of this module.

    Where standard input is no terminal there are no keys, and nothing is called.
    """
    if not sys.stdin.isatty():
        yield
        return
    source = create_input()
    loop = asyncio.get_running_loop()
    with source.raw_mode(), source.attach(lambda: _read(source, loop, heard)):
        yield


def _read(source: Input, loop: asyncio.AbstractEventLoop, heard: Callable[[str], None]) -> None:
    _tell(source.read_keys(), heard)
    loop.call_later(_ESCAPE_PATIENCE, lambda: _tell(source.flush_keys(), heard))


def _tell(presses: list[KeyPress], heard: Callable[[str], None]) -> None:
    for press in presses:
        name = _NAMES.get(press.key) if isinstance(press.key, Keys) else press.key
        if name:
            heard(name)
