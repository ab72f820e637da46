"""Conditions: turned round, always true, always false; ``and`` for ``or``; one side alone."""

from collections.abc import Iterator
from typing import Final

import libcst as cst
from libcst import matchers as m

from proctor.verify.mutants.build import part
from proctor.verify.mutants.change import Change, Operator
from proctor.verify.mutants.scene import Scene

__all__ = ["OPERATORS"]

Tested = cst.If | cst.While | cst.IfExp | cst.CompIf | cst.Assert

TWINS: Final[dict[type[cst.CSTNode], tuple[cst.BaseCompOp, ...]]] = {
    cst.Equal: (cst.NotEqual(),),
    cst.NotEqual: (cst.Equal(),),
    cst.In: (cst.NotIn(),),
    cst.NotIn: (cst.In(),),
    cst.Is: (cst.IsNot(),),
    cst.IsNot: (cst.Is(),),
    cst.LessThan: (cst.LessThanEqual(), cst.GreaterThanEqual()),
    cst.LessThanEqual: (cst.LessThan(), cst.GreaterThan()),
    cst.GreaterThan: (cst.GreaterThanEqual(), cst.LessThanEqual()),
    cst.GreaterThanEqual: (cst.GreaterThan(), cst.LessThan()),
}

TURNED_ELSEWHERE: Final = m.UnaryOperation(operator=m.Not()) | m.Comparison(comparisons=[m.DoNotCare()])
"""Conditions that other operators of this file turn round, with less to read."""


def negated(node: Tested, scene: Scene) -> Iterator[Change]:
    """Turn a condition round."""
    if not m.matches(node.test, TURNED_ELSEWHERE):
        test = cst.UnaryOperation(cst.Not(), part(node.test))
        yield Change(f"the condition {scene.short(node.test)} is turned round", (test,), node.test)


def negation_dropped(node: cst.UnaryOperation, scene: Scene) -> Iterator[Change]:
    """Take the ``not`` from a condition."""
    if isinstance(node.operator, cst.Not):
        yield Change(f"the `not` of {scene.short(node)} is dropped", (node.expression,))


def decided(node: Tested, scene: Scene) -> Iterator[Change]:
    """Make a condition always true or always false; a loop that never ends would only cost time."""
    if isinstance(node, cst.Assert):
        return
    for value in ("False",) if isinstance(node, cst.While) else ("True", "False"):
        yield Change(f"the condition {scene.short(node.test)} is always {value.lower()}", (cst.Name(value),), node.test)


def compared(node: cst.ComparisonTarget, scene: Scene) -> Iterator[Change]:
    """Compare the other way, or move the boundary by one."""
    for twin in TWINS.get(type(node.operator), ()):
        words = scene.code(twin).strip()
        yield Change(
            f"`{scene.code(node.operator).strip()}` before {scene.short(node.comparator)} becomes `{words}`",
            (node.with_changes(operator=twin),),
        )


def connected(node: cst.BooleanOperation, scene: Scene) -> Iterator[Change]:
    """Exchange ``and`` and ``or``."""
    word, twin = ("and", cst.Or()) if isinstance(node.operator, cst.And) else ("or", cst.And())
    other = "or" if word == "and" else "and"
    yield Change(f"`{word}` in {scene.short(node)} becomes `{other}`", (node.with_changes(operator=twin),))


def one_sided(node: cst.BooleanOperation, scene: Scene) -> Iterator[Change]:
    """Leave one side of an ``and`` or ``or`` out."""
    for kept, dropped in ((node.right, node.left), (node.left, node.right)):
        yield Change(f"{scene.short(dropped)} is dropped from {scene.short(node)}", (kept,))


def guard_dropped(node: cst.MatchCase, scene: Scene) -> Iterator[Change]:
    """Take the ``if`` from a case."""
    if node.guard is not None:
        nothing = cst.SimpleWhitespace("")
        new = node.with_changes(guard=None, whitespace_before_if=nothing, whitespace_after_if=nothing)
        yield Change(f"the guard {scene.short(node.guard)} of a case is dropped", (new,))


def case_dropped(node: cst.MatchCase, scene: Scene) -> Iterator[Change]:
    """Leave out one case of several."""
    if len(scene.siblings(node)) > 1:
        yield Change(f"the case {scene.short(node.pattern)} is dropped", ())


TESTS: Final = (cst.If, cst.While, cst.IfExp, cst.CompIf, cst.Assert)

OPERATORS: Final = (
    Operator("negated-condition", TESTS, negated),
    Operator("negated-condition", (cst.UnaryOperation,), negation_dropped),
    Operator("decided-condition", TESTS, decided),
    Operator("comparison", (cst.ComparisonTarget,), compared),
    Operator("boolean-operator", (cst.BooleanOperation,), connected),
    Operator("boolean-operator", (cst.BooleanOperation,), one_sided),
    Operator("match-case", (cst.MatchCase,), guard_dropped),
    Operator("match-case", (cst.MatchCase,), case_dropped),
)
