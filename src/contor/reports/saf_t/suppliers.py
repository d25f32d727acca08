"""Who supplied us: partners for whom we write the papers, and those whose invoices came."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from contor.bookkeeping.entries import JournalRow
from contor.customers.every import CustomerRow, all_customers
from contor.expenses.queries import SupplierRow, all_suppliers
from contor.runtime.uow import Uow


def creditors(uow: Uow) -> Iterator[CustomerRow]:
    """Customers with an account as a creditor, then suppliers, in constant memory."""
    return chain((row for row in all_customers(uow) if row.creditor_account is not None), map(_party, all_suppliers(uow)))


def suppliers_by_account(uow: Uow) -> Mapping[int, str]:
    return {row.account: row.ident for row in all_suppliers(uow)}


def with_suppliers(lines: Sequence[JournalRow], suppliers: Mapping[int, str]) -> list[JournalRow]:
    """Lines on the account of a supplier say whose it is."""
    return [line._replace(party=suppliers.get(line.account, line.party)) for line in lines]


def _party(row: SupplierRow) -> CustomerRow:
    return CustomerRow(
        customer_ident=row.ident,
        customer_type="B2B",
        company=row.name,
        first_name=None,
        last_name=None,
        email=None,
        phone=None,
        currency=None,
        vat_id=row.vat_id,
        tax_number=None,
        debtor_account=None,
        creditor_account=row.account,
        created_at=row.created_at,
        street=None,
        street_no=None,
        addition=None,
        zip=None,
        city=None,
        state=None,
        country=None if row.vat_id is None else row.vat_id[:2].replace("EL", "GR"),
    )
