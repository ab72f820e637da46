"""What this machine can and cannot protect, in plain words: every layer of isolation, tried and not assumed."""

import os
import platform
from collections.abc import Iterator
from typing import Final

from proctor.checks.theatre import Theatre
from proctor.errors import StageLost
from proctor.isolation.layers import LAYERS, Layer, Profile
from proctor.isolation.protection import Protection

__all__ = ["examine"]

_WIDTH: Final = 14


def examine(protection: Protection) -> Iterator[str]:
    """Yield the lines of the findings. Raises StageLost when a layer is there and does not hold."""
    account = "root" if os.geteuid() == 0 else "an ordinary user"
    system = f"{platform.system()} {platform.release()}"
    yield f"Isolation of submissions here ({system}, Python {platform.python_version()}, {account})"
    for layer in Layer:
        text = LAYERS[layer]
        yield f"  {'yes' if layer in protection.layers else 'NO ':<4} {layer:<{_WIDTH}} {text.holds}"
        if layer in protection.missing:
            yield f"       {'':<{_WIDTH}} why: {protection.missing[layer]}"
            yield f"       {'':<{_WIDTH}} so {text.without}"
    yield ""
    with Theatre(protection) as theatre:
        try:
            theatre.wait()
        except StageLost as error:
            raise StageLost(f"a layer is there and does not work: {error}") from None
    if protection.is_complete:
        yield "Every layer is there, and a trial stage could not get through. `--isolation strict` is possible."
    elif protection.forks:
        yield "What is there was tried and holds. `--isolation strict` refuses to run here; `auto` does without."
    else:
        yield "Stages are not forked here: each starts an interpreter. Do not grade code that you do not trust."
    if not protection.can_hold(Profile.SERVERS):
        yield "Exercises about servers are not available without the private view."
