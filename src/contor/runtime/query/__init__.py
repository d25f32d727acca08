"""Lists: filters, sorting and paging of every dialect, and the SQL that answers them."""

from contor.runtime.query.answered import (
    any_named,
    any_of,
    elsewhere,
    first_of,
    last_day,
    narrowed,
    one_of,
    only,
    prefixed,
    searchable,
    size,
    when,
    within,
    worked_out,
)
from contor.runtime.query.filterable import Expression, Filterable, FilterField
from contor.runtime.query.lists import Listing, ListQuery, Order, Page, PageRequest, Words, compile_list

__all__ = [
    "Expression",
    "FilterField",
    "Filterable",
    "ListQuery",
    "Listing",
    "Order",
    "Page",
    "PageRequest",
    "Words",
    "any_named",
    "any_of",
    "compile_list",
    "elsewhere",
    "first_of",
    "last_day",
    "narrowed",
    "one_of",
    "only",
    "prefixed",
    "searchable",
    "size",
    "when",
    "within",
    "worked_out",
]
