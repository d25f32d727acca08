"""Price adaptations: indices by which the prices of contracts follow the times. What was billed does not change."""

import datetime as dt

from contor.catalogue import tables
from contor.catalogue.events import IndexValueJoins
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow

PRICE_ADAPTATIONS = Resource(
    "price_adaptation",
    tables.price_adaptation,
    permission="catalogue",
    writable=("ident", "name", "description", "type"),
    filterable=("ident", "name", "created_at"),
    sort="created_at,desc",
)


def _one_per_day(uow: Uow, row: Fields) -> None:
    other = uow.scalar(
        str,
        'SELECT ident FROM price_adaptation_value WHERE price_adaptation_ident = %s AND "date" = %s AND ident <> %s',
        (row["price_adaptation_ident"], row["date"], row["ident"]),
    )
    if other is not None:
        raise Refused(Kind.CONFLICT, Problem("price_adaptation_value_exists", f"{other} holds from this day.", "date", row["date"]))


def _joins(uow: Uow, row: Fields) -> None:
    """The history of an index may be told, as long as nothing was priced without it."""
    _one_per_day(uow, row)
    uow.emit(IndexValueJoins(price_adaptation_ident=row["price_adaptation_ident"], valid_from=row["date"], value=row["value"]))


def _for_later(uow: Uow, row: Fields) -> None:
    """A value that periods have used already stays: they would be priced differently today."""
    _one_per_day(uow, row)
    (began,) = uow.column(
        dt.date,
        'SELECT "date" FROM price_adaptation_value WHERE price_adaptation_ident = %s AND ident = %s',
        (row["price_adaptation_ident"], row["ident"]),
    )
    today = uow.ctx.today()
    # a value in use may not move, nor a later one into the past
    early = [name for name, day in (("date", row["date"]), ("ident", began)) if day <= today]
    if early:
        message = f"A value counts for future periods only; it would hold from {min(row['date'], began)}."
        raise Refused(Kind.INVALID, Problem("price_adaptation_value_in_use", message, "date", row["date"]))


def _still_to_come(uow: Uow, row: Fields) -> None:
    """A value whose time has come stays: periods have used it, or will when they are computed again."""
    if row["date"] <= uow.ctx.today():
        message = f"The value holds since {row['date']}: it cannot be deleted. A later value takes its place from its own date on."
        raise Refused(Kind.CONFLICT, Problem("price_adaptation_value_in_use", message, "ident", row["ident"]))


VALUES = Resource(
    "price_adaptation_value",
    tables.price_adaptation_value,
    permission="catalogue",
    keys=("price_adaptation_ident", "ident"),
    parent=PRICE_ADAPTATIONS,
    writable=("ident", "date", "value"),
    filterable=("ident", "date", "value"),
    sort="date",
    before_create=_joins,
    before_update=_for_later,
    before_delete=_still_to_come,
)
