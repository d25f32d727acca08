"""Which orders and searches of a list an index answers: read from the declared tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Table

from contor.runtime.query.filterable import Expression, Filterable
from contor.runtime.query.search_form import Form

_FOUND = frozenset({"==", "=in=", "prefix", "from", ">", ">=", "<", "<="})
"""What an index finds, of what a search may ask."""


@dataclass(frozen=True, slots=True, eq=False)
class Sorted:
    """A value by which rows are sorted."""

    expression: Expression
    descending: bool

    @property
    def may_be_empty(self) -> bool:
        column = self.expression
        return bool(column.nullable) if isinstance(column, Column) else True


def completed(table: Table, order: Sequence[tuple[Expression, bool]], scope: frozenset[str]) -> tuple[Sorted, ...]:
    """The order made total, else a row may come on two pages or on none: by what the index that has it goes on with, and by the key."""
    names = _names(table, order)
    tail = (_having(table, names, scope) or ())[len(names) :] if names else ()
    last = order[-1][1]
    known = {expression.name for expression, _ in order if isinstance(expression, Column) and expression.table is table}
    keys = [] if _are_unique(table, {*names, *tail, *scope}) else key_of(table)
    more = [name for name in dict.fromkeys((*tail, *keys)) if name not in known]
    return tuple([Sorted(*one) for one in order] + [Sorted(table.c[name], last) for name in more])


def key_of(table: Table) -> list[str]:
    """The columns of the key behind the tenant."""
    return [column.name for column in table.primary_key if column.name != "tenant_id"]


def _are_unique(table: Table, names: set[str]) -> bool:
    """Whether no two rows have the same values in these columns, as an index says that has all rows."""
    for index in table.indexes:
        if index.unique and index.dialect_options["postgresql"]["where"] is None:
            columns = [column for column in index.columns if column.name != "tenant_id"]
            if all(column.name in names and not column.nullable for column in columns):
                return True
    return False


def is_walked(table: Table, order: Sequence[Sorted], scope: frozenset[str]) -> bool:
    """Whether an index has the rows of the scope in this order."""
    names = _names(table, [(one.expression, one.descending) for one in order])
    return bool(names) and _having(table, names, scope) is not None


def sorts(table: Table, filterable: Filterable, scope: frozenset[str]) -> list[str]:
    """The fields of a list by which an index sorts."""
    found = {}
    for name, field in filterable.fields.items():
        order = completed(table, [(field.expression, False)], scope)
        if is_walked(table, order, scope):
            found[name] = field
    return sorted(found)


def searches(table: Table, filterable: Filterable, scope: frozenset[str]) -> list[str]:
    """The fields of a list by which an index finds."""
    return sorted(name for name in filterable.fields if is_found(("==", name, 0), table, filterable, scope))


def is_found(form: Form, table: Table, filterable: Filterable, scope: frozenset[str]) -> bool:
    """Whether an index finds what a search asks for: one of several conditions that all hold, each of several of which one does."""
    if form[0] in ("and", "or"):
        terms = [is_found(term, table, filterable, scope) for term in form[1]]
        return any(terms) if form[0] == "and" else all(terms)
    kind, name, _ = form
    field = filterable.fields[name]
    if kind not in _FOUND:
        return False
    if field.among is not None:
        return field.indexed
    column = field.expression
    if not isinstance(column, Column) or column.table is not table:
        return False
    return any(_free(names, scope)[:1] == (column.name,) for names, _ in _indexes(table))


def narrowing(form: Form, table: Table, filterable: Filterable, scope: frozenset[str]) -> Form:
    """Of conditions that all hold, one of which looks for a text that may stand anywhere: those by which an index finds; else nothing."""
    if not form or form[0] != "and" or not _looks_anywhere(form):
        return ()
    return ("and", tuple(term for term in form[1] if is_found(term, table, filterable, scope)))


def _looks_anywhere(form: Form) -> bool:
    return any(map(_looks_anywhere, form[1])) if form[0] in ("and", "or") else form[0].endswith("like")


def leads(table: Table, name: str) -> bool:
    """Whether an index of the table begins with this column."""
    return any(names[:1] == (name,) for names, _ in _indexes(table))


def _names(table: Table, order: Sequence[tuple[Expression, bool]]) -> tuple[str, ...]:
    """The columns of an order in one direction; none of another one."""
    if len({descending for _, descending in order}) != 1:
        return ()
    if not all(isinstance(expression, Column) and expression.table is table for expression, _ in order):
        return ()
    return tuple(str(expression.name) for expression, _ in order if isinstance(expression, Column))


def _having(table: Table, names: tuple[str, ...], scope: frozenset[str]) -> tuple[str, ...] | None:
    """The columns of the index over all rows that begin, behind those of the scope, with these."""
    for columns, whole in _indexes(table):
        free = _free(columns, scope)
        # a shorter one, too: what has the same value is sorted then, which is one row or few where nothing else follows in the index
        if whole and free and free[: len(names)] == names[: len(free)]:
            return free
    return None


def _free(names: tuple[str, ...], scope: frozenset[str]) -> tuple[str, ...]:
    at = 0
    while at < len(names) and names[at] in scope:
        at += 1
    return names[at:]


def _indexes(table: Table) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The columns of each index behind the tenant; whether it has all rows. One of the rows that have a value finds values, too."""
    found = [([column.name for column in table.primary_key], None)]
    found += [([column.name for column in index.columns], index.dialect_options["postgresql"]["where"]) for index in table.indexes]
    for columns, condition in sorted(found, key=lambda one: one[0]):
        names = tuple(str(name) for name in columns if name != "tenant_id")
        if condition is None:
            yield names, True
        elif (names and str(condition) == f"{names[0]} IS NOT NULL") or str(condition).removesuffix(" IS NOT NULL") in names:
            yield names, False
