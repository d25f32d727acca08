"""What the last checks of addresses found, over all customers."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contor.customers.validation import tables
from contor.customers.validation.types import AddressFinding, ValidationProvider, ValidationStatus
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.uow import Uow


@shape
class AddressValidationResult:
    customer_ident: str
    address_ident: str
    country: str
    status: ValidationStatus
    provider: ValidationProvider
    findings: tuple[AddressFinding, ...] = ()
    checked_at: dt.datetime


class _Row(NamedTuple):
    customer_ident: str
    address_ident: str
    country: str
    status: ValidationStatus
    provider: ValidationProvider
    findings: Sequence[dict[str, str]]
    checked_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ListResults:
    query: ListQuery


RESULTS = searchable(
    tables.address_validation,
    AddressValidationResult,
    ("customer_ident", "address_ident", "country", "status", "provider", "checked_at"),
    default_sort="customer_ident,asc",
)


@operation("address_validation.list", permission="customers.read", reads=True)
def list_results(uow: Uow, command: ListResults) -> Page:
    """Addresses that were checked, with what was found: `search=status==INVALID` are those to be mended."""
    return listed(
        uow,
        tables.address_validation,
        command.query,
        RESULTS,
        _Row,
        lambda rows: [
            AddressValidationResult(**{**row._asdict(), "findings": tuple(AddressFinding(**it) for it in row.findings)})
            for row in rows
        ],
    )
