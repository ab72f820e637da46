"""What GitHub's runner makes of the lines of a log: the workflow commands that it would obey.

Written anew from the rules of https://github.com/actions/runner at 258d6c8, src/Runner.Common/ActionCommand.cs: a
command of the second version stands at the beginning of a line, behind white space too; one of the first version stands
anywhere in it. This reader ends lines at every character that any reader ends them at, and is stricter in that.
"""

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["Command", "commands_in", "environment_of"]

REGISTERED: Final = frozenset(
    {
        "add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "internal-set-repo-path",
        "notice", "remove-matcher", "save-state", "set-env", "set-output", "stop-commands", "warning",
    }
)  # fmt: skip
_LINE_ENDS: Final = re.compile("\r\n|[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_DATA: Final = {"%0D": "\r", "%0A": "\n", "%25": "%"}
_VALUE: Final = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


@dataclass(frozen=True)
class Command:
    """One workflow command."""

    name: str
    properties: dict[str, str]
    data: str


def commands_in(log: str) -> list[Command]:
    """Return the commands that the runner finds in a log."""
    found = [_second_version(line) or _first_version(line) for line in _LINE_ENDS.split(log)]
    return [command for command in found if command is not None]


def environment_of(text: str) -> dict[str, str]:
    """Return the variables that a file of the environment sets, as far as lines of the form ``name=value`` do."""
    variables: dict[str, str] = {}
    for line in text.removesuffix("\n").split("\n"):
        name, sign, value = line.partition("=")
        assert sign, line
        assert "<<" not in name, line
        variables[name] = value
    return variables


def _second_version(line: str) -> Command | None:
    found = re.match(r"\s*::(.*?)::(.*)", line, re.DOTALL)
    if found is None:
        return None
    name, _, rest = found[1].strip().partition(" ")
    if name.lower() not in REGISTERED:
        return None
    return Command(name.lower(), _properties(rest, ",", _VALUE), _unescaped(found[2], _DATA))


def _first_version(line: str) -> Command | None:
    found = re.search(r"##\[([^]]*)\](.*)", line, re.DOTALL)
    if found is None:
        return None
    name, _, rest = found[1].partition(" ")
    if name.lower() not in REGISTERED:
        return None
    return Command(name.lower(), _properties(rest, ";", {}), found[2])


def _properties(text: str, separator: str, signs: dict[str, str]) -> dict[str, str]:
    pairs = [part.strip().partition("=") for part in text.split(separator) if "=" in part]
    return {name: _unescaped(value, signs) for name, _, value in pairs}


def _unescaped(text: str, signs: dict[str, str]) -> str:
    for spelled, sign in signs.items():
        text = text.replace(spelled, sign)
    return text
