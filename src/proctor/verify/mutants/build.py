"""Pieces of new code for the operators, written as text, and questions that several of them ask."""

from collections.abc import Sequence
from typing import Final, TypeVar

import libcst as cst
from libcst import matchers as m

__all__ = [
    "HANDLES_ROUTE",
    "PASS",
    "ROUTE",
    "always",
    "expression",
    "keyword",
    "part",
    "plain_arguments",
    "swapped",
    "with_argument",
    "without",
]

Node = TypeVar("Node", bound=cst.CSTNode)

PASS: Final = cst.Pass()

METHOD: Final = m.Name(m.MatchRegex("get|post|put|patch|delete|head|options|api_route"))
ROUTE: Final = m.Decorator(m.Call(func=m.Attribute(attr=METHOD)))
HANDLES_ROUTE: Final = m.FunctionDef(decorators=[m.ZeroOrMore(), ROUTE, m.ZeroOrMore()])


def expression(text: str) -> cst.BaseExpression:
    """Return the expression that a text spells, over several lines if need be."""
    try:
        return cst.parse_expression(text)
    except cst.ParserSyntaxError:
        return cst.parse_expression(f"({text})")


def always(body: cst.BaseSuite, lines: Sequence[cst.EmptyLine] = ()) -> cst.If:
    """Return a block that simply runs: it takes the place of one that did more, and nothing is indented anew."""
    return cst.If(test=cst.Name("True"), body=body, leading_lines=lines)


def part(test: cst.BaseExpression) -> cst.BaseExpression:
    """Return an expression as it can stand behind ``not``."""
    loose = isinstance(test, cst.BooleanOperation | cst.IfExp | cst.Lambda | cst.NamedExpr) and not test.lpar
    return test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()]) if loose else test


def plain_arguments(call: cst.Call) -> list[cst.Arg]:
    """Return the positional arguments before the first star."""
    plain: list[cst.Arg] = []
    for argument in call.args:
        if argument.keyword is not None or argument.star:
            break
        plain.append(argument)
    return plain


def keyword(call: cst.Call, name: str) -> cst.Arg | None:
    """Return the argument that is passed by this name, if there is one."""
    return next((one for one in call.args if one.keyword is not None and one.keyword.value == name), None)


def with_argument(call: cst.Call, text: str) -> cst.Call:
    """Return the call with one more argument at the end."""
    return call.with_changes(args=[*call.args, cst.ensure_type(expression(f"f({text})"), cst.Call).args[0]])


def without(items: Sequence[Node], item: Node) -> list[Node]:
    """Return the items except one; the new last one ends as the old one did."""
    rest = [one for one in items if one is not item]
    if rest and item is items[-1]:
        rest[-1] = rest[-1].with_changes(comma=getattr(item, "comma", cst.MaybeSentinel.DEFAULT))
    return rest


def swapped(items: Sequence[Node], first: int, second: int) -> list[Node]:
    """Return the items with two of them exchanged, each in the layout of the place where it now stands."""
    result = list(items)
    layout = [
        {name: getattr(items[index], name) for name in ("comma", "leading_lines") if hasattr(items[index], name)}
        for index in (first, second)
    ]
    result[first], result[second] = items[second].with_changes(**layout[0]), items[first].with_changes(**layout[1])
    return result
