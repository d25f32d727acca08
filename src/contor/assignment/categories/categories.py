"""Payment categories: the built-in ones and the tenant's own. What is not enabled enters no assignment, by itself or by hand."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, NamedTuple

from contor.assignment import tables
from contor.assignment.categories.built_in import BUILT_IN, category_of
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, shape
from contor.payments.types import StoredPayment
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import page_of
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found


@shape
class CategoryBody:
    name: Ident
    enabled: bool = True


@shape
class CategoryChange:
    enabled: bool


@shape
class CategoryView:
    name: str
    enabled: bool
    type: Literal["BUILT_IN", "CUSTOM"]
    """BUILT_IN: every tenant has it, and it cannot be deleted."""
    created_at: dt.datetime | None = None
    """Of a built-in one: when it was switched first."""


class _Row(NamedTuple):
    name: str
    enabled: bool
    type: Literal["BUILT_IN", "CUSTOM"]
    created_at: dt.datetime | None


CATEGORIES = searchable(tables.payment_category, CategoryView, ("name", "enabled", "type", "created_at"), default_sort="name")
_BUILT_IN = ", ".join(f"('{name}')" for name in BUILT_IN)
_ALL = (
    f"payment_category AS (SELECT tenant_id, {columns(_Row)}, last_modified_at FROM payment_category UNION ALL"
    f" SELECT contor_tenant(), b.name, true, 'BUILT_IN', NULL, NULL FROM (VALUES {_BUILT_IN}) b(name)"
    " WHERE NOT EXISTS (SELECT 1 FROM payment_category s WHERE s.name = b.name))"
)
"""The tenant's own and the built-in ones, which have a row once they were switched."""


@dataclass(frozen=True, slots=True)
class ListCategories:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class CreateCategory:
    body: CategoryBody


@dataclass(frozen=True, slots=True)
class OneCategory:
    payment_category_name: str


@dataclass(frozen=True, slots=True)
class ChangeCategory:
    payment_category_name: str
    body: CategoryChange


@operation("payment_category.list", permission="payments.read", reads=True)
def list_categories(uow: Uow, command: ListCategories) -> Page:
    """All of them, the built-in ones too."""
    rows, page = page_of(uow, tables.payment_category, command.query, CATEGORIES, _Row._fields, source=_ALL)
    return page([CategoryView(**row) for row in rows])


@operation("payment_category.get", permission="payments.read", reads=True)
def get_category(uow: Uow, command: OneCategory) -> CategoryView:
    """One category."""
    return _view(_required(uow, command.payment_category_name))


@operation("payment_category.create", permission="payments.write")
def create_category(uow: Uow, command: CreateCategory) -> CategoryView:
    """A category of the tenant's own."""
    body, now = command.body, uow.ctx.now()
    row = {"name": body.name, "enabled": body.enabled, "type": "CUSTOM", "created_at": now, "last_modified_at": now}
    if body.name in BUILT_IN or not uow.insert_once(tables.payment_category, row):
        problem = Problem("payment_category_exists", f"There is a category {body.name!r} already.", "name", body.name)
        raise Refused(Kind.CONFLICT, problem)
    uow.audit("payment_category", body.name, {"created": row})
    return _view(_required(uow, body.name))


@operation("payment_category.change", permission="payments.write")
def change_category(uow: Uow, command: ChangeCategory) -> CategoryView:
    """Switch it on or off: payments that come from now on are assigned, or left alone."""
    name, enabled, now = command.payment_category_name, command.body.enabled, uow.ctx.now()
    before = _required(uow, name)
    if name in BUILT_IN:
        row = {"name": name, "enabled": enabled, "type": "BUILT_IN", "created_at": now, "last_modified_at": now}
        uow.insert_once(tables.payment_category, row)
    uow.run("UPDATE payment_category SET enabled = %s, last_modified_at = %s WHERE name = %s", (enabled, now, name))
    uow.audit("payment_category", name, {"before": {"enabled": before.enabled}, "after": {"enabled": enabled}})
    return _view(_required(uow, name))


@operation("payment_category.delete", permission="payments.write")
def delete_category(uow: Uow, command: OneCategory) -> None:
    """Only one of the tenant's own, that no rule gives. Payments keep the name; they are assigned once they have another one."""
    name = command.payment_category_name
    if name in BUILT_IN:
        message = "A built-in category stays; it can be disabled."
        raise Refused(Kind.CONFLICT, Problem("payment_category_built_in", message))
    _required(uow, name)
    uow.lock("payment_categories", [name])
    if uow.scalar(int, "SELECT 1 FROM payment_categorization_rule WHERE resulting_payment_category_name = %s LIMIT 1", (name,)):
        raise Refused(Kind.CONFLICT, Problem("payment_category_in_use", "A categorization rule gives this category."))
    uow.run("DELETE FROM payment_category WHERE name = %s", (name,))
    uow.audit("payment_category", name, {"deleted": True})


def known_categories(uow: Uow, names: Collection[str]) -> dict[str, bool]:
    """Those of the names that are categories, and whether each is enabled."""
    found = {name: True for name in names if name in BUILT_IN}
    sql = f"SELECT {columns(_Row)} FROM payment_category WHERE name = ANY (%s)"
    return found | {row.name: row.enabled for row in uow.all(_Row, sql, (sorted(set(names)),))}


def is_enabled(uow: Uow, payments: Collection[StoredPayment]) -> dict[str, bool]:
    """By ident whether a payment's category enters assignment."""
    known = known_categories(uow, {category_of(payment) for payment in payments})
    return {payment.ident: known.get(category_of(payment), False) for payment in payments}


def not_enabled(payment: StoredPayment) -> Problem:
    """The finding against assigning a payment whose category is not enabled, or is none any more."""
    name = category_of(payment)
    message = f"The payment's category {name!r} is not enabled: enable it, or give the payment another one."
    return Problem("payment_category_not_enabled", message, "paymentIdent", payment.ident)


def _required(uow: Uow, name: str) -> _Row:
    row = uow.first(_Row, f"SELECT {columns(_Row)} FROM payment_category WHERE name = %s", (name,))
    if row is None and name in BUILT_IN:
        return _Row(name, True, "BUILT_IN", None)
    if row is None:
        raise not_found("payment_category", name)
    return row


def _view(row: _Row) -> CategoryView:
    return CategoryView(**row._asdict())
