"""Whether anything else of a tenant names a thing: asked of every table that has a column for it, with a foreign key or without."""

from collections.abc import Collection

from contor.runtime.schema import METADATA
from contor.runtime.uow import Uow


def is_named(uow: Uow, columns: Collection[str], ident: str, besides: Collection[str]) -> bool:
    """`columns`: by which tables name such a thing, e.g. `customer_ident`; `besides`: the tables of the thing itself."""
    places = [
        (table.name, column)
        for table in METADATA.sorted_tables
        if table.schema is None and "tenant_id" in table.c and table.name not in besides
        for column in columns
        if column in table.c
    ]
    asked = " OR ".join(f'EXISTS (SELECT FROM {table} WHERE "{column}" = %(ident)s)' for table, column in places)
    return bool(uow.scalar(bool, f"SELECT {asked or 'false'}", {"ident": ident}))
