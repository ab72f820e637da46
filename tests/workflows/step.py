"""One step of a job as it is run: its inputs and variables, and what it has left for those after it."""

import re
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Step", "StepFailed", "read_file_command"]


class StepFailed(Exception):
    """A step has failed; the message is what a log would show."""


@dataclass
class Step:
    """A step with everything evaluated. ``outputs`` is filled by whoever runs it."""

    workspace: Path
    inputs: dict[str, str]
    environment: dict[str, str]
    outputs: dict[str, str] = field(default_factory=dict[str, str])


def read_file_command(text: str) -> dict[str, str]:
    """Read `GITHUB_OUTPUT` or `GITHUB_ENV` as the runner does. Raises StepFailed for what it would refuse."""
    values: dict[str, str] = {}
    if text and not text.endswith("\n"):
        raise StepFailed("the last line of a file command has no end")
    lines = iter(text.splitlines())
    for line in lines:
        if not line:
            continue
        equals, brackets = line.find("="), line.find("<<")
        if brackets >= 0 and (equals < 0 or brackets < equals):
            name, delimiter = line[:brackets], line[brackets + 2 :]
            value: list[str] = []
            for one in lines:
                if one == delimiter:
                    break
                value.append(one)
            else:
                raise StepFailed(f"Matching delimiter not found '{delimiter}'")
            values[name] = "\n".join(value)
        elif equals > 0:
            values[line[:equals]] = line[equals + 1 :]
        else:
            raise StepFailed(f"Invalid format '{re.sub(r'[^ -~]', '?', line)}'")
    return values
