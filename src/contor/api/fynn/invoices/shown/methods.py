"""By what invoices are paid: by the account that they name, else by what the customer pays by where nothing is named."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from contor.api.fynn.payments import MethodShown, shown_methods
from contor.documents.drafts import Draft
from contor.documents.papers import Issued
from contor.openitems.standing import accounts_among
from contor.payments.methods import default_methods
from contor.runtime.uow import Uow


class PaidBy(NamedTuple):
    """Ways to pay of a page of invoices."""

    of_documents: Mapping[int, str]
    """By document, the ident of the way."""
    of_drafts: Mapping[int, str]
    """By the number of the draft."""
    shown: Mapping[str, MethodShown]

    def document(self, number: int) -> MethodShown | None:
        return self.shown.get(self.of_documents.get(number, ""))

    def draft(self, number: int) -> MethodShown | None:
        return self.shown.get(self.of_drafts.get(number, ""))


def paid_by(uow: Uow, issued: Mapping[int, Issued], drafts: Sequence[Draft]) -> PaidBy:
    """Read for all of them at once."""
    named = accounts_among(uow, issued)
    written = {draft.id: _said(draft) for draft in drafts}
    customers = {one.document.customer_ident for number, one in issued.items() if number not in named}
    customers |= {customer for account, customer in written.values() if not account and customer}
    usual = default_methods(uow, customers) if customers else {}
    documents = {
        number: ident
        for number, one in issued.items()
        if (ident := named.get(number) or usual.get(one.document.customer_ident)) is not None
    }
    of_drafts = {
        number: ident for number, (account, customer) in written.items() if (ident := account or usual.get(customer)) is not None
    }
    idents = {*documents.values(), *of_drafts.values()}
    return PaidBy(documents, of_drafts, shown_methods(uow, idents) if idents else {})


def _said(draft: Draft) -> tuple[str, str]:
    """The account that a draft names, and its customer; empty texts where it says none."""
    content = draft.content
    account = (content.get("payment_information") or {}).get("customer_payment_account_ident")
    return account or "", (content.get("customer_detail") or {}).get("customer_ident") or ""
