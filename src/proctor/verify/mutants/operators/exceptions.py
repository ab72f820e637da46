"""Exceptions: too many or too few are caught, and what is raised is less exact."""

from collections.abc import Iterator
from typing import Final

import libcst as cst
from libcst import matchers as m

from proctor.verify.mutants.build import expression, plain_arguments, without
from proctor.verify.mutants.change import Change, Operator
from proctor.verify.mutants.scene import Scene, last_name

__all__ = ["OPERATORS"]

REGISTERS: Final = frozenset({"exception_handler", "add_exception_handler"})
EVERYTHING: Final = m.Name("BaseException")


def widened(node: cst.ExceptHandler, scene: Scene) -> Iterator[Change]:
    """Catch more than was meant."""
    if node.type is not None and not m.matches(node.type, EVERYTHING):
        wide = "BaseException" if m.matches(node.type, m.Name("Exception")) else "Exception"
        yield Change(f"`except` catches `{wide}` instead of {scene.short(node.type)}", (cst.Name(wide),), node.type)


def narrowed(node: cst.ExceptHandler, scene: Scene) -> Iterator[Change]:
    """Catch one type less, or nothing at all."""
    if node.type is None:
        return
    yield Change(f"{scene.short(node.type)} is not caught", (expression("()"),), node.type)
    if isinstance(node.type, cst.Tuple):
        for one in node.type.elements:
            new = node.type.with_changes(elements=without(node.type.elements, one))
            yield Change(f"{scene.short(one.value)} is not caught", (new,), node.type)


def raised_vaguely(node: cst.Raise, scene: Scene) -> Iterator[Change]:
    """Raise something that nobody can tell apart."""
    raised = node.exc.func if isinstance(node.exc, cst.Call) else node.exc
    if isinstance(raised, cst.Name | cst.Attribute) and last_name(raised)[:1].isupper():
        yield Change(f"`Exception` is raised instead of {scene.short(raised)}", (cst.Name("Exception"),), raised)


def registered_widely(node: cst.Call, scene: Scene) -> Iterator[Change]:
    """Answer every exception with the handler of one."""
    if last_name(node.func) in REGISTERS and (plain := plain_arguments(node)):
        words = f"{scene.short(node.func)} is told `Exception` instead of {scene.short(plain[0].value)}"
        yield Change(words, (cst.Name("Exception"),), plain[0].value)


OPERATORS: Final = (
    Operator("exception-type", (cst.ExceptHandler,), widened),
    Operator("exception-type", (cst.ExceptHandler,), narrowed),
    Operator("exception-type", (cst.Raise,), raised_vaguely),
    Operator("exception-type", (cst.Call,), registered_widely),
)
