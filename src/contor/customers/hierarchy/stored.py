"""Who belongs to whom, as it is stored: trees of at most three levels are read by as many steps."""

from collections.abc import Collection
from typing import NamedTuple

from contor.customers.hierarchy.rules import MOST_LEVELS, Place
from contor.customers.types import CustomerStatus
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class Member(NamedTuple):
    """A customer of a tree."""

    customer_ident: str
    parent_ident: str | None
    status: CustomerStatus
    company: str | None
    first_name: str | None
    last_name: str | None
    email: str | None

    @property
    def name(self) -> str:
        """Of the company, else of the person, else the ident."""
        return self.company or " ".join(part for part in (self.first_name, self.last_name) if part) or self.customer_ident


class _Above(NamedTuple):
    customer_ident: str
    parent_ident: str | None
    status: CustomerStatus
    deleted: bool


def place_of(uow: Uow, child: str, parent: str) -> Place:
    """Where the two stand now."""
    above: list[str] = []
    status: CustomerStatus | None = None
    wanted: str | None = parent
    sql = "SELECT customer_ident, parent_ident, status, deleted_at IS NOT NULL AS deleted FROM customer WHERE customer_ident = %s"
    while wanted is not None and len(above) <= MOST_LEVELS:
        row = uow.first(_Above, sql, (wanted,))
        if row is None:
            break
        if not above and not row.deleted:
            status = row.status
        above.append(row.customer_ident)
        wanted = row.parent_ident
    return Place(above, _height(uow, child), status)


def root_of(uow: Uow, ident: str) -> str:
    """The root of the tree that a customer stands in: himself, where he belongs to nobody."""
    for _ in range(MOST_LEVELS):
        parent = uow.scalar(str, "SELECT parent_ident FROM customer WHERE customer_ident = %s", (ident,))
        if parent is None:
            break
        ident = parent
    return ident


def members_below(uow: Uow, idents: Collection[str]) -> list[Member]:
    """Who belongs to these customers, in the order of their idents."""
    sql = f"SELECT {columns(Member)} FROM customer WHERE parent_ident = ANY (%s) ORDER BY parent_ident, customer_ident"
    return uow.all(Member, sql, (sorted(idents),))


def member(uow: Uow, ident: str) -> Member | None:
    return uow.first(Member, f"SELECT {columns(Member)} FROM customer WHERE customer_ident = %s", (ident,))


def _height(uow: Uow, ident: str) -> int:
    """Of the tree below a customer, himself included."""
    level, height = [ident], 0
    while level and height <= MOST_LEVELS:
        height += 1
        level = uow.column(str, "SELECT customer_ident FROM customer WHERE parent_ident = ANY (%s)", (level,))
    return height
