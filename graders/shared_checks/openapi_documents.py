"""OpenAPI documents that strangers have published, read with care: nothing in them is what it should be."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from proctor.checks import Mismatch

__all__ = [
    "SHOWN",
    "Operation",
    "Schema",
    "bounds_of",
    "described",
    "elements",
    "expanded",
    "kind_of",
    "members",
    "operations_of",
    "schema_of",
]

Schema = dict[str, Any]
"""An object of an OpenAPI document, or a JSON Schema."""

METHODS: Final = ("get", "put", "post", "delete", "patch", "options", "head", "trace")

LARGEST: Final = 20_000
"""So many parts a published document may have once its references are followed. Those of answers have about 1,500."""

BOUNDS: Final = ("minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems", "enum")

SHOWN: Final = 300
"""Characters of an answer, or of what is wrong with a document, that a message shows."""


def members(value: object) -> Schema:
    """Return what a JSON object holds; nothing, where the value is none."""
    return cast("Schema", value) if type(value) is dict else {}


def elements(value: object) -> list[Any]:
    """Return what a JSON array holds; nothing, where the value is none."""
    return cast("list[Any]", value) if type(value) is list else []


def kind_of(value: object) -> type:
    """Return the type of a value, and leave it to others what it holds."""
    return type(value)


def expanded(document: Schema) -> Schema:
    """Return a document with every reference replaced by what it refers to.

    Raises Mismatch for a reference that leads out of the document, nowhere or in a circle, and for a document that is
    too large or too deep.
    """
    parts = iter(range(LARGEST))

    def expand(value: Any, followed: tuple[str, ...]) -> Any:
        if next(parts, None) is None:
            raise Mismatch("the size of /openapi.json", f"at most {LARGEST} parts, references followed", "more")
        if kind_of(value) is list:
            return [expand(each, followed) for each in elements(value)]
        if kind_of(value) is not dict:
            return value
        reference = members(value).get("$ref")
        if type(reference) is not str:
            return {name: expand(each, followed) for name, each in members(value).items()}
        if reference in followed:
            raise Mismatch("the references of /openapi.json", "none that leads to itself", reference[:SHOWN])
        beside = {name: each for name, each in members(value).items() if name != "$ref"}
        return expand({**referred(document, reference), **beside}, (*followed, reference))

    try:
        return expand(document, ())
    except RecursionError:
        raise Mismatch("the depth of /openapi.json", "what can be read", "a document that is deeper") from None


def referred(document: Schema, reference: str) -> Schema:
    """Return what a reference into the same document stands for. Raises Mismatch for any other."""
    start, *names = reference.split("/")
    found: Any = document if start == "#" else None
    for name in names:
        found = members(found).get(name.replace("~1", "/").replace("~0", "~"))
    if not members(found):
        raise Mismatch("the references of /openapi.json", "each to an object of the same document", reference[:SHOWN])
    return members(found)


@dataclass(frozen=True)
class Operation:
    """What a document, its references replaced, says of one operation."""

    method: str
    path: str
    id: object
    parameters: Mapping[str, Schema]
    """By what it is, such as ``query parameter limit``."""
    body: Schema
    responses: Schema
    callers: list[list[str]]
    """The security requirements, each with the schemes that it takes; any of them will do."""

    @property
    def title(self) -> str:
        """Name it."""
        return f"{self.method} {self.path}"

    def documents(self, status: int | None) -> bool:
        """Tell whether an answer with this status is promised."""
        return any(name in self.responses for name in (str(status), f"{str(status)[0]}XX", "default"))


def operations_of(document: Schema) -> dict[str, Operation]:
    """Return the operations of a document by method and path."""
    schemes = members(members(document.get("components")).get("securitySchemes"))
    found: dict[str, Operation] = {}
    for path, item in members(document.get("paths")).items():
        for method in METHODS:
            if method not in members(item):
                continue
            said, of_path = members(members(item)[method]), elements(members(item).get("parameters"))
            operation = Operation(
                method.upper(),
                path,
                said.get("operationId"),
                dict(parameters_of([*of_path, *elements(said.get("parameters"))])),
                members(said.get("requestBody")),
                members(said.get("responses")),
                [
                    sorted(scheme_of(members(schemes.get(name))) for name in members(requirement))
                    for requirement in elements(said.get("security", document.get("security")))
                ],
            )
            found[operation.title] = operation
    return found


def parameters_of(parameters: Iterable[object]) -> Iterator[tuple[str, Schema]]:
    """Name every parameter; those of headers in lower case, as case makes no difference there."""
    for parameter in map(members, parameters):
        name = str(parameter.get("name"))
        place = parameter.get("in")
        yield f"{place} parameter {name.lower() if place == 'header' else name}", parameter


def scheme_of(scheme: Schema) -> str:
    """Say what a security scheme asks for."""
    name = str(scheme.get("name", ""))
    named = name.lower() if scheme.get("in") == "header" else name
    return " ".join(str(part) for part in (scheme.get("type"), scheme.get("in"), named, scheme.get("scheme")) if part)


def described(document: Schema, title: str) -> Operation:
    """Return what a published document says of an operation, such as ``GET /quotes``. Raises Mismatch if nothing."""
    published = operations_of(document)
    if title not in published:
        names = ", ".join(sorted(published)) or "no operation at all"
        raise Mismatch("the operations of /openapi.json", f"{title} among them", names[:SHOWN])
    return published[title]


def schema_of(content: object) -> Schema:
    """Return the schema of the JSON of a request body or a response."""
    return members(members(members(members(content).get("content")).get("application/json")).get("schema"))


def bounds_of(schema: Schema) -> Schema:
    """Return the bounds of values in one spelling: the same for 1 and 1.0, and for ``gt=0`` and ``ge=1``."""
    found = {keyword: schema[keyword] for keyword in BOUNDS if keyword in schema}
    if "const" in schema:
        found["enum"] = [schema["const"]]
    if schema.get("type") == "integer":
        for keyword, exclusive, step in (("minimum", "exclusiveMinimum", 1), ("maximum", "exclusiveMaximum", -1)):
            bound: Any = schema.get(exclusive)
            if type(bound) in {int, float}:
                found[keyword] = bound + step
    if "enum" in found:
        found["enum"] = sorted(map(str, elements(found["enum"])))
    return {name: int(each) if type(each) is float and each.is_integer() else each for name, each in found.items()}
