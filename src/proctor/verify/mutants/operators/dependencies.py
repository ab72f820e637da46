"""Dependencies: one missing, run once too often or too rarely, a parameter read from elsewhere, a key for a value."""

from collections.abc import Iterator
from typing import Final

import libcst as cst
from libcst import matchers as m

from proctor.verify.mutants.build import keyword, with_argument
from proctor.verify.mutants.change import Change, Operator
from proctor.verify.mutants.scene import Scene, last_name

__all__ = ["OPERATORS"]

DEPENDENCIES: Final = frozenset({"Depends", "Security"})
SOURCES: Final = {"Header": "Query", "Cookie": "Header", "Query": "Header", "Form": "Query", "Body": "Query"}
OVERRIDES: Final = m.Attribute(attr=m.Name("dependency_overrides")) | m.Name("dependency_overrides")


def dependency_removed(node: cst.Subscript, scene: Scene) -> Iterator[Change]:
    """Take a dependency out of an annotation."""
    if last_name(node.value) != "Annotated":
        return
    plain, *extras = node.slice
    for extra in extras:
        index = cst.ensure_type(extra.slice, cst.Index).value
        if isinstance(index, cst.Call) and last_name(index.func) in DEPENDENCIES:
            bare = cst.ensure_type(plain.slice, cst.Index).value
            yield Change(f"the dependency {scene.short(index)} is removed", (bare,))


def default_dependency_removed(node: cst.Param, scene: Scene) -> Iterator[Change]:
    """Take a dependency out of the default of a parameter."""
    if isinstance(node.default, cst.Call) and last_name(node.default.func) in DEPENDENCIES:
        yield Change(f"the dependency {scene.short(node.default)} is removed", (cst.Name("None"),), node.default)


def run_again(node: cst.Call, scene: Scene) -> Iterator[Change]:
    """Run a dependency each time that it is asked for, and not once per request."""
    same = m.findall(scene.module, m.Call(func=m.Name() | m.Attribute(), args=[m.Arg(), m.ZeroOrMore()]))
    often = [one for one in same if scene.code(one) == scene.code(node)]
    is_dependency = last_name(node.func) in DEPENDENCIES and bool(node.args) and keyword(node, "use_cache") is None
    if is_dependency and len(often) > 1:  # what is asked for once, is run once anyway
        new = with_argument(node, "use_cache=False")
        yield Change(f"{scene.short(node)} is run each time that it is asked for", (new,))


def read_elsewhere(node: cst.Call, scene: Scene) -> Iterator[Change]:
    """Read a parameter from another part of the request."""
    other = SOURCES.get(last_name(node.func))
    if other and isinstance(node.func, cst.Name) and _belongs_to_parameter(node, scene):
        new = cst.parse_expression(f"__import__('fastapi').{other}")
        yield Change(f"the parameter is a `{other}` instead of a `{node.func.value}`", (new,), node.func)


def _belongs_to_parameter(node: cst.CSTNode, scene: Scene) -> bool:
    return any(isinstance(outer, cst.Param) for outer in scene.around(node))


def key_and_value_exchanged(node: cst.Assign, scene: Scene) -> Iterator[Change]:
    """Override the fake by the real one."""
    target = node.targets[0].target
    if not isinstance(target, cst.Subscript) or not m.matches(target.value, OVERRIDES):
        return
    key = cst.ensure_type(target.slice[0].slice, cst.Index).value
    new_slice = [target.slice[0].with_changes(slice=cst.Index(node.value))]
    new_target = node.targets[0].with_changes(target=target.with_changes(slice=new_slice))
    yield Change(
        f"key and value of {scene.short(node)} are exchanged",
        (node.with_changes(targets=[new_target], value=key),),
    )


def table_turned_round(node: cst.DictComp, scene: Scene) -> Iterator[Change]:
    """Exchange the keys and values of a table."""
    new = node.with_changes(key=node.value, value=node.key)
    yield Change(f"key and value of {scene.short(node)} are exchanged", (new,))


OPERATORS: Final = (
    Operator("missing-dependency", (cst.Subscript,), dependency_removed),
    Operator("missing-dependency", (cst.Param,), default_dependency_removed),
    Operator("dependency-cache", (cst.Call,), run_again),
    Operator("other-source", (cst.Call,), read_elsewhere),
    Operator("exchanged-key", (cst.Assign,), key_and_value_exchanged),
    Operator("exchanged-key", (cst.DictComp,), table_turned_round),
)
