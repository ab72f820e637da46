"""How a process becomes a stage: a fork of the warm server, or a fresh interpreter.

Either way everything of the process's past is closed or reset, then the sandbox is entered, and only then is a byte of
the submission read. The performer, which knows the channel, is made before and starts its thread after.
"""

import os
import random
import socket
import sys
import tempfile
from collections.abc import Collection
from typing import Final, NoReturn

from proctor.isolation.sandbox import Sandbox
from proctor.isolation.stage_folder import StageFolder
from proctor.stage.accounts import books
from proctor.stage.performer import Performer

__all__ = ["BROKEN", "close_all_but", "perform", "redirect"]

BROKEN: Final = 70
"""Exit status of a stage that broke before it could perform (EX_SOFTWARE of sysexits.h)."""


def perform(folder: StageFolder, module: str, channel: socket.socket, sandbox: Sandbox) -> NoReturn:
    """Enter the sandbox and perform the submission. Never returns."""
    try:
        books.reset()
        random.seed()
        os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = os.fspath(folder.temporary)
        has_props = folder.props.exists()
        performer = Performer(channel, folder.submission, module, os.fspath(folder.props) if has_props else None)
        sandbox.enter(readable=[folder.props.parent], writable=folder.writable)
        performer.run()
    except OSError as error:  # a layer that does not let itself be applied; the grader tells it as our fault
        print(error, file=sys.stderr, flush=True)  # noqa: T201 - the grader reads this pipe
    finally:
        os._exit(BROKEN)


def close_all_but(kept: Collection[int]) -> None:
    """Close every descriptor that the process was born with, except standard input, output, errors and these."""
    try:
        opened = [int(entry.name) for entry in os.scandir("/dev/fd")]
    except OSError:
        opened = list(range(os.sysconf("SC_OPEN_MAX")))
    for descriptor in {*opened} - {0, 1, 2, *kept}:
        os.closerange(descriptor, descriptor + 1)  # which does not mind that one is closed already


def redirect(output: int) -> None:
    """Give the stage an empty input, and one pipe for what it prints."""
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.close(null)
    os.close(output)
    sys.stdin = sys.__stdin__ = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = sys.__stdout__ = os.fdopen(1, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)
    sys.stderr = sys.__stderr__ = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)
