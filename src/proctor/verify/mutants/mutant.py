"""From one source text to its mutants: pure, in a fixed order, with identifiers that survive edits elsewhere."""

import ast
import hashlib
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

import libcst as cst

from proctor.verify.mutants.change import Change, Operator
from proctor.verify.mutants.operators import OPERATORS
from proctor.verify.mutants.scene import Scene

__all__ = ["Mutant", "meaning", "mutants_of"]


@dataclass(frozen=True)
class Mutant:
    """One right answer with one small change.

    ``id`` is made of the file, the place, the operator and a digest of the changed lines: it says nothing of line
    numbers. ``place`` is the qualified name of the function, class or table that is changed; ``meaning`` is equal for
    texts that differ in layout and documentation alone.
    """

    id: str
    operator: str
    place: str
    description: str
    source: str
    diff: str
    meaning: str


def mutants_of(source: str, file: str) -> list[Mutant]:
    """Return all mutants of a source text that compile, no two of which mean the same."""
    known = {meaning(source)}
    ids = Counter[str]()
    mutants: list[Mutant] = []
    scene = Scene(source)
    for operator, node, change in _proposals(scene):
        text = _applied(scene, node, change)
        sense = meaning(text) if text else ""
        if not sense or sense in known:
            continue
        known.add(sense)
        place = scene.place(node)
        diff = _diff(source, text, file)
        key = f"{file}:{place}:{operator.name}:{_digest(diff)}"
        ids[key] += 1
        mutants.append(
            Mutant(
                id=key if ids[key] == 1 else f"{key}:{ids[key]}",
                operator=operator.name,
                place=place,
                description=f"in `{place}`, {change.description}",
                source=text,
                diff=diff,
                meaning=sense,
            )
        )
    return mutants


def meaning(source: str) -> str:
    """Return a digest of what a text means to Python, or nothing where it does not compile."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # `x is 1` and its like are warned of, and are good mutants
        try:
            tree = ast.parse(source)
            compile(tree, "mutant", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):  # ValueError: a number too long, a null character
            return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            documentation = ast.get_docstring(node, clean=False)
            node.body = node.body[0 if documentation is None else 1 :]
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()


def _proposals(scene: Scene) -> Iterator[tuple[Operator, cst.CSTNode, Change]]:
    for node in scene.nodes():
        for operator in OPERATORS:
            if isinstance(node, operator.on):
                for change in operator.changes(node, scene):
                    yield operator, node, change


def _applied(scene: Scene, node: cst.CSTNode, change: Change) -> str:
    """Return the changed text, or nothing where the grammar has no room for the change."""
    try:
        return scene.with_change(change.target or node, change.replacement)
    except cst.CSTValidationError:
        return ""


def _diff(source: str, text: str, file: str) -> str:
    lines = (one.splitlines(keepends=True) for one in (source, text))
    return "".join(unified_diff(*lines, fromfile=file, tofile=file, n=1))


def _digest(diff: str) -> str:
    """A digest of the lines that go and the lines that come, wherever and however deep they stand."""
    changed = [line[0] + line[1:].strip() for line in diff.splitlines()[2:] if line[0] in "+-"]
    return hashlib.sha256("\n".join(changed).encode()).hexdigest()[:8]
