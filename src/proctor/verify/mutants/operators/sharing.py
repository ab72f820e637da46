"""Sharing: what belongs to one request, is kept where all requests see it."""

from collections.abc import Iterator
from typing import Final

import libcst as cst
from libcst import matchers as m

from proctor.verify.mutants.change import Change, Operator
from proctor.verify.mutants.scene import Scene, last_name

__all__ = ["OPERATORS"]

REQUEST: Final = m.Name("request") | m.Name("websocket") | m.Name("connection")
INNER: Final = m.FunctionDef() | m.Lambda()


def shared_variable(node: cst.FunctionDef, _scene: Scene) -> Iterator[Change]:
    """Make a local variable of a coroutine global: another request changes it while this one waits."""
    if node.asynchronous is None or not isinstance(node.body, cst.IndentedBlock):
        return
    steps, given = list(_steps(node.body)), node.params
    parameters = {one.name.value for one in (*given.posonly_params, *given.params, *given.kwonly_params)}
    for name in dict.fromkeys(word for kind, word in steps if kind == "set"):
        if name not in parameters and _outlives_a_wait(steps, name):
            line = cst.SimpleStatementLine([cst.Global([cst.NameItem(cst.Name(name))])])
            plain = m.replace(node.body, m.AnnAssign(target=m.Name(name)), _without_annotation)
            body = cst.ensure_type(plain, cst.IndentedBlock)
            body = body.with_changes(body=[line, *body.body])
            yield Change(f"`{name}` is shared by all requests", (node.with_changes(body=body),))


def _without_annotation(node: cst.CSTNode, _found: object) -> cst.BaseSmallStatement:
    """A global variable has no annotation inside a function."""
    annotated = cst.ensure_type(node, cst.AnnAssign)
    if annotated.value is None:
        return annotated
    return cst.Assign([cst.AssignTarget(annotated.target)], annotated.value)


def _outlives_a_wait(steps: list[tuple[str, str]], name: str) -> bool:
    """Tell whether a name is read after a wait that comes after its assignment, or by an inner function at any time."""
    after = steps[steps.index(("set", name)) + 1 :]
    waits = [index for index, (kind, _) in enumerate(after) if kind == "wait"]
    return bool(waits) and (("later", name) in after or ("get", name) in after[waits[0] :])


def _steps(node: cst.CSTNode) -> Iterator[tuple[str, str]]:
    """Yield roughly in the order in which they happen: waits, and names that are set, read, or read by a function."""
    if m.matches(node, INNER):
        yield from (("later", last_name(one)) for one in m.findall(node, m.Name()))
    elif isinstance(node, cst.Name):
        yield "get", node.value
    elif isinstance(node, cst.Assign | cst.AnnAssign):
        if node.value is not None:
            yield from _steps(node.value)
        for target in [node.target] if isinstance(node, cst.AnnAssign) else [one.target for one in node.targets]:
            yield from [("set", target.value)] if isinstance(target, cst.Name) else _steps(target)
    else:
        for child in node.children:
            yield from _steps(child)
            if isinstance(child, cst.Asynchronous):  # of `async with`, `async for`
                yield "wait", ""
        if isinstance(node, cst.Await) or m.matches(node, m.With(asynchronous=m.Asynchronous())):
            yield "wait", ""


def shared_state(node: cst.Module, _scene: Scene) -> Iterator[Change]:
    """Keep on the application what was kept on the request."""
    state = m.Attribute(value=REQUEST, attr=m.Name("state"))
    names = dict.fromkeys(
        cst.ensure_type(one, cst.Attribute).attr.value for one in m.findall(node, m.Attribute(value=state))
    )
    for name in names:
        kept = m.Attribute(value=state, attr=m.Name(name))
        new = m.replace(node, kept, _on_the_application)
        yield Change(f"`request.state.{name}` is kept on the application", (cst.ensure_type(new, cst.Module),))


def _on_the_application(node: cst.CSTNode, _found: object) -> cst.BaseExpression:
    attribute = cst.ensure_type(node, cst.Attribute)
    state = cst.ensure_type(attribute.value, cst.Attribute)
    return attribute.with_changes(value=state.with_changes(value=cst.Attribute(state.value, cst.Name("app"))))


OPERATORS: Final = (
    Operator("shared-state", (cst.FunctionDef,), shared_variable),
    Operator("shared-state", (cst.Module,), shared_state),
)
