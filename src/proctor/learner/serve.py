"""Serves one exercise on this machine, with stand-ins for its collaborators, so that it can be tried by hand.

Theory of operation
-------------------
``exercises/<slug>/serve.py`` makes the application: it imports ``create_app`` from ``main``, and gives it stand-ins.
Which ``main`` that is, the order of the import path decides: the learner's lies beside ``serve.py``, and the reference,
where it is asked for, comes before both.

uvicorn's reloader starts a second process, which imports ``serve`` and answers requests, and replaces it whenever a
file of the exercise is saved. The port belongs to the reloader. So it stays ours while nobody answers, because a file
is broken or being loaded: a request that is sent then waits for the next save.

The second process runs whatever the learner has written, on the learner's own machine and without a sandbox. An endless
loop in it hears no request to stop, so `PATIENCE` is all it is given, at a save and at the end.
"""

import ast
import logging
import os
import socket
import sys
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text
from uvicorn import Config, Server
from uvicorn.supervisors.watchfilesreload import WatchFilesReload

from proctor.catalog import Exercise
from proctor.errors import UsageError
from proctor.hostile_text import neutral

__all__ = ["HOST", "PATIENCE", "PORT", "import_path", "instructions", "serve"]

HOST: Final = "127.0.0.1"
"""Nobody but this machine: the exercise runs without a sandbox."""

PORT: Final = 8000
"""The port of a server that nobody has chosen another one for; ``serve.py`` names it, too."""

PATIENCE: Final = 10.0
"""Seconds that a server has for the work that it has begun. The slowest stand-in takes half of it."""

_ENVIRONMENT: Final = {
    "PYTHONDONTWRITEBYTECODE": "1",  # the folder of an exercise holds what learner and course have put there
    "PYTHONUNBUFFERED": "1",  # what a stand-in prints is seen when it happens, also through a pipe
}


def serve(exercise: Exercise, *, port: int = PORT, solution: bool = False) -> int:
    """Serve an exercise until somebody presses Ctrl-C, and load it anew at every save. Return the exit code.

    ``port`` 0 is any that is free. ``solution`` serves the reference in place of the learner's files. Import path and
    environment of this process are changed, because the server inherits them.

    Raises UsageError when the port cannot be had, or a file is missing that is needed before anything can be served.
    """
    script = _script(exercise)
    path = import_path(exercise, solution=solution)
    with _listen(exercise, port) as listening:
        _announce(exercise, script, listening.getsockname()[1], solution=solution)
        sys.path[:0] = map(os.fspath, path)
        os.environ.update(_ENVIRONMENT)
        config = Config(
            "serve:app",
            reload=True,
            reload_dirs=[os.fspath(exercise.folder)],
            reload_delay=0,  # it watches from the first moment on, and waits for the end of a burst all the same
            use_colors=False if "NO_COLOR" in os.environ else None,
        )
        _Reloader(config, Server(config).run, [listening]).run()
    return 0


def import_path(exercise: Exercise, *, solution: bool = False) -> list[Path]:
    """Return the folders in which ``serve`` and ``main`` are found. Raises UsageError when there is no reference."""
    if not solution:
        return [exercise.folder]
    if not exercise.may_have_solution:
        raise UsageError("a released course comes without solutions: leave out `--solution` to serve your own file")
    missing = [name for name in exercise.manifest.files if not (exercise.solution / name).is_file()]
    if missing:
        where = exercise.solution / missing[0]
        raise UsageError(f"there is no reference at `{where}`: leave out `--solution` to serve your own file")
    return [exercise.solution, exercise.folder]


def instructions(script: str, port: int) -> str:
    """Return what ``serve.py`` says of itself, for this port; nothing where the file cannot be read as Python.

    Args:
        script: The text of ``serve.py``, whose docstring says what to try on port 8000.
        port: The port that is really served.
    """
    try:
        said = ast.get_docstring(ast.parse(script)) or ""
    except (SyntaxError, ValueError):  # the server tells the learner, and goes on once it is mended
        return ""
    return said.replace(f"localhost:{PORT}", f"localhost:{port}")


def _script(exercise: Exercise) -> str:
    """Return the text of ``serve.py``. Raises UsageError."""
    path = exercise.folder / exercise.served_file
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        again = f"`git checkout -- exercises/{exercise.slug}/{path.name}` brings it back"
        raise UsageError(f"`{path}` has the stand-ins, and cannot be read ({error.strerror}): {again}") from None


def _listen(exercise: Exercise, port: int) -> socket.socket:
    """Return a socket that listens already, so that nobody else gets the port. Raises UsageError."""
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        why = os.strerror(error.errno or 0)  # its own text has the address again
        other = f"`nox -s serve -- {exercise.slug} --port 0` takes one that is free"
        raise UsageError(f"port {port} cannot be had at `{HOST}` ({why}): {other}") from None


def _announce(exercise: Exercise, script: str, port: int, *, solution: bool) -> None:
    """Print where to look, what to try and how to stop."""
    address = f"http://localhost:{port}"
    what = "the reference" if solution else f"exercises/{exercise.slug}/{exercise.main_file}"
    said = instructions(script, port)
    lines = [
        f"{exercise.manifest.title}: {what}",
        f"  address  {address}",
        f"  docs     {address}/docs",
        "  edit     every save loads it anew",
        "  stop     Ctrl-C",
        *(["", neutral(said)] if said else []),
        "",
    ]
    console = Console(highlight=False)
    for line in lines:
        console.print(Text(line), soft_wrap=True)  # a command that is broken in two cannot be copied


class _Reloader(WatchFilesReload):
    """uvicorn's reloader, which ends a server that does not end by itself."""

    def restart(self) -> None:
        """Replace the server."""
        self._end_server()
        super().restart()

    def shutdown(self) -> None:
        """End the server, and close the port."""
        self._end_server()
        super().shutdown()

    def _end_server(self) -> None:
        self.process.terminate()
        self.process.join(PATIENCE)
        if self.process.is_alive():
            log = logging.getLogger("uvicorn.error")
            log.warning("The server was still busy after %g seconds, and was killed.", PATIENCE)
            self.process.kill()
            self.process.join()
