"""Background tasks and other calls that are meant for later: called at once."""

from collections.abc import Iterator
from typing import Final

import libcst as cst

from proctor.verify.mutants.build import expression, plain_arguments
from proctor.verify.mutants.change import Change, Operator
from proctor.verify.mutants.scene import Scene, last_name

__all__ = ["OPERATORS"]


def called_in_place(node: cst.Call, scene: Scene) -> Iterator[Change]:
    """Do the work before the answer leaves."""
    plain = plain_arguments(node)
    if last_name(node.func) not in {"add_task", "BackgroundTask"} or not plain:
        return
    call = _called(node, scene)
    task = scene.short(plain[0].value)
    if last_name(node.func) == "add_task":
        yield Change(f"the background task {task} is called in place", (expression(call),))
        if scene.is_awaitable_here(node):
            yield Change(f"the background task {task} is awaited in place", (expression(f"(await {call})"),))
    new = node.with_changes(args=[cst.Arg(expression(call))])
    yield Change(f"{task} is called instead of passed on as a background task", (new,))


def called_early(node: cst.Call, scene: Scene) -> Iterator[Change]:
    """Call at once what was prepared for later."""
    plain = plain_arguments(node)
    if last_name(node.func) == "partial" and plain:
        yield Change(f"{scene.short(plain[0].value)} is called at once", (expression(_called(node, scene)),))


def _called(node: cst.Call, scene: Scene) -> str:
    """Return the call that a function and its arguments, all passed on, would become."""
    function, *arguments = node.args
    return f"{scene.code(function.value)}({', '.join(scene.code(one).rstrip(', ') for one in arguments)})"


OPERATORS: Final = (
    Operator("task-called-in-place", (cst.Call,), called_in_place),
    Operator("called-early", (cst.Call,), called_early),
)
