"""Names in source text: which ones a piece binds, which ones it reaches, and what decorators say of a function."""

import ast
import symtable
from collections.abc import Iterator, Sequence

__all__ = ["Function", "bound_names", "decorating_names", "has_mark", "is_fixture", "reached_names"]

Function = ast.FunctionDef | ast.AsyncFunctionDef


def bound_names(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement binds where it stands, in its branches, too."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.Import() | ast.ImportFrom():
            yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
        case ast.Name(ctx=ast.Store()):
            yield node.id
        case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return
        case _:
            for child in ast.iter_child_nodes(node):
                yield from bound_names(child)


def reached_names(nodes: Sequence[ast.stmt]) -> Iterator[str]:
    """Yield the names of its module that a piece uses, those in types that are written as texts, too."""
    yield from _global_names(symtable.symtable("\n".join(map(ast.unparse, nodes)), "<piece>", "exec"))
    for node in nodes:
        yield from _names_in_texts(node)


def decorating_names(function: Function) -> Iterator[str]:
    """Yield the names of the objects whose methods decorate a function: ``router`` of ``@router.get("/")``."""
    for one in function.decorator_list:
        method = one.func if isinstance(one, ast.Call) else one
        if isinstance(method, ast.Attribute) and isinstance(method.value, ast.Name):
            yield method.value.id


def has_mark(function: Function, mark: str) -> bool:
    """Tell whether a function carries ``@pytest.mark.<mark>``."""
    marks = (one.func if isinstance(one, ast.Call) else one for one in function.decorator_list)
    return any(
        isinstance(one, ast.Attribute)
        and one.attr == mark
        and isinstance(one.value, ast.Attribute)
        and one.value.attr == "mark"
        for one in marks
    )


def is_fixture(function: Function) -> bool:
    """Tell whether a function is a fixture of pytest."""
    decorators = (one.func if isinstance(one, ast.Call) else one for one in function.decorator_list)
    return any(isinstance(one, ast.Attribute) and one.attr == "fixture" for one in decorators)


def _global_names(table: symtable.SymbolTable) -> Iterator[str]:
    is_module = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (is_module or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _global_names(child)


def _names_in_texts(node: ast.AST) -> Iterator[str]:
    """Yield the names in types that are written as texts: in annotations, and in the first argument of `cast`."""
    for inner in ast.walk(node):
        types: list[ast.expr | None] = []
        match inner:
            case ast.AnnAssign(annotation=annotation) | ast.arg(annotation=annotation):
                types.append(annotation)
            case ast.FunctionDef(returns=returns) | ast.AsyncFunctionDef(returns=returns):
                types.append(returns)
            case ast.Call(func=ast.Name(id="cast"), args=[first, *_]):
                types.append(first)
            case _:
                continue
        for text in (one for annotation in types if annotation is not None for one in ast.walk(annotation)):
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield from _names_of_type(text.value)


def _names_of_type(text: str) -> Iterator[str]:
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:  # a text among types, as in Literal["a b"]
        return
    yield from (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
