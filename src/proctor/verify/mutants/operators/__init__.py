"""All operators: the standard ones first, then those of the field. One file a family."""

from typing import Final

from proctor.verify.mutants.change import Operator
from proctor.verify.mutants.operators import (
    arguments,
    arithmetic,
    awaiting,
    background,
    cleanup,
    conditions,
    constants,
    dependencies,
    exceptions,
    order,
    permissions,
    sharing,
    statements,
    status_codes,
)

__all__ = ["OPERATORS"]

STANDARD: Final = (conditions, arithmetic, constants, statements, arguments, exceptions)
OF_THE_FIELD: Final = (awaiting, cleanup, background, order, permissions, dependencies, status_codes, sharing)

OPERATORS: Final[tuple[Operator, ...]] = tuple(
    operator for family in (*STANDARD, *OF_THE_FIELD) for operator in family.OPERATORS
)
