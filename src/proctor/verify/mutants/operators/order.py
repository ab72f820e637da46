"""Order: two layers, tasks, routes or other neighbours change places; a layer is missing."""

from collections.abc import Iterator
from typing import Final

import libcst as cst
from libcst import matchers as m

from proctor.verify.mutants.build import HANDLES_ROUTE, ROUTE, swapped
from proctor.verify.mutants.change import Change, Operator
from proctor.verify.mutants.scene import Scene, last_name

__all__ = ["OPERATORS"]

CALL_LINE: Final = m.SimpleStatementLine(body=[m.Expr(m.Call() | m.Await(m.Call()))])
MIDDLEWARE: Final = m.Call(func=m.Name("Middleware"))
DECORATED_LAYER: Final = m.FunctionDef(
    decorators=[m.ZeroOrMore(), m.Decorator(m.Call(func=m.Attribute(attr=m.Name("middleware")))), m.ZeroOrMore()]
)
LAYER: Final = m.Call(
    func=m.Name(value=m.MatchRegex(r"[A-Z]\w*[a-z]\w*")),
    args=[m.Arg(keyword=None), m.ZeroOrMore()],
)
BUILDERS: Final = frozenset(
    {"Middleware", "Depends", "Route", "Mount", "Field", "Header", "Query", "Settings", "MagicMock", "Headers"}
)
"""Classes that are called like layers, and wrap nothing."""


def neighbours_swapped(node: cst.IndentedBlock | cst.Module, scene: Scene) -> Iterator[Change]:
    """Exchange two calls of the same kind, such as ``add_middleware``, ``add_task``, ``include_router``."""
    for index in range(len(node.body) - 1):
        first, second = node.body[index], node.body[index + 1]
        if _kind(first, scene) and _kind(first, scene) == _kind(second, scene) and _may_meet(first, second, scene):
            words = " and ".join(_title(one, scene) for one in (first, second))
            new = node.with_changes(body=swapped(node.body, index, index + 1))
            yield Change(f"{words} change places", (new,))


def _kind(line: cst.CSTNode, scene: Scene) -> str:
    """Return what a statement has in common with those whose order matters, or nothing."""
    if m.matches(line, DECORATED_LAYER):
        return "layer"
    if isinstance(line, cst.FunctionDef) and m.matches(line, HANDLES_ROUTE):
        route = cst.ensure_type(m.findall(line, ROUTE)[0], cst.Decorator).decorator
        return scene.code(cst.ensure_type(route, cst.Call).func)  # other methods never meet
    if isinstance(line, cst.SimpleStatementLine) and m.matches(line, CALL_LINE):
        value = cst.ensure_type(line.body[0], cst.Expr).value
        call = cst.ensure_type(value.expression if isinstance(value, cst.Await) else value, cst.Call)
        return scene.code(call.func)
    return ""


def _may_meet(first: cst.CSTNode, second: cst.CSTNode, scene: Scene) -> bool:
    """Tell whether the order can matter: of two routes, only if one has a parameter."""
    routes = [one for line in (first, second) for one in m.findall(line, ROUTE) if m.matches(line, HANDLES_ROUTE)]
    return not routes or any("{" in scene.code(route) for route in routes)


def _title(line: cst.CSTNode, scene: Scene) -> str:
    if isinstance(line, cst.FunctionDef):
        return f"`{line.name.value}`"
    return scene.short(cst.ensure_type(line, cst.SimpleStatementLine).body[0])


def listed_layers_swapped(node: cst.List | cst.Tuple, scene: Scene) -> Iterator[Change]:
    """Exchange two layers of a list."""
    for index in range(len(node.elements) - 1):
        pair = node.elements[index : index + 2]
        if all(m.matches(one.value, MIDDLEWARE) for one in pair):
            words = " and ".join(scene.short(one.value) for one in pair)
            new = node.with_changes(elements=swapped(node.elements, index, index + 1))
            yield Change(f"{words} change places", (new,))


def nested_layers_swapped(node: cst.Call, scene: Scene) -> Iterator[Change]:
    """Exchange two layers that are wrapped around one another by hand, and their other arguments with them."""
    if not _is_layer(node):
        return
    inner = node.args[0].value
    if isinstance(inner, cst.Call) and _is_layer(inner):
        new_inner = node.with_changes(args=[inner.args[0].with_changes(comma=node.args[0].comma), *node.args[1:]])
        first = node.args[0].with_changes(value=new_inner, comma=inner.args[0].comma)
        new = inner.with_changes(args=[first, *inner.args[1:]])
        yield Change(f"{scene.short(node.func)} and {scene.short(inner.func)} change places", (new,))


def layer_dropped(node: cst.Call, scene: Scene) -> Iterator[Change]:
    """Leave out a layer that is wrapped around something by hand."""
    if _is_layer(node) and isinstance(node.args[0].value, cst.Name | cst.Call):
        inner = node.args[0].value
        yield Change(f"{scene.short(node.func)} around {scene.short(inner)} is dropped", (inner,))


def _is_layer(node: cst.Call) -> bool:
    return m.matches(node, LAYER) and last_name(node.func) not in BUILDERS


OPERATORS: Final = (
    Operator("swapped-order", (cst.IndentedBlock, cst.Module), neighbours_swapped),
    Operator("swapped-order", (cst.List, cst.Tuple), listed_layers_swapped),
    Operator("swapped-order", (cst.Call,), nested_layers_swapped),
    Operator("missing-layer", (cst.Call,), layer_dropped),
)
