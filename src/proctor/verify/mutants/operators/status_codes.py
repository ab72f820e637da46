"""Status codes: the one that is easily mistaken for the right one."""

from collections.abc import Iterator
from typing import Final

import libcst as cst
from libcst import matchers as m

from proctor.verify.mutants.change import Change, Operator
from proctor.verify.mutants.scene import Scene, last_name

__all__ = ["OPERATORS", "is_status_code"]

NEIGHBOURS: Final = {
    200: 204,
    201: 200,
    202: 200,
    204: 200,
    301: 302,
    302: 307,
    303: 307,
    307: 303,
    308: 307,
    400: 422,
    401: 403,
    403: 401,
    404: 400,
    405: 404,
    409: 400,
    410: 404,
    413: 400,
    415: 400,
    422: 400,
    429: 503,
    500: 503,
    502: 500,
    503: 500,
    504: 503,
    1000: 1001,
    1008: 1000,
    1011: 1000,
}
"""HTTP statuses, and codes with which a WebSocket is closed."""

NAMED: Final = m.Arg(keyword=m.Name("status_code") | m.Name("code") | m.Name("status"))
FIELD: Final = m.DictElement(key=m.SimpleString('"status"') | m.SimpleString('"code"'))
STANDARD_NAME: Final = m.Attribute(value=m.Name("status"))


def is_status_code(node: cst.Integer, scene: Scene) -> bool:
    """Tell whether a number is a status: by its value, and by the argument or field that it is."""
    if node.evaluated_value not in NEIGHBOURS:
        return False
    holder = scene.parent(node)
    if holder is None or m.matches(holder, NAMED | FIELD | m.Param(name=m.Name("status_code"))):
        return holder is not None
    call = scene.parent(holder)
    if isinstance(holder, cst.ComparisonTarget):
        return isinstance(call, cst.Comparison) and last_name(call.left) in {"status", "status_code"}
    if not isinstance(call, cst.Call) or not isinstance(holder, cst.Arg) or holder.keyword is not None:
        return False
    return last_name(call.func).endswith(("Response", "Exception", "close", "deny"))


def mistaken(node: cst.Integer, scene: Scene) -> Iterator[Change]:
    """Answer with another status."""
    if is_status_code(node, scene):
        new = str(NEIGHBOURS[node.evaluated_value])
        yield Change(f"the status code {scene.short(node)} becomes `{new}`", (cst.Integer(new),))


def mistaken_name(node: cst.Attribute, scene: Scene) -> Iterator[Change]:
    """Answer with another status where it is spelled ``status.HTTP_201_CREATED``."""
    digits = [word for word in node.attr.value.split("_") if word.isdigit()]
    if m.matches(node, STANDARD_NAME) and digits and int(digits[0]) in NEIGHBOURS:
        new = str(NEIGHBOURS[int(digits[0])])
        yield Change(f"the status code {scene.short(node)} becomes `{new}`", (cst.Integer(new),))


OPERATORS: Final = (
    Operator("status-code", (cst.Integer,), mistaken),
    Operator("status-code", (cst.Attribute,), mistaken_name),
)
