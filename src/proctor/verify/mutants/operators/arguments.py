"""Calls and definitions: arguments swapped or left out, defaults lost, decorators taken off."""

from collections.abc import Iterator
from typing import Final

import libcst as cst
from libcst import matchers as m

from proctor.verify.mutants.build import plain_arguments, swapped, without
from proctor.verify.mutants.change import Change, Operator
from proctor.verify.mutants.scene import Scene, last_name

__all__ = ["OPERATORS"]

FIXED_ORDER: Final = frozenset(
    {"isinstance", "issubclass", "hasattr", "getattr", "setattr", "partial", "range", "cast"}
)
"""Functions that only raise when their arguments are swapped."""

ASGI: Final = (m.Arg(m.Name("scope")), m.Arg(m.Name("receive") | m.Name("_receive")), m.Arg(m.Name() | m.Attribute()))
"""Three objects without anything in common: any other order only raises."""

DEPENDENCY: Final = m.Call(func=m.Name("Depends") | m.Name("Security"))


def arguments_swapped(node: cst.Call, scene: Scene) -> Iterator[Change]:
    """Exchange two neighbouring arguments."""
    plain = plain_arguments(node)
    if last_name(node.func) in FIXED_ORDER or m.matches(node, m.Call(args=ASGI)):
        return
    for index in range(len(plain) - 1):
        new = node.with_changes(args=swapped(node.args, index, index + 1))
        first, second = (scene.short(one.value) for one in plain[index : index + 2])
        yield Change(f"{first} and {second} change places in the call of {scene.short(node.func)}", (new,))


def argument_dropped(node: cst.Call, scene: Scene) -> Iterator[Change]:
    """Leave out an argument that is passed by name."""
    for one in node.args:
        if one.keyword is not None:
            new = node.with_changes(args=without(node.args, one))
            yield Change(f"`{one.keyword.value}=` is dropped from the call of {scene.short(node.func)}", (new,))


def default_lost(node: cst.Param, scene: Scene) -> Iterator[Change]:
    """Make ``None`` the default. A dependency is removed by an operator of its own."""
    if node.default is not None and not m.matches(node.default, DEPENDENCY | m.Name("None")):
        words = f"the default {scene.short(node.default)} of `{node.name.value}` becomes `None`"
        yield Change(words, (cst.Name("None"),), node.default)


def decorator_dropped(node: cst.Decorator, scene: Scene) -> Iterator[Change]:
    """Take a decorator off."""
    yield Change(f"the decorator {scene.short(node.decorator)} is dropped", ())


OPERATORS: Final = (
    Operator("swapped-arguments", (cst.Call,), arguments_swapped),
    Operator("missing-argument", (cst.Call,), argument_dropped),
    Operator("default-value", (cst.Param,), default_lost),
    Operator("missing-decorator", (cst.Decorator,), decorator_dropped),
)
