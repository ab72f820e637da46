"""Cuts graders down to their public checks, and to what these reach.

Theory of operation
-------------------
A check is public where it carries ``@pytest.mark.public``. From there on *reaching* is followed, and whatever is not
reached stays with the teacher: so something forgotten makes a released check fail, which a gate notices, and gives
nothing away.

- In its own module, a check reaches names that it uses, fixtures that it asks for, and what these reach in turn. What
  registers itself with an object that is reached, as with ``@router.get("/")``, goes with it: or else the
  check might pass here and fail at the teacher's.
- In ``shared_checks`` it reaches the names that it imports from there.
- In the props of the exercise it reaches the names that stand in one of its texts: ``stage.props("make_desk")``.
- A file of the grader whose name stands in one of its texts goes as a whole.

A class goes as a whole, too, and so does the docstring of a module of which anything goes: it says what the module is
about, and its author reads it as public. A comment between two statements that belongs to neither stays.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from proctor.catalog import SHARED_CHECKS, Course, Exercise
from proctor.errors import CourseError
from proctor.release.names import has_mark
from proctor.release.source_text import SourceText, Statement

__all__ = ["PUBLIC", "GraderCut", "cut_graders"]

PUBLIC: Final = "public"
_TEST: Final = "test_"
_FOR_ALL: Final = ("pytest_", "pytestmark")


@dataclass
class GraderCut:
    """What goes to students, as paths below the root of the course, and what stays, as the texts of statements.

    ``public`` and ``hidden`` have the ids of the checks of every exercise, in their order.
    """

    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    stays: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    public: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    hidden: dict[str, list[str]] = field(default_factory=dict[str, list[str]])


def cut_graders(course: Course) -> GraderCut:
    """Cut all graders of a course. Raises CourseError where one cannot be read, or cannot be cut."""
    cut = GraderCut()
    shared = _Shared.of(course)
    for exercise in course:
        _cut_exercise(exercise, cut, shared)
    shared.cut(cut)
    return cut


@dataclass(frozen=True)
class _Shared:
    """The modules of ``shared_checks`` by name, and what is wanted of them; None stands for all of a module."""

    modules: Mapping[str, SourceText]
    wanted: dict[str, set[str | None]] = field(default_factory=dict[str, set[str | None]])

    @classmethod
    def of(cls, course: Course) -> "_Shared":
        folder = course.root / "graders" / SHARED_CHECKS
        paths = sorted(folder.glob("*.py"))
        return cls({path.stem: _read(path.read_bytes(), f"graders/{SHARED_CHECKS}/{path.name}") for path in paths})

    def want(self, statements: Iterable[Statement], names: set[str], where: str) -> None:
        """Take in what these statements import, at the top those names alone that are reached."""
        for statement in statements:
            for module, name in _shared_imports(statement, names):
                if module not in self.modules:
                    raise CourseError(f"`{where}` imports `{SHARED_CHECKS}.{module}`, which is not there")
                self.wanted.setdefault(module, set()).add(name)

    def cut(self, cut: GraderCut) -> None:
        """Cut what is wanted, and what that wants in turn."""
        reached: dict[str, set[str]] = {}
        done: dict[str, set[str | None]] = {}
        while pending := {name: set(wanted) for name, wanted in self.wanted.items() if wanted != done.get(name)}:
            done |= pending
            for name, wanted in pending.items():
                module = self.modules[name]
                reached[name] = module.reached(partial(_binds_one_of, wanted)) or set()
                kept = [one for one in module.statements if module.keeps(one, reached[name])]
                self.want(kept, reached[name], module.where)
        if reached:
            reached.setdefault("__init__", set())
        for name, module in self.modules.items():
            _enter(cut, module, reached.get(name))


def _cut_exercise(exercise: Exercise, cut: GraderCut, shared: _Shared) -> None:
    place = f"graders/{exercise.slug}"
    public, hidden = cut.public.setdefault(exercise.slug, []), cut.hidden.setdefault(exercise.slug, [])
    texts: set[str] = set()
    for path in sorted(exercise.grader.glob(f"{_TEST}*.py")):
        module = _read(path.read_bytes(), f"{place}/{path.name}")
        for check in _checks(module):
            (public if has_mark(check, PUBLIC) else hidden).append(check.name.removeprefix(_TEST))
        names = module.reached(_is_public) if any(has_mark(one, PUBLIC) for one in _checks(module)) else None
        if names is not None:
            kept = [one for one in module.statements if module.keeps(one, names)]
            shared.want(kept, names, module.where)
            texts |= {text for statement in kept for text in statement.texts}
        _enter(cut, module, names)
    for path in sorted(exercise.grader.glob("*.py")):
        if path.name == "props.py":
            module = _read(path.read_bytes(), f"{place}/{path.name}")
            _enter(cut, module, module.reached(partial(_binds_one_of, {*texts})))
        elif path.name in texts:
            cut.files[f"{place}/{path.name}"] = path.read_bytes()
        elif not path.name.startswith(_TEST):
            cut.stays[f"{place}/{path.name}"] = [path.read_text(encoding="utf-8")]


def _read(content: bytes, where: str) -> SourceText:
    try:
        return SourceText.read(content.decode(), where)
    except UnicodeDecodeError as error:
        raise CourseError(f"`{where}` is no UTF-8: {error}") from error


def _enter(cut: GraderCut, module: SourceText, names: set[str] | None) -> None:
    """Enter what goes of a module where these names are reached, and what stays; all of it without any."""
    if names is None:
        cut.stays[module.where] = [module.documentation, *(statement.text for statement in module.statements)]
    else:
        cut.files[module.where] = module.kept(names).encode()
        cut.stays[module.where] = module.removed(names)


def _checks(module: SourceText) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the checks of a module. Raises CourseError for one that stands in a class."""
    for statement in module.statements:
        if statement.function is not None and statement.function.name.startswith(_TEST):
            yield statement.function
        elif any(_is_test(inner) for inner in ast.iter_child_nodes(statement.nodes[0])):
            raise CourseError(
                f"`{module.where}`: a check stands in a class, which goes as a whole or not at all: "
                "write it as a function"
            )


def _is_test(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith(_TEST)


def _is_public(statement: Statement) -> bool:
    """Tell whether a statement goes because of what it is: a public check, or what pytest does to all checks."""
    if any(name.startswith(_FOR_ALL) for name in statement.binds) and statement.import_ is None:
        return True
    function = statement.function
    return function is not None and has_mark(function, PUBLIC) and function.name.startswith(_TEST)


def _binds_one_of(wanted: set[str | None], statement: Statement) -> bool:
    return None in wanted or not statement.binds.isdisjoint(wanted)


def _shared_imports(statement: Statement, names: set[str]) -> Iterator[tuple[str, str | None]]:
    """Yield the module of ``shared_checks`` and the name for every import in a statement, None for a whole module."""
    for node in (inner for top in statement.nodes for inner in ast.walk(top)):
        if isinstance(node, ast.Import):
            parts = [alias.name.split(".") for alias in node.names]
            yield from ((part[1], None) for part in parts if part[0] == SHARED_CHECKS and part[1:])
        elif isinstance(node, ast.ImportFrom) and (module := _shared_module(node)) is not None:
            for alias in node.names:
                if node is not statement.import_ or (alias.asname or alias.name) in names:
                    yield (module, alias.name) if module else (alias.name, None)


def _shared_module(node: ast.ImportFrom) -> str | None:
    """Return the module of ``shared_checks`` that is imported from, an empty text for the package, or None."""
    package, _, module = (node.module or "").partition(".")
    if node.level:
        return node.module or ""
    return module if package == SHARED_CHECKS else None
