"""Lists: filters, sorting and paging of every dialect, and the SQL that answers them."""

from contor.runtime.query.filterable import Filterable
from contor.runtime.query.lists import Listing, ListQuery, Order, Page, PageRequest, compile_list

__all__ = ["Filterable", "ListQuery", "Listing", "Order", "Page", "PageRequest", "compile_list"]
