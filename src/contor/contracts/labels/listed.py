"""Contracts as a list, with what other systems know of them."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from contor.catalogue.queries import option_of_plan
from contor.contracts import tables
from contor.contracts.queries import contracts_by_id
from contor.kernel.operations import operation
from contor.payments.customer_accounts import METHOD_OF_CUSTOMER
from contor.runtime.query import Filterable, FilterField, ListQuery, Page, elsewhere, worked_out
from contor.runtime.query.filterable import field_type
from contor.runtime.query.listed import listed_by_key
from contor.runtime.uow import Uow

_PAUSED = (
    "EXISTS (SELECT FROM jsonb_array_elements(contract.content #> '{{life,pauses}}') p"
    " WHERE (p ->> 'since')::date <= {day} AND coalesce((p ->> 'until')::date, 'infinity') > {day})"
)
_COLUMNS = (
    "contract_id",
    "contract_ident",
    "customer_ident",
    "start_on",
    "end_on",
    "created_at",
    "standing",
    "trial_until",
    "payment_type",
)
_LABEL = "SELECT l.{name} FROM contract_label l WHERE l.contract_id = contract.contract_id"
_BY_DEFAULT = (
    "CASE WHEN contract.content #>> '{payment_information,payment_control}' = 'CHARGE'"
    " AND contract.content #>> '{payment_information,customer_payment_account_ident}' IS NULL"
    f" THEN coalesce({METHOD_OF_CUSTOMER.format('contract.customer_ident')}, 'NONE') ELSE 'NONE' END"
)
_ASKED = {
    "paid_by_default": (_BY_DEFAULT, str),
    "title": (_LABEL.format(name="title"), str),
    "called": (_LABEL.format(name="external_ident"), str),
    "paused": (_PAUSED.format(day="'infinity'::date"), bool),
}
LABELLED = Filterable.of(tables.contract, _COLUMNS, default_sort="contract_id")
LABELLED.fields.update({name: FilterField(worked_out(sql, kind), *field_type(kind)) for name, (sql, kind) in _ASKED.items()})
LABELLED.fields["external_ident"] = elsewhere(
    tables.contract.c.contract_id,
    tables.contract_label,
    "contract_id",
    tables.contract_label.c.external_ident,
    "external_ident",
    str,
)
LABELLED.fields["option_ident"] = option_of_plan(tables.contract.c.plan_id)
"""Beside columns: its labels (`called`: by another system, where a text may stand anywhere in that), whether it is paused (on the day of
the list), by what the account of the customer pays that is taken because none is named (else `NONE`), the options that its plan offers."""


@dataclass(frozen=True, slots=True)
class ListLabelled:
    query: ListQuery


@operation("contract.list_labelled", permission="contracts.read", reads=True)
def list_labelled(uow: Uow, command: ListLabelled) -> Page:
    """The contracts themselves."""
    by = _on(uow.ctx.today()) if "paused" in command.query.fields() else LABELLED
    return listed_by_key(uow, tables.contract, command.query, by, "contract_id", lambda ids: contracts_by_id(uow, ids))


@lru_cache(maxsize=8)
def _on(day: dt.date) -> Filterable:
    """What is searched on a day; statements of it are kept while it is asked for."""
    by = LABELLED.with_field("paused", worked_out(_PAUSED.format(day=f"'{day}'::date"), bool))
    by.momentary = False
    return by
