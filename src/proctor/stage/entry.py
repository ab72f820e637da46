"""How a process becomes a stage: a fork of the warm server, or a fresh interpreter.

Either way everything of the process's past is closed or reset, then the sandbox is entered, and only then is a byte of
the submission read. The performer, which knows the channel, is made before and starts its thread after. Where the
sandbox lets it, a stage leaves an understudy behind for the next check.
"""

import gc
import os
import random
import socket
import sys
import tempfile
from collections.abc import Collection
from typing import TYPE_CHECKING, Final, NoReturn

from proctor.isolation.launcher import Debugging
from proctor.isolation.sandbox import Sandbox
from proctor.isolation.stage_folder import StageFolder
from proctor.stage.accounts import books
from proctor.stage.performer import Performer
from proctor.stage.script import Script
from proctor.stage.understudies import Understudies

if TYPE_CHECKING:
    from proctor.stage.debugger import Debugger

__all__ = ["BROKEN", "close_all_but", "perform"]

BROKEN: Final = 70
"""Exit status of a stage that broke before it could perform (EX_SOFTWARE of sysexits.h)."""


def perform(
    folder: StageFolder,
    module: str,
    channel: socket.socket,
    sandbox: Sandbox,
    line: socket.socket | None = None,
    debugging: Debugging | None = None,
) -> NoReturn:
    """Enter the sandbox and perform the submission. Never returns.

    ``line`` leads to the wings, where understudies can wait. ``debugging`` has a debugger stop in the submission.
    """
    try:
        books.reset()
        random.seed()
        os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = os.fspath(folder.temporary)
        os.chdir(folder.submission)
        script = Script(folder.submission, module, folder.props if folder.props.exists() else None)
        performer = Performer(channel, script)
        listener = sandbox.enter(
            readable=[folder.props.parent], writable=folder.writable, asks_to_fork=line is not None
        )
        understudies = Understudies(line, listener) if line and listener is not None else None
        performer.begin()
        debugger = _debugger(debugging, folder) if debugging else None
        performer.load()
        if debugger:
            debugger.expect_call()
        if understudies and script.is_pristine:
            gc.freeze()
            while next_channel := understudies.leave_behind(performer):
                performer = Performer(next_channel, script)
                performer.begin()
        performer.run()
    except OSError as error:  # a layer that does not let itself be applied; the grader tells it as our fault
        print(error, file=sys.stderr, flush=True)  # noqa: T201 - the grader reads this pipe
    finally:
        os._exit(BROKEN)


def _debugger(debugging: Debugging, folder: StageFolder) -> "Debugger":
    from proctor.stage.debugger import Debugger  # noqa: PLC0415 - a stage that nobody debugs does without

    debugger = Debugger(debugging, folder.submission)
    debugger.begin()
    return debugger


def close_all_but(kept: Collection[int]) -> None:
    """Close every descriptor that the process was born with, except standard input, output, errors and these."""
    try:
        opened = [int(entry.name) for entry in os.scandir("/dev/fd")]
    except OSError:
        opened = list(range(os.sysconf("SC_OPEN_MAX")))
    for descriptor in {*opened} - {0, 1, 2, *kept}:
        os.closerange(descriptor, descriptor + 1)  # which does not mind that one is closed already
