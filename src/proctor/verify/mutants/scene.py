"""A parsed source text: who surrounds a node, what may be changed, and what the text is with one node replaced."""

import dataclasses
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

import libcst as cst
from libcst import matchers as m
from libcst.metadata import MetadataWrapper, ParentNodeProvider

__all__ = ["Scene", "last_name"]

LONGEST: Final = 60
"""Characters of code in a description."""

TYPING: Final = frozenset({"cast", "TypeVar", "NewType", "ParamSpec", "TypeAliasType"})
"""Functions that speak to type checkers alone; of ``cast`` the second argument matters."""

CAPITALIZED: Final = re.compile(r"[A-Z]\w*[a-z]\w*|list|dict|tuple|set|frozenset|type|deque")
"""Names that are subscripted to say a type; a table in capitals is looked up."""

DOCUMENTATION: Final = m.Expr(value=m.SimpleString() | m.ConcatenatedString() | m.Ellipsis())
FOR_TYPE_CHECKERS: Final = m.If(test=m.Name("TYPE_CHECKING") | m.Attribute(attr=m.Name("TYPE_CHECKING")))
PUBLIC_NAMES: Final = m.Assign(targets=[m.AssignTarget(target=m.Name("__all__"))])
PROTOCOL: Final = m.ClassDef(
    bases=[m.ZeroOrMore(), m.Arg(m.Name("Protocol") | m.Subscript(value=m.Name("Protocol"))), m.ZeroOrMore()]
)
OVERLOAD: Final = m.FunctionDef(decorators=[m.ZeroOrMore(), m.Decorator(m.Name("overload")), m.ZeroOrMore()])
WITHOUT_EFFECT: Final = (
    DOCUMENTATION | FOR_TYPE_CHECKERS | PUBLIC_NAMES | PROTOCOL | OVERLOAD | m.Import() | m.ImportFrom()
)
"""What runs, if at all, without anybody seeing it."""


class Scene:
    """One source text. Nodes of ``module`` are distinct objects, so each of them has one parent."""

    def __init__(self, source: str) -> None:
        wrapper = MetadataWrapper(cst.parse_module(source))
        self.module = wrapper.module
        self._parents = wrapper.resolve(ParentNodeProvider)

    def nodes(self) -> Iterator[cst.CSTNode]:
        """Yield, in the order of the text, all nodes whose change somebody could notice."""
        return _noticeable(self.module)

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """Return what immediately surrounds a node."""
        return self._parents.get(node)

    def around(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Yield what surrounds a node, from the inside out."""
        while (outer := self.parent(node)) is not None:
            yield outer
            node = outer

    def function(self, node: cst.CSTNode) -> cst.FunctionDef | None:
        """Return the innermost function around a node."""
        for outer in self.around(node):
            if isinstance(outer, cst.FunctionDef):
                return outer
            if isinstance(outer, cst.Lambda | cst.ClassDef):
                return None
        return None

    def is_awaitable_here(self, node: cst.CSTNode) -> bool:
        """Tell whether ``await`` can stand at a node."""
        function = self.function(node)
        return function is not None and function.asynchronous is not None

    def siblings(self, node: cst.CSTNode) -> Sequence[cst.CSTNode]:
        """Return the list of statements or elements that a node stands in, or nothing."""
        parent = self.parent(node)
        values: list[Any] = []
        if parent is not None:
            values = [getattr(parent, field.name) for field in dataclasses.fields(parent)]
        return next((value for value in values if _holds(value, node)), ())

    def place(self, node: cst.CSTNode) -> str:
        """Return the qualified name of the function, class or table in which a node stands."""
        names: list[str] = []
        for one in (node, *self.around(node)):
            if isinstance(one, cst.FunctionDef | cst.ClassDef):
                names.append(one.name.value)
            elif isinstance(one, cst.Assign | cst.AnnAssign) and not names:
                target = one.target if isinstance(one, cst.AnnAssign) else one.targets[0].target
                # Inside a function, its name says enough.
                if isinstance(target, cst.Name) and self.function(one) is None:
                    names.append(target.value)
        return ".".join(reversed(names)) or "module"

    def code(self, node: cst.CSTNode) -> str:
        """Return the text of a node as it stands."""
        return self.module.code_for_node(node)

    def short(self, node: cst.CSTNode) -> str:
        """Return the text of an expression on one line, for a description."""
        text = " ".join(self.code(node).split()).replace("`", "'")
        return f"`{text}`" if len(text) <= LONGEST else f"`{text[: LONGEST - 1]}…`"

    def with_change(self, target: cst.CSTNode, replacement: tuple[cst.CSTNode, ...]) -> str:
        """Return the whole text with one node replaced. Nothing but the nodes around it is built anew."""
        old, new = target, replacement
        for outer in self.around(target):
            old, new = outer, (_substitute(outer, old, new),)
        return new[0].code if isinstance(new[0], cst.Module) else self.code(new[0])


def _substitute(parent: cst.CSTNode, old: cst.CSTNode, new: tuple[cst.CSTNode, ...]) -> cst.CSTNode:
    for field in dataclasses.fields(parent):
        value: Any = getattr(parent, field.name)
        if value is old:
            return parent.with_changes(**{field.name: new[0]})
        if _holds(value, old):
            items: list[cst.CSTNode] = [one for item in value for one in (new if item is old else (item,))]
            return parent.with_changes(**{field.name: items})
    raise LookupError(f"`{type(parent).__name__}` does not hold the node that its child was said to be")


def _holds(value: Any, node: cst.CSTNode) -> bool:
    """Tell whether a field is a list in which this very node stands."""
    return isinstance(value, list | tuple) and any(one is node for one in cast("Sequence[object]", value))


def _noticeable(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    if m.matches(node, WITHOUT_EFFECT):
        return
    yield node
    for child in _children(node):
        yield from _noticeable(child)


def _children(node: cst.CSTNode) -> Sequence[cst.CSTNode]:
    """What below a node matters: of types only what FastAPI reads, which are the extras of ``Annotated``."""
    if isinstance(node, cst.Annotation):
        return m.findall(node, ANNOTATED)
    if isinstance(node, cst.Subscript) and CAPITALIZED.fullmatch(last_name(node.value)):
        return _extras(node)
    if isinstance(node, cst.Call) and last_name(node.func) in TYPING:
        return [node.args[1]] if last_name(node.func) == "cast" and len(node.args) > 1 else []
    return node.children


ANNOTATED: Final = m.Subscript(value=m.Name("Annotated") | m.Attribute(attr=m.Name("Annotated")))


def _extras(node: cst.CSTNode) -> Sequence[cst.CSTNode]:
    return node.slice[1:] if isinstance(node, cst.Subscript) and m.matches(node, ANNOTATED) else ()


def last_name(node: cst.CSTNode) -> str:
    """Return the last name of a dotted expression: ``gather`` of ``asyncio.gather``. Others have none."""
    if isinstance(node, cst.Name):
        return node.value
    return node.attr.value if isinstance(node, cst.Attribute) else ""
