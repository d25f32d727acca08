"""Payment accounts of customers that requests name, or that are collected from: what a document says of mandate, account and day."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.documents.judge import CREDITING, SELF_BILLING, Collection
from contor.documents.properties import CREDITOR_ID, DEBITED_ACCOUNT, DIRECT_DEBIT_TYPES, MANDATE
from contor.documents.types import DebitedAccount, Document, DocumentRequest, DocumentType, Property
from contor.kernel.shapes import replace
from contor.payments.customer_accounts import NamedAccount, accounts_of_customers, named_accounts
from contor.payments.ibans import KeptIban, read_iban
from contor.payments.intents import Way, way_problems, ways_of
from contor.runtime.uow import Uow

_ANY: Final = Decimal(1)
"""What a document is of is not known yet when its accounts are read."""


class Payers(NamedTuple):
    """Accounts from which is paid."""

    named: Mapping[str, NamedAccount]
    """By their idents."""
    ways: Mapping[tuple[str, str], Way]
    """By ident and currency, so far as something is collected by them."""
    works: frozenset[tuple[str, str]]
    """Of these `ways` those that can be collected by."""
    first: Mapping[tuple[str, str], str]
    """By customer and currency, where the document names none: the account that is collected from."""


def payers_of(uow: Uow, requests: Sequence[DocumentRequest]) -> Payers:
    """The accounts that the requests name, and those that are collected from without being named; of those that exist."""
    named = {ident for request in requests if (ident := request.payment_information.customer_payment_account_ident)}
    collected = [it for it in requests if it.payment_collection.collect or _by_debit(it)]
    unnamed = {
        (it.customer_detail.customer_ident, it.currency)
        for it in collected
        if it.payment_collection.collect and not it.payment_information.customer_payment_account_ident
    }
    theirs = accounts_of_customers(uow, {customer for customer, _ in unnamed}) if unnamed else {}
    ways: dict[tuple[str, str], Way] = {}
    for currency in {it.currency for it in collected}:
        mine = {it.payment_information.customer_payment_account_ident for it in collected if it.currency == currency} - {None}
        mine |= {ident for customer, wanted in unnamed if wanted == currency for ident in theirs.get(customer, ())}
        if idents := [ident for ident in mine if ident]:
            ways |= {(ident, currency): way for ident, way in ways_of(uow, idents, currency).items()}
    today = uow.ctx.today()
    works = frozenset([key for key, way in ways.items() if not way_problems(way, "CHARGE", _ANY, today, today)])
    first = {
        (customer, currency): ident
        for customer, currency in unnamed
        if (ident := next((it for it in theirs.get(customer, ()) if (it, currency) in works), None)) is not None
    }
    wanted = named | set(first.values())
    return Payers(named_accounts(uow, wanted) if wanted else {}, ways, works, first)


def is_payer(payers: Payers, request: DocumentRequest) -> bool:
    """Whether the account that it names is one of its customer."""
    account = payers.named.get(request.payment_information.customer_payment_account_ident or "")
    return account is not None and account.debtor_ident == request.customer_detail.customer_ident


def collection_of(payers: Payers, document_type: DocumentType, request: DocumentRequest) -> Collection | None:
    """By what a document is collected, and what it says of that; None: it is not, or it says so itself.

    This alone decides it: where something is to be collected and an account works, the document says by what, whatever its payment type;
    where none does, it asks for a transfer, for nobody is in default who was told to wait (section 286 (4) BGB). A debit by a mandate that
    the request states itself is its own affair, and so is one that is not collected here.
    """
    collect = request.payment_collection.collect
    if document_type in (*CREDITING, *SELF_BILLING) or not (collect or _by_debit(request)):
        return None
    account = _account(payers, request)
    if account is None:
        own = _by_debit(request) and any(entry.key == MANDATE for entry in request.properties)
        return Collection("TRANSFER", None, (), None) if collect and not own else None
    way = payers.ways.get((account.ident, request.currency))
    has_mandate = _has_mandate(account)
    # of an account whose provider is not registered nobody knows on which day it can collect
    known = way is not None and way.registered is not None and (has_mandate or way.provider != "SEPA_FILE")
    debited = _is_debited(account, way, request) if collect else _by_debit(request)
    return Collection(
        paid_by=("DIRECT_DEBIT" if debited else "STORED_MEANS") if collect else None,
        terms=way.terms if way is not None and known else None,
        mandate=_mandate(account, request.properties) if has_mandate and debited else (),
        debited=_debited(account.iban) if has_mandate and debited else None,
    )


def _account(payers: Payers, request: DocumentRequest) -> NamedAccount | None:
    """The one that the request names, else the customer's first that works. What we collect from works."""
    named = request.payment_information.customer_payment_account_ident
    ident = named or payers.first.get((request.customer_detail.customer_ident, request.currency))
    if named is not None and not is_payer(payers, request):
        return None
    if request.payment_collection.collect and (ident, request.currency) not in payers.works:
        return None
    return payers.named.get(ident or "")


def _is_debited(account: NamedAccount, way: Way | None, request: DocumentRequest) -> bool:
    """Whether it pays by a SEPA direct debit: by our mandate, or by a provider's of which the request knows."""
    method = way.account.payment_method if way is not None else None
    return method in (None, "DIRECT_DEBIT") and (_by_debit(request) or _has_mandate(account))


def with_iban(uow: Uow, document: Document) -> Document:
    """As its files say it: with the IBAN that is debited (BT-91), which is kept sealed, unless a property says one."""
    account = document.debited_account
    if account is None or any(entry.key == DEBITED_ACCOUNT for entry in document.properties):
        return document
    said = Property(key=DEBITED_ACCOUNT, value=read_iban(uow, account.iban, account.key))
    return replace(document, properties=(*document.properties, said))


def _mandate(account: NamedAccount, properties: Sequence[Property]) -> tuple[Property, ...]:
    """BT-89 and BT-90, so far as `properties` do not say them."""
    known = {entry.key for entry in properties}
    said = ((MANDATE, account.mandate_reference), (CREDITOR_ID, account.creditor_identifier))
    return tuple(Property(key=key, value=value) for key, value in said if value and key not in known)


def collected_anew(payers: Payers, request: DocumentRequest, old: Document) -> Collection | None:
    """Of a document that is issued anew: it states the mandate by which it will be collected, whatever the old one stated; but what who
    corrects it says himself stands."""
    said = tuple(entry for entry in request.properties if entry.key not in (MANDATE, CREDITOR_ID) or entry not in old.properties)
    found = collection_of(payers, old.document_type, replace(request, properties=said))
    if found is not None and found.paid_by == "TRANSFER" and old.debited_account is None:
        return collection_of(payers, old.document_type, request)  # the mandate of the old one was no account's of ours
    return found


def _has_mandate(account: NamedAccount) -> bool:
    return bool(account.mandate_reference and account.creditor_identifier)


def _debited(iban: KeptIban | None) -> DebitedAccount | None:
    return None if iban is None else DebitedAccount(iban=iban.sealed, key=iban.key, shown=iban.shown)


def _by_debit(request: DocumentRequest) -> bool:
    return request.payment_information.payment_type.upper() in DIRECT_DEBIT_TYPES
