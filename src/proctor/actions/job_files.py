"""The files by which a step tells GitHub something: outputs for the jobs after it, and the summary that people read.

Source: https://github.com/actions/runner at 258d6c8, src/Runner.Worker/FileCommandManager.cs. A value may not end the
lines around it, so each is put between delimiters that nobody can know before.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from proctor.errors import UsageError

__all__ = ["add_summary", "write_outputs"]

_OUTPUTS: Final = "GITHUB_OUTPUT"
_SUMMARY: Final = "GITHUB_STEP_SUMMARY"


def write_outputs(outputs: Mapping[str, str]) -> None:
    """Hand values to the jobs that need this one; print nothing. Elsewhere than on GitHub, do nothing.

    Raises UsageError where the file cannot be written.
    """
    delimiter = f"end-{secrets.token_hex(16)}"
    _append(_OUTPUTS, "".join(f"{name}<<{delimiter}\n{value}\n{delimiter}\n" for name, value in outputs.items()))


def add_summary(markdown: str) -> None:
    """Add to what the page of the run shows; the text has to be harmless as Markdown already.

    Raises UsageError where the file cannot be written.
    """
    _append(_SUMMARY, markdown)


def _append(variable: str, text: str) -> None:
    path = os.environ.get(variable)
    if not path:
        return
    try:
        with Path(path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"`{path}`, which `{variable}` names, cannot be written: {error.strerror}") from None
