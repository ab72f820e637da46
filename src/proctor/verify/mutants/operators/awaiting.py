"""Waiting: an ``await`` dropped or moved, concurrent work in a row, blocking work on the event loop."""

from collections.abc import Iterator
from typing import Final

import libcst as cst
from libcst import matchers as m

from proctor.verify.mutants.build import HANDLES_ROUTE, PASS, always, expression, plain_arguments
from proctor.verify.mutants.change import Change, Operator
from proctor.verify.mutants.scene import Scene, last_name

__all__ = ["OPERATORS"]

IN_A_THREAD: Final = {"to_thread": 0, "run_in_threadpool": 0, "run_sync": 0, "run_in_executor": 1}
"""Functions that take a function to a thread, and which argument that is."""

ONE_BY_ONE: Final = m.Await(m.Call(func=m.Name("gather") | m.Attribute(attr=m.Name("gather"))))
STARTS: Final = frozenset({"create_task", "ensure_future"})
STARTS_LATER: Final = frozenset({"start_soon"})
LIMITS: Final = frozenset({"wait_for", "shield"})


def await_dropped(node: cst.Await, scene: Scene) -> Iterator[Change]:
    """Call without waiting."""
    yield Change(f"the `await` before {scene.short(node.expression)} is dropped", (node.expression,))


def awaited_one_by_one(node: cst.Await, scene: Scene) -> Iterator[Change]:
    """Wait for one after another instead of for all at once."""
    if not m.matches(node, ONE_BY_ONE):
        return
    awaited: list[str] = []
    for argument in cst.ensure_type(node.expression, cst.Call).args:
        code = scene.code(argument.value)
        if argument.keyword is None:
            awaited.append(f"*[await one for one in {code}]" if argument.star else f"await {code}")
    yield Change(f"{scene.short(node.expression)} awaits one after another", (expression(f"[{', '.join(awaited)}]"),))


def started_in_place(node: cst.Call, scene: Scene) -> Iterator[Change]:
    """Wait for a task instead of starting it."""
    plain = plain_arguments(node)
    if not plain or not scene.is_awaitable_here(node):
        return
    name, first = last_name(node.func), scene.code(plain[0].value)
    if name in STARTS:
        yield Change(f"{scene.short(node)} is awaited in place", (expression(f"(await {first})"),))
    if name in STARTS_LATER:
        rest = ", ".join(scene.code(one.value) for one in node.args[1:])
        yield Change(f"{scene.short(node)} is awaited in place", (expression(f"(await {first}({rest}))"),))


def called_on_the_loop(node: cst.Await, scene: Scene) -> Iterator[Change]:
    """Call a blocking function on the event loop instead of in a thread."""
    call = node.expression
    if not isinstance(call, cst.Call) or last_name(call.func) not in IN_A_THREAD:
        return
    arguments = call.args[IN_A_THREAD[last_name(call.func)] :]
    if arguments:
        function, *rest = (f"{one.star}{scene.code(one.value)}" for one in arguments)
        new = expression(f"{function}({', '.join(rest)})")
        yield Change(f"{scene.short(arguments[0].value)} is called on the event loop instead of in a thread", (new,))


def endpoint_on_the_loop(node: cst.FunctionDef, _scene: Scene) -> Iterator[Change]:
    """Run an endpoint on the event loop that FastAPI would have run in a thread."""
    if node.asynchronous is None and m.matches(node, HANDLES_ROUTE):
        yield Change("the endpoint runs on the event loop", (node.with_changes(asynchronous=cst.Asynchronous()),))


def unlimited(node: cst.Call, scene: Scene) -> Iterator[Change]:
    """Wait without a time limit, or without a shield."""
    plain = plain_arguments(node)
    if last_name(node.func) in LIMITS and plain:
        yield Change(f"{scene.short(node.func)} around {scene.short(plain[0].value)} is dropped", (plain[0].value,))


def awaited_before_try(node: cst.Try, scene: Scene) -> Iterator[Change]:
    """Wait before the `try`, where nothing is caught and nothing is cleaned up."""
    if not isinstance(node.body, cst.IndentedBlock):
        return
    first, *rest = node.body.body
    if m.matches(first, m.SimpleStatementLine()) and m.findall(first, m.Await()):
        body = node.body.with_changes(body=rest or [cst.SimpleStatementLine([PASS])])
        yield Change(f"{scene.short(first)} is moved before `try`", (first, node.with_changes(body=body)))


def unbounded(node: cst.With, scene: Scene) -> Iterator[Change]:
    """Do without what a block holds on to: a lock, a limit, an exception that is swallowed."""
    if all(item.asname is None for item in node.items):
        held = scene.short(node.items[0].item)
        yield Change(f"{held} is not held around the block", (always(node.body, node.leading_lines),))


OPERATORS: Final = (
    Operator("missing-await", (cst.Await,), await_dropped),
    Operator("one-after-another", (cst.Await,), awaited_one_by_one),
    Operator("one-after-another", (cst.Call,), started_in_place),
    Operator("blocked-loop", (cst.Await,), called_on_the_loop),
    Operator("blocked-loop", (cst.FunctionDef,), endpoint_on_the_loop),
    Operator("missing-limit", (cst.Call,), unlimited),
    Operator("await-before-try", (cst.Try,), awaited_before_try),
    Operator("missing-context", (cst.With,), unbounded),
)
