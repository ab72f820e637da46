"""The statements of a module: which names each of them binds and which it reaches, and the text without some of them.

What is kept stays as it was written, line for line. A statement has the comment right above it and the text below it
that documents a constant. Only two kinds are written anew: an import of which some names are kept, and ``__all__``.
"""

import ast
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

from proctor.errors import CourseError
from proctor.release.names import Function, bound_names, decorating_names, is_fixture, reached_names

__all__ = ["SourceText", "Statement"]

WIDTH: Final = 120

_Import = ast.Import | ast.ImportFrom


@dataclass(frozen=True)
class Statement:
    """A statement at the top of a module, from its comment to what documents it, and ``blank`` lines above it."""

    nodes: tuple[ast.stmt, ...]
    text: str
    blank: int

    @property
    def function(self) -> Function | None:
        """The function that it defines, if it defines one."""
        node = self.nodes[0]
        return node if isinstance(node, Function) else None

    @property
    def is_definition(self) -> bool:
        """Is it a function or a class, which stands between two blank lines?"""
        return isinstance(self.nodes[0], Function | ast.ClassDef)

    @cached_property
    def import_(self) -> _Import | None:
        """The import that it is, if it is one."""
        node = self.nodes[0]
        return node if isinstance(node, _Import) and len(self.nodes) == 1 else None

    @cached_property
    def binds(self) -> frozenset[str]:
        """The names of the module that it binds."""
        return frozenset(name for node in self.nodes for name in bound_names(node))

    @property
    def is_loose(self) -> bool:
        """Does it go with any other statement of the module? A call may be what makes the others work."""
        is_future = isinstance(self.import_, ast.ImportFrom) and self.import_.module == "__future__"
        return is_future or self.binds <= {"__all__"}

    @cached_property
    def reaches(self) -> frozenset[str]:
        """The names of the module that it uses, whatever it does with them."""
        return frozenset(reached_names(self.nodes))

    @cached_property
    def texts(self) -> frozenset[str]:
        """The string constants in it."""
        found = (inner for node in self.nodes for inner in ast.walk(node))
        return frozenset(one.value for one in found if isinstance(one, ast.Constant) and isinstance(one.value, str))

    @cached_property
    def parameters(self) -> frozenset[str]:
        """The parameters of the function that it defines: pytest takes them for names of fixtures."""
        if self.function is None:
            return frozenset()
        arguments = self.function.args
        return frozenset(one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))


@dataclass(frozen=True)
class SourceText:
    """A module as it is written. ``where`` is its path, for messages."""

    where: str
    documentation: str
    statements: tuple[Statement, ...]

    @classmethod
    def read(cls, text: str, where: str) -> Self:
        """Take a source text apart. Raises CourseError when it is no Python, or imports names with a star."""
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            raise CourseError(f"`{where}` is no Python: {error}") from error
        if any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(tree)):
            raise CourseError(f"`{where}` imports `*`: import names, so that it can be told which are used")
        lines = text.split("\n")  # as the parser counts them: a text may hold other ends of lines
        documentation, body = "", tree.body
        if ast.get_docstring(tree) is not None:
            first, *body = body
            documentation = "\n".join(lines[first.lineno - 1 : first.end_lineno])
        return cls(where, documentation, tuple(_statements(lines, body, len(documentation.splitlines()))))

    @property
    def names(self) -> frozenset[str]:
        """All names that the module binds."""
        return frozenset(name for statement in self.statements for name in statement.binds)

    def reached(self, is_root: Callable[[Statement], bool]) -> set[str] | None:
        """Return the names that these statements bind or use, and all that those lead to; None without statements."""
        waiting = [statement for statement in self.statements if is_root(statement)]
        if not waiting:
            return None
        waiting += [statement for statement in self.statements if statement.is_loose]
        known: set[str] = set()
        seen: set[int] = set()
        while waiting:
            statement = waiting.pop()
            if id(statement) in seen:
                continue
            seen.add(id(statement))
            new = set(statement.reaches)
            if statement.import_ is None:  # the other names of an import are not reached with it
                new |= statement.binds
            new |= self._fixtures & (statement.parameters | statement.texts)
            known |= new
            waiting += [one for one in self.statements if one.binds & new or self._registers(one) & new]
        return known

    def _registers(self, statement: Statement) -> frozenset[str]:
        """Return the objects of this module with which a function registers, and without which these are others."""
        if statement.function is None or statement.function.name.startswith("test_"):
            return frozenset()
        return self._own & {*decorating_names(statement.function)}

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(name for one in self.statements if one.import_ is None for name in one.binds)

    @cached_property
    def _fixtures(self) -> frozenset[str]:
        return frozenset(one.function.name for one in self.statements if one.function and is_fixture(one.function))

    def keeps(self, statement: Statement, names: AbstractSet[str]) -> bool:
        """Tell whether a statement is kept where these names are reached."""
        return statement.is_loose or not statement.binds.isdisjoint(names)

    def kept(self, names: AbstractSet[str]) -> str:
        """Return the text with what binds these names, and with what is loose."""
        text, before = self.documentation, None
        for statement in self.statements:
            part = _cut(statement, names, self) if self.keeps(statement, names) else ""
            if part:
                is_apart = statement.is_definition or (before is not None and before.is_definition)
                blank = 2 if is_apart else max(statement.blank, int(before is None or _changes(before, statement)))
                text += "\n" * (blank + 1) + part if text else part
                before = statement
        return text + "\n" if text else ""

    def removed(self, names: AbstractSet[str]) -> list[str]:
        """Return the texts of the statements that are not kept."""
        return [statement.text for statement in self.statements if not self.keeps(statement, names)]


def _statements(lines: list[str], body: list[ast.stmt], end: int) -> Iterator[Statement]:
    """Cut lines into statements; ``end`` lines are the docstring of the module."""
    for nodes in _grouped(body):
        first = min(one.lineno for one in (nodes[0], *getattr(nodes[0], "decorator_list", ())))
        last = nodes[-1].end_lineno or nodes[-1].lineno
        while first - 2 >= end and lines[first - 2].startswith("#"):
            first -= 1
        blank = 0
        while first - 2 - blank >= end and not lines[first - 2 - blank].strip():
            blank += 1
        yield Statement(nodes, "\n".join(lines[first - 1 : last]), blank)
        end = last


def _grouped(body: list[ast.stmt]) -> list[tuple[ast.stmt, ...]]:
    """Put a constant and what documents it into one group, and what stands on one line."""
    groups: list[tuple[ast.stmt, ...]] = []
    for node in body:
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if groups and (is_text or node.lineno == groups[-1][-1].end_lineno):
            groups[-1] = (*groups[-1], node)
        else:
            groups.append((node,))
    return groups


def _changes(before: Statement, statement: Statement) -> bool:
    """Tell whether the imports end here."""
    return before.import_ is not None and statement.import_ is None


def _cut(statement: Statement, names: AbstractSet[str], module: SourceText) -> str:
    """Return the text of a kept statement without the names that are not kept."""
    if "__all__" in statement.binds:
        return _exports(statement, names, module)
    node = statement.import_
    if node is None or statement.is_loose or statement.binds <= names:
        return statement.text
    kept = [alias for alias in node.names if (alias.asname or alias.name.partition(".")[0]) in names]
    return _import_line(node, [ast.unparse(alias) for alias in kept])


def _import_line(node: _Import, aliases: list[str]) -> str:
    if isinstance(node, ast.Import):
        return f"import {', '.join(aliases)}"
    line = f"from {'.' * node.level}{node.module or ''} import "
    if len(line) + len(", ".join(aliases)) <= WIDTH:
        return line + ", ".join(aliases)
    return line + "(\n" + "".join(f"    {alias},\n" for alias in aliases) + ")"


def _exports(statement: Statement, names: AbstractSet[str], module: SourceText) -> str:
    value = getattr(statement.nodes[0], "value", None)
    listed = [one.value for one in getattr(value, "elts", ()) if isinstance(one, ast.Constant)]
    if len(listed) != len(getattr(value, "elts", [None])):
        raise CourseError(f"`{module.where}`: `__all__` is no list of texts, so it cannot be cut")
    kept = [f'"{name}"' for name in listed if name in names]
    line = f"__all__ = [{', '.join(kept)}]"
    return line if len(line) <= WIDTH else "__all__ = [\n" + "".join(f"    {one},\n" for one in kept) + "]"
