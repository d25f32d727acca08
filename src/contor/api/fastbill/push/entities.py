"""The things that pushes tell of, read as lists read them: a batch in a fixed number of statements."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import NamedTuple

from contor.api.fastbill.account.templates import named
from contor.api.fastbill.customers.answers import contact, customer
from contor.api.fastbill.customers.links import links_of
from contor.api.fastbill.ids import CUSTOMER, numbers_of
from contor.api.fastbill.invoices.entity import invoice
from contor.api.fastbill.invoices.get import read as read_papers
from contor.api.fastbill.papers.estimate_rows import estimate
from contor.api.fastbill.subscriptions.reading import subscribed
from contor.api.fastbill.subscriptions.taken import Subscribed
from contor.api.fastbill.writing import Fields
from contor.contracts.labels import FindContracts, find_contracts
from contor.customers.keeping import FindContacts, FindCustomers, find_contacts, find_customers
from contor.documents.papers import Paper, Sought, paper_url, papers_of_documents, papers_sought
from contor.offers.queries import offers_by_id
from contor.openitems.credits import credit_balances
from contor.runtime.uow import Uow


class Papered(NamedTuple):
    """An invoice, and by which numbers it is known."""

    paper: Paper
    invoice: Fields


def customers_of(uow: Uow, idents: Collection[str]) -> dict[str, Fields]:
    """By ident; those that are gone are not there."""
    if not idents:
        return {}
    found = find_customers(uow, FindCustomers(idents=tuple(sorted(idents)), deleted=True, limit=1_000))
    rows = {one.customer["customer_ident"]: one for one in found}
    currencies = {ident: one.customer["currency"] or "EUR" for ident, one in rows.items()}
    standing = credit_balances(uow, currencies)
    balances = {one.customer_ident: one.balance for one in standing if one.currency == currencies[one.customer_ident]}
    return {ident: customer(one, links_of(uow, one.customer["id"]), balances.get(ident, Decimal(0))) for ident, one in rows.items()}


def contacts_of(uow: Uow, customers: Collection[str]) -> dict[str, Fields]:
    """The contacts of customers, by the idents of their addresses; those that are gone are not there."""
    found = [one for ident in sorted(customers) for one in find_contacts(uow, FindContacts(customer_ident=ident, limit=1_000))]
    return {one.row["address_ident"]: contact(one) for one in found}


def subscriptions_of(uow: Uow, numbers: Collection[int]) -> dict[int, Subscribed]:
    """By the contract's number."""
    if not numbers:
        return {}
    contracts = find_contracts(uow, FindContracts(numbers=tuple(sorted(numbers)), limit=1_000))
    return {one.contract.contract_id: one for one in subscribed(uow, contracts)}


def documents_of(uow: Uow, document_ids: Collection[int], idents: Collection[str] = ()) -> dict[int, Papered]:
    """Issued documents, named by their own number or by that which is printed; by the former."""
    papers = papers_of_documents(uow, document_ids, idents) if document_ids or idents else []
    return {one.paper.document_id or 0: one for one in _read(uow, papers)}


def estimates_of(uow: Uow, numbers: Collection[int]) -> dict[int, Fields]:
    """By number; those that are gone are not there."""
    if not numbers:
        return {}
    offers = offers_by_id(uow, numbers)
    customers = numbers_of(uow, CUSTOMER, sorted({one.customer_ident for one in offers.values()}))
    return {
        number: estimate(
            one,
            customers.get(one.customer_ident),
            paper_url(uow, number, "offer"),
            named(uow, one.document.operating_site_ident)[0],
        )
        for number, one in offers.items()
    }


def drafts_of(uow: Uow, numbers: Collection[int]) -> dict[int, Papered]:
    """Drafts, by the number by which they are known."""
    papers = papers_sought(uow, Sought(ids=tuple(sorted(numbers))), len(numbers), 0) if numbers else []
    return {one.paper.id: one for one in _read(uow, papers)}


def by_number(things: Mapping[int, Papered], number: object) -> Papered | None:
    return things.get(number) if isinstance(number, int) else None


def _read(uow: Uow, papers: list[Paper]) -> list[Papered]:
    return [Papered(paper, invoice(shown, beside)) for paper, (shown, beside) in zip(papers, read_papers(uow, papers), strict=True)]
