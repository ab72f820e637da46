"""Where a learner's code stops while it is debugged: at a line, at `breakpoint`, or at the first call."""

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType

from proctor.errors import UsageError
from proctor.submission import Submission

__all__ = ["Stops"]


@dataclass(frozen=True)
class Stops:
    """Where the learner's code is to stop, and ``places`` in words; none where it cannot even be compiled."""

    line: int | None = None
    at_first_call: bool = False
    places: tuple[str, ...] = ()

    @classmethod
    def choose(cls, submission: Submission, at: int | None) -> "Stops":
        """Choose line ``at``, `breakpoint` wherever the learner wrote it, or else the first call.

        Raises UsageError when nothing runs from that line on.
        """
        main_file, names = submission.exercise.main_file, submission.exercise.manifest.files
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what Python has to say is said when it is loaded
                trees = {name: ast.parse(submission.files.get(name, b""), name) for name in names}
                line = None if at is None else _line_that_runs(trees[main_file], at)
        except (SyntaxError, ValueError, RecursionError):  # the verdict says what is wrong with it
            return cls()
        written = tuple(f"`{call}()` in line {on} of {name}" for name in trees for on, call in _written(trees[name]))
        if line is not None:
            return cls(line, places=(f"line {line} of {main_file}", *written))
        if written:
            return cls(places=written)
        return cls(at_first_call=True, places=("the first function of yours that it calls",))


def _line_that_runs(tree: ast.Module, at: int) -> int:
    """Return the first line from ``at`` on at which anything runs; of a function, the first line of its body."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.lineno <= at < node.body[0].lineno:
            at = node.body[0].lineno
    lines = [line for line in _lines(compile(tree, "", "exec", dont_inherit=True)) if line >= at]
    if not lines or at < 1:
        raise UsageError(f"nothing runs from line {at} on: `--at` takes the number of a line of code in the main file")
    return min(lines)


def _lines(code: CodeType) -> Iterator[int]:
    yield from (line for _, _, line in code.co_lines() if line)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _lines(constant)


def _written(tree: ast.Module) -> list[tuple[int, str]]:
    """Return the lines in which the learner calls the debugger, and how."""
    calls = {(node.lineno, ast.unparse(node.func)) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return sorted(call for call in calls if call[1] in {"breakpoint", "pdb.set_trace"})
