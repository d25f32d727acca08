"""Things that callers name by their ident and that have an internal number as well."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Table

from contor.runtime.schema import METADATA
from contor.runtime.uow import Uow


class _Pair(NamedTuple):
    number: int
    ident: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """Which columns of a tenant's table hold the ident and the number. Each has a unique index."""

    kind: str
    table: Table
    ident: str = "ident"
    number: str = "id"

    def idents(self, uow: Uow, numbers: Collection[int]) -> dict[int, str]:
        """The ident of each number that exists."""
        return {pair.number: pair.ident for pair in self._pairs(uow, self.number, "bigint", sorted(numbers))}

    def numbers(self, uow: Uow, idents: Collection[str]) -> dict[str, int]:
        """The number of each ident that exists."""
        return {pair.ident: pair.number for pair in self._pairs(uow, self.ident, "text", sorted(idents))}

    def _pairs(self, uow: Uow, column: str, kind: str, values: list[int] | list[str]) -> list[_Pair]:
        if not values:
            return []
        sql = f'SELECT "{self.number}" AS number, "{self.ident}" AS ident FROM {self.table.name} WHERE "{column}" = ANY (%s::{kind}[])'
        return uow.all(_Pair, sql, (values,))


def is_named(uow: Uow, columns: Collection[str], ident: str, besides: Collection[str]) -> bool:
    """Whether anything else of the tenant names a thing, with a foreign key or without. `columns`: by which tables name such a thing, e.g.
    `customer_ident`; `besides`: the tables of the thing itself."""
    places = [
        (table.name, column)
        for table in METADATA.sorted_tables
        if table.schema is None and "tenant_id" in table.c and table.name not in besides
        for column in columns
        if column in table.c
    ]
    asked = " OR ".join(f'EXISTS (SELECT FROM {table} WHERE "{column}" = %(ident)s)' for table, column in places)
    return bool(uow.scalar(bool, f"SELECT {asked or 'false'}", {"ident": ident}))
