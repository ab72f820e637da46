"""Constants: numbers one off, texts with one letter more, truth values turned round, one entry missing."""

from collections.abc import Iterator
from typing import Final

import libcst as cst
from libcst import matchers as m

from proctor.verify.mutants.build import without
from proctor.verify.mutants.change import Change, Operator
from proctor.verify.mutants.operators.status_codes import is_status_code
from proctor.verify.mutants.scene import Scene, last_name

__all__ = ["OPERATORS"]

TOLD: Final = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log", "print"})
"""Functions whose texts are for people who read a log."""

DETAIL: Final = m.DictElement(key=m.SimpleString('"detail"'))
ONLY_DETAIL: Final = m.Dict(elements=[DETAIL])
"""The words of a refusal, which are free in FastAPI unless an exercise says otherwise."""

DECIDES_NOTHING: Final = m.Arg(value=m.SimpleString('""')) | m.Decorator(
    m.Call(func=m.Attribute(attr=m.Name("middleware")))
)
"""An empty text for a header that is missing; ``@app.middleware("http")``, whose text nobody reads."""

Collection = cst.List | cst.Set | cst.Tuple | cst.Dict
CONSTANT_ELEMENT: Final = m.Element(m.SimpleString() | m.Integer() | m.Name() | m.Attribute())


def number(node: cst.Integer | cst.Float, scene: Scene) -> Iterator[Change]:
    """Count one more, and one less."""
    if isinstance(node, cst.Integer) and is_status_code(node, scene):
        return
    for step in (1, -1):
        text = repr(node.evaluated_value + step)
        new = cst.parse_expression(text)
        yield Change(f"{scene.short(node)} becomes `{text}`", (new,))


def text(node: cst.SimpleString, scene: Scene) -> Iterator[Change]:
    """Add one letter to a text that somebody can read."""
    if not _is_only_told(node, scene):
        content = node.raw_value
        start, end = node.value.split(content, 1) if content else (node.value[: -len(node.quote)], node.quote)
        new = node.with_changes(value=f"{start}{content}x{end}")
        yield Change(f"the text {scene.short(node)} becomes {scene.short(new)}", (new,))


def formatted_text(node: cst.FormattedStringText, scene: Scene) -> Iterator[Change]:
    """Add one letter to the fixed part of a text."""
    if not _is_only_told(node, scene):
        new = node.with_changes(value=f"{node.value}x")
        yield Change(f"the text `{node.value.strip()}` becomes `{new.value.strip()}`", (new,))


def truth_value(node: cst.Name, _scene: Scene) -> Iterator[Change]:
    """Turn a truth value round."""
    twin = {"True": "False", "False": "True"}.get(node.value)
    if twin:
        yield Change(f"`{node.value}` becomes `{twin}`", (cst.Name(twin),))


def entry_dropped(node: Collection, scene: Scene) -> Iterator[Change]:
    """Leave one entry of a table out."""
    is_record = isinstance(node, cst.Tuple) and not all(m.matches(one, CONSTANT_ELEMENT) for one in node.elements)
    if is_record or (isinstance(node, cst.Tuple) and not node.lpar) or m.matches(node, ONLY_DETAIL):
        return  # a shorter record only raises
    if any(isinstance(outer, cst.AssignTarget) for outer in scene.around(node)):
        return
    for one in node.elements:
        rest = without(node.elements, one)
        new = cst.Dict([]) if isinstance(node, cst.Set) and not rest else node.with_changes(elements=rest)
        entry = scene.short(one.with_changes(comma=cst.MaybeSentinel.DEFAULT))
        yield Change(f"{entry} is dropped from its list", (new,))


def _is_only_told(node: cst.CSTNode, scene: Scene) -> bool:
    """Tell whether a text only explains something to people: in a log, in an exception, in the words of a refusal."""
    for outer in scene.around(node):
        if m.matches(outer, m.Raise() | DETAIL | DECIDES_NOTHING):
            return True
        if isinstance(outer, cst.Call) and last_name(outer.func) in TOLD:
            return True
        if isinstance(outer, cst.FunctionDef):
            return False
    return False


OPERATORS: Final = (
    Operator("number", (cst.Integer, cst.Float), number),
    Operator("text", (cst.SimpleString,), text),
    Operator("text", (cst.FormattedStringText,), formatted_text),
    Operator("truth-value", (cst.Name,), truth_value),
    Operator("missing-entry", (cst.List, cst.Set, cst.Tuple, cst.Dict), entry_dropped),
)
