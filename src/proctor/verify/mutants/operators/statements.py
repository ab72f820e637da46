"""Statements: left out, returned too much or too little, repeated in another order."""

from collections.abc import Iterator
from typing import Final

import libcst as cst
from libcst import matchers as m

from proctor.verify.mutants.build import PASS, expression
from proctor.verify.mutants.change import Change, Operator
from proctor.verify.mutants.scene import Scene, last_name

__all__ = ["OPERATORS"]

LASTING: Final = m.Attribute() | m.Subscript()
"""Where a value is seen by others. A plain name that is not assigned only raises, which teaches nothing."""

REMOVABLE: Final = (
    m.Expr(value=m.Call() | m.Await() | m.Name() | m.Attribute())
    | m.Assign(targets=[m.AssignTarget(target=LASTING)])
    | m.AnnAssign(target=LASTING)
    | m.AugAssign()
    | m.Raise()
    | m.Del()
)

ENDLESS: Final = frozenset({"count", "cycle", "repeat", "iter"})
TWIN_METHODS: Final = {
    one: other
    for pair in (
        ("lower", "upper"),
        ("removeprefix", "removesuffix"),
        ("startswith", "endswith"),
        ("lstrip", "rstrip"),
        ("partition", "rpartition"),
        ("append", "appendleft"),
        ("popleft", "pop"),
        ("any", "all"),
        ("min", "max"),
    )
    for one, other in (pair, pair[::-1])
    if (one, other) != ("pop", "popleft")
}


def removed(node: cst.BaseSmallStatement, scene: Scene) -> Iterator[Change]:
    """Leave a statement out; a name only where it has an earlier value."""
    if m.matches(node, REMOVABLE) or _assigns_again(node, scene):
        yield Change(f"the statement {scene.short(node)} is dropped", (PASS,))


def _assigns_again(node: cst.BaseSmallStatement, scene: Scene) -> bool:
    """Tell whether a statement gives a name of a function another value in the same list of statements."""
    if not m.matches(node, m.Assign(targets=[m.AssignTarget(target=m.Name())], value=m.Call() | m.Await())):
        return False
    name = cst.ensure_type(cst.ensure_type(node, cst.Assign).targets[0].target, cst.Name).value
    line = scene.parent(node)
    if line is None:
        return False
    earlier = [one for one in scene.siblings(line) if one is not line]
    assigns = m.SimpleStatementLine(body=[m.Assign(targets=[m.AssignTarget(target=m.Name(name))])])
    return any(m.matches(one, assigns) for one in earlier)


def nothing_returned(node: cst.Return | cst.Yield | cst.Lambda, scene: Scene) -> Iterator[Change]:
    """Give back nothing."""
    value = node.body if isinstance(node, cst.Lambda) else node.value
    if isinstance(value, cst.BaseExpression) and not m.matches(value, m.Name("None")):
        verb = "yielded" if isinstance(node, cst.Yield) else "returned"
        yield Change(f"nothing is {verb} instead of {scene.short(value)}", (cst.Name("None"),), value)


def going_on(node: cst.Return, scene: Scene) -> Iterator[Change]:
    """Go on where the function should have ended. At its end, that makes no difference."""
    line = scene.parent(node)
    block = scene.parent(line) if line is not None else None
    if node.value is None and block is not None and not isinstance(scene.parent(block), cst.FunctionDef):
        yield Change("the early `return` is dropped", (PASS,))


def broken_off(node: cst.Break | cst.Continue, _scene: Scene) -> Iterator[Change]:
    """Exchange ``break`` and ``continue``."""
    if isinstance(node, cst.Break):
        yield Change("`break` becomes `continue`", (cst.Continue(),))
    else:
        yield Change("`continue` becomes `break`", (cst.Break(),))


def run_through(node: cst.For | cst.CompFor, scene: Scene) -> Iterator[Change]:
    """Go through a list backwards, or stop after its first item."""
    is_endless = isinstance(node.iter, cst.Call) and last_name(node.iter.func) in ENDLESS
    if node.asynchronous is None and not is_endless:
        items, code = scene.short(node.iter), scene.code(node.iter)
        if not isinstance(scene.parent(node), cst.DictComp | cst.SetComp):  # a table is looked up in no order
            yield Change(f"{items} is gone through backwards", (expression(f"reversed(list({code}))"),), node.iter)
        yield Change(f"of {items}, only the first is taken", (expression(f"list({code})[:1]"),), node.iter)


def twin_called(node: cst.Call, scene: Scene) -> Iterator[Change]:
    """Call the method that is easily mistaken for the right one."""
    twin = TWIN_METHODS.get(last_name(node.func))
    if twin and isinstance(node.func, cst.Name):
        yield Change(f"{scene.short(node.func)} becomes `{twin}`", (cst.Name(twin),), node.func)
    elif twin and isinstance(node.func, cst.Attribute):
        yield Change(f"{scene.short(node.func)} becomes `{twin}`", (cst.Name(twin),), node.func.attr)


OPERATORS: Final = (
    Operator("removed-statement", (cst.BaseSmallStatement,), removed),
    Operator("nothing-returned", (cst.Return, cst.Yield, cst.Lambda), nothing_returned),
    Operator("early-return", (cst.Return,), going_on),
    Operator("loop", (cst.Break, cst.Continue), broken_off),
    Operator("loop", (cst.For, cst.CompFor), run_through),
    Operator("other-method", (cst.Call,), twin_called),
)
