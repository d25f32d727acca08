"""Payment accounts of customers that requests name, and what a document that is collected says of the mandate."""

from collections.abc import Mapping, Sequence

from contor.documents.judge import CREDITING, SELF_BILLING
from contor.documents.properties import CREDITOR_ID, DIRECT_DEBIT_TYPES, MANDATE
from contor.documents.types import DocumentRequest, DocumentType, Property
from contor.payments.customer_accounts import NamedAccount, named_accounts
from contor.runtime.uow import Uow

Payers = Mapping[str, NamedAccount]
"""By their idents."""


def payers_of(uow: Uow, requests: Sequence[DocumentRequest]) -> Payers:
    """The accounts that the requests name, of those that exist."""
    named = {ident for request in requests if (ident := request.payment_information.customer_payment_account_ident)}
    return named_accounts(uow, named) if named else {}


def is_payer(payers: Payers, request: DocumentRequest) -> bool:
    """Whether the account that it names is one of its customer."""
    account = payers.get(request.payment_information.customer_payment_account_ident or "")
    return account is not None and account.debtor_ident == request.customer_detail.customer_ident


def mandate_said(payers: Payers, document_type: DocumentType, request: DocumentRequest) -> tuple[Property, ...]:
    """BT-89 and BT-90 of a document that is collected, so far as the request does not say them."""
    paid = request.payment_information
    if document_type in (*CREDITING, *SELF_BILLING) or not is_payer(payers, request):
        return ()
    account = payers[paid.customer_payment_account_ident or ""]
    if paid.payment_type.upper() not in DIRECT_DEBIT_TYPES or not account.mandate_reference or not account.creditor_identifier:
        return ()
    known = {entry.key for entry in request.properties}
    said = ((MANDATE, account.mandate_reference), (CREDITOR_ID, account.creditor_identifier))
    return tuple(Property(key=key, value=value) for key, value in said if key not in known)
