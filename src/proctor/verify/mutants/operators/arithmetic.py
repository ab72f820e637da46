"""Arithmetic: each operator becomes its opposite, a sum becomes the last summand, a set of flags loses one."""

from collections.abc import Iterator
from typing import Final

import libcst as cst

from proctor.verify.mutants.change import Change, Operator
from proctor.verify.mutants.scene import Scene

__all__ = ["OPERATORS"]

TWINS: Final[dict[type[cst.CSTNode], cst.BaseBinaryOp]] = {
    cst.Add: cst.Subtract(),
    cst.Subtract: cst.Add(),
    cst.Multiply: cst.Divide(),
    cst.Divide: cst.Multiply(),
    cst.FloorDivide: cst.Divide(),
    cst.Modulo: cst.FloorDivide(),
    cst.Power: cst.Multiply(),
    cst.BitAnd: cst.BitOr(),
    cst.BitOr: cst.BitAnd(),
    cst.BitXor: cst.BitAnd(),
    cst.LeftShift: cst.RightShift(),
    cst.RightShift: cst.LeftShift(),
}

IN_PLACE: Final[dict[type[cst.CSTNode], cst.BaseAugOp]] = {
    cst.AddAssign: cst.SubtractAssign(),
    cst.SubtractAssign: cst.AddAssign(),
    cst.MultiplyAssign: cst.DivideAssign(),
    cst.DivideAssign: cst.MultiplyAssign(),
    cst.BitAndAssign: cst.BitOrAssign(),
    cst.BitOrAssign: cst.BitAndAssign(),
}


def exchanged(node: cst.BinaryOperation, scene: Scene) -> Iterator[Change]:
    """Calculate the other way."""
    if twin := TWINS.get(type(node.operator)):
        words = scene.code(twin).strip()
        yield Change(
            f"`{scene.code(node.operator).strip()}` in {scene.short(node)} becomes `{words}`",
            (node.with_changes(operator=twin),),
        )


def one_sided(node: cst.BinaryOperation, scene: Scene) -> Iterator[Change]:
    """Leave one side of a union out."""
    if isinstance(node.operator, cst.BitOr | cst.BitAnd):
        for kept, dropped in ((node.right, node.left), (node.left, node.right)):
            yield Change(f"{scene.short(dropped)} is dropped from {scene.short(node)}", (kept,))


def exchanged_in_place(node: cst.AugAssign, scene: Scene) -> Iterator[Change]:
    """Count the other way."""
    if twin := IN_PLACE.get(type(node.operator)):
        words = scene.code(twin).strip()
        yield Change(f"{scene.short(node)} counts with `{words}`", (node.with_changes(operator=twin),))


def assigned(node: cst.AugAssign, scene: Scene) -> Iterator[Change]:
    """Forget what was there before."""
    plain = cst.Assign([cst.AssignTarget(node.target)], node.value, semicolon=node.semicolon)
    yield Change(f"{scene.short(node)} forgets what was there before", (plain,))


def sign_dropped(node: cst.UnaryOperation, scene: Scene) -> Iterator[Change]:
    """Take the sign from a number."""
    if not isinstance(node.operator, cst.Not):
        yield Change(f"the sign of {scene.short(node)} is dropped", (node.expression,))


OPERATORS: Final = (
    Operator("arithmetic", (cst.BinaryOperation,), exchanged),
    Operator("arithmetic", (cst.BinaryOperation,), one_sided),
    Operator("arithmetic", (cst.AugAssign,), exchanged_in_place),
    Operator("arithmetic", (cst.AugAssign,), assigned),
    Operator("arithmetic", (cst.UnaryOperation,), sign_dropped),
)
