"""What the services of papers have in common: their ids, their lists, their fields in the core's words."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

from contor.api.fastbill.ids import CUSTOMER, ident_of, integers
from contor.api.fastbill.reading import Get
from contor.expenses.queries import EXPENSES_NUMBERED, FOLDERS_NUMBERED, REVENUES_NUMBERED
from contor.kernel.shapes import Fields
from contor.offers.queries import NUMBERED as OFFERS_NUMBERED
from contor.projects.queries import NUMBERED as PROJECTS_NUMBERED
from contor.projects.queries import TIMES_NUMBERED
from contor.runtime.query import ListQuery, Order, PageRequest
from contor.runtime.query.rsql import All, Comparison
from contor.runtime.resource import Listed, Resource
from contor.runtime.uow import Uow

PROJECT, TIME = integers(PROJECTS_NUMBERED), integers(TIMES_NUMBERED)
EXPENSE, REVENUE, FOLDER = integers(EXPENSES_NUMBERED), integers(REVENUES_NUMBERED), integers(FOLDERS_NUMBERED)
OFFER = integers(OFFERS_NUMBERED)
Term = tuple[str, str, object]
"""Field, operator, value; a value that is None asks for nothing."""
NOBODY: Final = "0"


def found(uow: Uow, stored: Resource, where: Get, terms: Iterable[Term], number: str) -> list[Fields]:
    """The things that hold to all terms, the oldest first. `number`: the field of their number."""
    page = stored.list(uow, Listed((), query_of(where, terms, number)))
    return list(page.items)


def query_of(where: Get, terms: Iterable[Term], number: str) -> ListQuery:
    asked = [Comparison.of(name, operator, _text(value)) for name, operator, value in terms if value is not None]
    node = All(tuple(asked)) if len(asked) > 1 else asked[0] if asked else None
    return ListQuery(node, (Order(number),), PageRequest(where.limit, where.offset))


def between(field: str, first: dt.date | None, last: dt.date | None) -> list[Term]:
    """From the first to the last day, both included."""
    return [(field, ">=", first), (field, "<=", last)]


def in_month(field: str, month: int | None, year: int | None, today: dt.date) -> list[Term]:
    """The days of a month, or of a year; a month alone is one of this year."""
    if month is None and year is None:
        return []
    of = year or today.year
    first = dt.date(of, month or 1, 1)
    after = dt.date(of + 1, 1, 1) if month in (None, 12) else dt.date(of, month + 1, 1)
    return between(field, first, after - dt.timedelta(days=1))


def customer_named(uow: Uow, number: int | None) -> str | None:
    """The ident of a customer; raises the refusal of CUSTOMER_ID where nobody has the number."""
    return None if number is None else ident_of(uow, CUSTOMER, number, "CUSTOMER_ID")


def customer_meant(uow: Uow, number: int | None) -> str | None:
    """As a filter means it: who does not exist has nothing."""
    return None if number is None else CUSTOMER.find(uow, [str(number)]).get(str(number), NOBODY)


def idents(rows: Sequence[Fields], name: str) -> list[str]:
    return [row[name] for row in rows if row[name] is not None]


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
