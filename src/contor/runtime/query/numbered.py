"""Things that callers name by their ident and that have an internal number as well."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Table

from contor.runtime.schema import METADATA
from contor.runtime.uow import Uow


class _Pair(NamedTuple):
    number: int
    ident: str


class _Placed(NamedTuple):
    place: int
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
        known = _known(uow, self)
        if missing := sorted(set(numbers) - known.idents.keys()):
            sql = (
                f'SELECT "{self.number}" AS number, "{self.ident}" AS ident FROM {self.table.name}'
                f' WHERE "{self.number}" = ANY (%s::bigint[])'
            )
            known.learn(uow.all(_Pair, sql, (missing,)))
        return {number: known.idents[number] for number in numbers if number in known.idents}

    def chosen(self, by: str) -> str:
        """A table of one row at most, `number` and `ident`, for a statement that says `by` as %(key)s: the column of either."""
        return f'(SELECT "{self.number}" AS number, "{self.ident}" AS ident FROM {self.table.name} WHERE "{by}" = %(key)s LIMIT 1)'

    def number_beside(self, row: str) -> str:
        """The number of what a row of a statement, an alias, names in the column that is called as the ident is."""
        # LIMIT: a planner that knows nothing expects several, and would gather them in a bitmap first
        return (
            f'(SELECT n."{self.number}" FROM {self.table.name} n WHERE n.tenant_id = {row}.tenant_id'
            f' AND n."{self.ident}" = {row}."{self.ident}" LIMIT 1)'
        )

    def learn(self, uow: Uow, pairs: Iterable[tuple[int, str]]) -> None:
        """Numbers and idents that a statement answered beside what it was asked for: a transaction that only reads does not ask again."""
        _known(uow, self).learn(pairs)

    def numbers(self, uow: Uow, idents: Collection[str]) -> dict[str, int]:
        """The number of each ident that exists."""
        return numbers_of(uow, (self, idents))[0]


def numbers_of(uow: Uow, *wanted: tuple[Numbered, Collection[str]]) -> list[dict[str, int]]:
    """The number of each ident that exists, of things of several kinds: one statement for all, none for what a transaction that only
    reads has asked before."""
    known = [_known(uow, things) for things, _ in wanted]
    missing = [sorted(set(idents) - of.numbers.keys()) for of, (_, idents) in zip(known, wanted, strict=True)]
    asked = [place for place, idents in enumerate(missing) if idents]
    if asked:
        parts = [
            f'SELECT {place} AS place, "{things.number}" AS number, "{things.ident}" AS ident FROM {things.table.name}'
            f' WHERE "{things.ident}" = ANY (%s::text[])'
            for place, things in [(place, wanted[place][0]) for place in asked]
        ]
        for row in uow.all(_Placed, " UNION ALL ".join(parts), [missing[place] for place in asked]):
            known[row.place].learn([row[1:]])
    return [
        {ident: of.numbers[ident] for ident in idents if ident in of.numbers} for of, (_, idents) in zip(known, wanted, strict=True)
    ]


class _Known:
    """What was asked of one kind."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.idents: dict[int, str] = {}

    def learn(self, pairs: Iterable[tuple[int, str]]) -> None:
        for number, ident in pairs:
            self.numbers[ident], self.idents[number] = number, ident


def _known(uow: Uow, things: Numbered) -> _Known:
    """Empty wherever things may come or go meanwhile."""
    return uow.readings.once((_Known, things.table.name), _Known)


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
