"""Typed rows: a NamedTuple says which columns a statement answers, in their order and with their types.

    class PaymentRow(NamedTuple):
        ident: str
        amount: Decimal

    uow.all(PaymentRow, f"SELECT {columns(PaymentRow)} FROM payment WHERE ident = ANY (%s)", (idents,))

A statement that answers other columns than its kind has is a bug and raises TypeError at its first run.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple, Protocol, TypeVar

Row = TypeVar("Row", bound=NamedTuple)


class Described(Protocol):
    """The part of a cursor that says which columns its statement answers."""

    @property
    def description(self) -> Sequence[Any] | None: ...


class Columns(Protocol):
    """What a NamedTuple class tells of itself."""

    _fields: tuple[str, ...]


@cache
def columns(kind: type[Columns], prefix: str = "") -> str:
    """The columns of `kind` for a SELECT list; `prefix` is the alias of their table, e.g. `p` for `p."ident", p."amount"`."""
    dotted = f"{prefix}." if prefix else ""
    return ", ".join(f'{dotted}"{name}"' for name in kind._fields)


@cache
def row_factory(kind: type[Row]) -> Callable[[Described], Callable[[Sequence[object]], Row]]:
    """What makes rows of `kind` of a cursor's values."""

    def factory(cursor: Described) -> Callable[[Sequence[object]], Row]:
        answered = None if cursor.description is None else tuple([column.name for column in cursor.description])
        if answered is not None and answered != kind._fields:
            raise TypeError(f"{kind.__name__} has the columns {kind._fields}, the statement answers {answered}")
        return kind._make

    return factory
