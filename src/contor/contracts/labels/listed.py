"""Contracts as a list, with what other systems know of them."""

import datetime as dt
from dataclasses import dataclass

from contor.catalogue.queries import option_of_plan
from contor.contracts import tables
from contor.contracts.queries import contracts_by_id
from contor.kernel.operations import operation
from contor.runtime.query import Filterable, FilterField, ListQuery, Page, elsewhere, worked_out
from contor.runtime.query.filterable import field_type
from contor.runtime.query.listed import listed_by_key
from contor.runtime.uow import Uow

_LABEL = "SELECT l.{name} FROM contract_label l WHERE l.contract_id = contract.contract_id"
_PAUSE = "coalesce(({path})::date, 'infinity'::date)"
_ASKED = {
    "number": ("contract.contract_ident", str),
    "title": (_LABEL.format(name="title"), str),
    "payment_type": ("coalesce(contract.content #>> '{payment_information,payment_type}', 'BANK_TRANSFER')", str),
    "has_start": ("contract.start_on IS NOT NULL", bool),
    "has_end": ("contract.end_on IS NOT NULL", bool),
    "is_cancelled": ("coalesce(contract.end_kind = 'CANCELLED', false)", bool),
    "paused_since": (_PAUSE.format(path="contract.content #>> '{life,pauses,-1,since}'"), dt.date),
    "paused_until": (_PAUSE.format(path="contract.content #>> '{life,pauses,-1,until}'"), dt.date),
    "trial_until": ("(contract.content #>> '{life,trial,until}')::date", dt.date),
    "end_date": ("contract.end_on - 1", dt.date),
    "status": ("NULL::text", str),
    "products": ("NULL::text", str),
    "standing": (
        "CASE WHEN contract.end_kind = 'CANCELLED' THEN 3 WHEN contract.end_on IS NOT NULL THEN 2"
        " WHEN contract.start_on IS NULL THEN 0 ELSE 1 END",
        int,
    ),
}
LABELLED = Filterable.of(
    tables.contract,
    ("contract_id", "contract_ident", "customer_ident", "start_on", "end_on", "created_at"),
    default_sort="contract_id",
)
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
"""Beside columns: its labels, how it is paid, whether it began, has an end or is paused, the options that its plan offers."""


@dataclass(frozen=True, slots=True)
class ListLabelled:
    query: ListQuery


@operation("contract.list_labelled", permission="contracts.read", reads=True)
def list_labelled(uow: Uow, command: ListLabelled) -> Page:
    """The contracts themselves."""
    return listed_by_key(uow, tables.contract, command.query, LABELLED, "contract_id", lambda ids: contracts_by_id(uow, ids))
