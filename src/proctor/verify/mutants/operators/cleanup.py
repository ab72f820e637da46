"""Cleaning up: not at all, or only where nothing was raised; and keeping a copy that is none."""

from collections.abc import Iterator
from typing import Final

import libcst as cst
from libcst import matchers as m

from proctor.verify.mutants.build import PASS, always, plain_arguments
from proctor.verify.mutants.change import Change, Operator
from proctor.verify.mutants.scene import Scene, last_name

__all__ = ["OPERATORS"]

YIELDS: Final = m.SimpleStatementLine(
    body=[m.Expr(m.Yield()) | m.Assign(value=m.Yield()) | m.Return()],
)
COPIES: Final = frozenset({"dict", "list", "set", "copy", "deepcopy"})


def never_cleaned_up(node: cst.Finally, _scene: Scene) -> Iterator[Change]:
    """Do nothing in ``finally``."""
    nothing = cst.IndentedBlock([cst.SimpleStatementLine([PASS])])
    yield Change("what `finally` does is dropped", (node.with_changes(body=nothing),))


def not_cleaned_up_after_yield(node: cst.SimpleStatementLine, scene: Scene) -> Iterator[Change]:
    """End a generator at its ``yield``."""
    if not m.matches(node, YIELDS) or isinstance(node.body[0], cst.Return):
        return
    block = scene.parent(node)
    lines = scene.siblings(node)
    index = next(index for index, one in enumerate(lines) if one is node)
    if isinstance(block, cst.IndentedBlock) and lines[index + 1 :]:
        new = block.with_changes(body=lines[: index + 1])
        yield Change(f"everything after {scene.short(node)} is dropped", (new,), block)


def cleaned_up_after_success(node: cst.Try, _scene: Scene) -> Iterator[Change]:
    """Clean up only where nothing was raised."""
    if node.finalbody is None:
        return
    after = always(node.finalbody.body)
    if node.handlers:
        before: cst.BaseCompoundStatement = node.with_changes(finalbody=None)
    else:
        before = always(node.body, node.leading_lines)
    yield Change("what `finally` does happens only where nothing was raised", (before, after))


def copy_is_the_original(node: cst.Call, scene: Scene) -> Iterator[Change]:
    """Keep the thing itself where a copy was meant."""
    plain = plain_arguments(node)
    name = last_name(node.func)
    if name in COPIES and len(plain) == len(node.args) == 1:
        yield Change(f"{scene.short(plain[0].value)} is not copied", (plain[0].value,))
    elif name == "copy" and not node.args and isinstance(node.func, cst.Attribute):
        yield Change(f"{scene.short(node.func.value)} is not copied", (node.func.value,))


OPERATORS: Final = (
    Operator("missing-cleanup", (cst.Finally,), never_cleaned_up),
    Operator("missing-cleanup", (cst.SimpleStatementLine,), not_cleaned_up_after_yield),
    Operator("cleanup-after-success", (cst.Try,), cleaned_up_after_success),
    Operator("missing-copy", (cst.Call,), copy_is_the_original),
)
