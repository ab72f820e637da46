"""Permissions: an origin, host, method or header too many is welcome."""

from collections.abc import Iterator
from typing import Final

import libcst as cst
from libcst import matchers as m

from proctor.verify.mutants.build import expression
from proctor.verify.mutants.change import Change, Operator
from proctor.verify.mutants.scene import Scene

__all__ = ["OPERATORS"]

EVERYTHING: Final = {
    "allow_origins": '["*"]',
    "allow_origin_regex": '".*"',
    "allow_methods": '["*"]',
    "allow_headers": '["*"]',
    "expose_headers": '["*"]',
    "allowed_hosts": '["*"]',
    "trusted_hosts": '"*"',
    "forwarded_allow_ips": '"*"',
}
MEMBERSHIP: Final = m.Comparison(comparisons=[m.ComparisonTarget(operator=m.In() | m.NotIn())])
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def widened(node: cst.Arg, scene: Scene) -> Iterator[Change]:
    """Welcome everybody."""
    name = node.keyword.value if node.keyword is not None else ""
    if name in EVERYTHING:
        new = expression(EVERYTHING[name])
        yield Change(f"`{name}` is widened from {scene.short(node.value)} to {scene.short(new)}", (new,), node.value)


def prefix_is_enough(node: cst.Comparison, scene: Scene) -> Iterator[Change]:
    """Welcome an origin or host that only begins like a welcome one."""
    code = scene.code(node.left)
    if not m.matches(node, MEMBERSHIP) or not ("origin" in code.lower() or "host" in code.lower()):
        return
    target = node.comparisons[0]
    is_negative = isinstance(target.operator, cst.NotIn)
    starts = f"{'not ' if is_negative else ''}str({code}).startswith(tuple({scene.code(target.comparator)}))"
    yield Change(f"of {scene.short(node.left)}, only the beginning is compared", (expression(f"({starts})"),))


def dot_is_anything(node: cst.SimpleString, scene: Scene) -> Iterator[Change]:
    """Take the backslash from the dots of a pattern."""
    if r"\." in node.value:
        new = node.with_changes(value=node.value.replace(r"\\.", ".").replace(r"\.", "."))
        yield Change(f"the dots of the pattern {scene.short(node)} stand for any character", (new,))


def lower_case_method(node: cst.SimpleString, scene: Scene) -> Iterator[Change]:
    """Write a method in lower case, where methods are compared letter by letter."""
    words = node.raw_value.split(",")
    if all(word.strip() in METHODS for word in words):
        new = node.with_changes(value=node.value.lower())
        yield Change(f"the method {scene.short(node)} is written in lower case", (new,))


def capital_header(node: cst.SimpleString, scene: Scene) -> Iterator[Change]:
    """Write a raw header's name with capitals, where ASGI has small letters only."""
    name = node.raw_value
    if "b" in node.prefix and "-" in name and name == name.lower() and name.replace("-", "").isalpha():
        new = node.with_changes(value=node.value.replace(name, name.title()))
        yield Change(f"the raw header's name {scene.short(node)} is written with capitals", (new,))


OPERATORS: Final = (
    Operator("widened-permission", (cst.Arg,), widened),
    Operator("widened-permission", (cst.Comparison,), prefix_is_enough),
    Operator("widened-permission", (cst.SimpleString,), dot_is_anything),
    Operator("case-of-letters", (cst.SimpleString,), lower_case_method),
    Operator("case-of-letters", (cst.SimpleString,), capital_header),
)
