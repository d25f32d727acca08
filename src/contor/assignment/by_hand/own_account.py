"""Where the money is of which a person says that it came in, for callers who know no accounts of who bills."""

from contor.documents.queries import documents_by_id
from contor.payments.accounts import ACCOUNTS, accept_also, accounts_taking
from contor.payments.queries import has_account
from contor.runtime.execute import validated
from contor.runtime.resource import Written
from contor.runtime.uow import Uow
from contor.settings.queries import home, tenant_settings


def account_by_hand(uow: Uow, document_id: int, ident: str, name: str) -> str | None:
    """Some systems know no accounts of who bills, so that nobody can be asked which one is meant. Of those that take the document's
    currency it is the first one that the document prints, else that of a bank (with an IBAN) which was set up first, else whichever was.
    Where the tenant has none at all, one is made for it, in the currency of the ledger; money in others is taken there, too, at the rate
    of its day. None: no active one takes the currency."""
    document, ledger = documents_by_id(uow, [document_id])[document_id], tenant_settings(uow).ledger_currency
    if not has_account(uow):
        here = home(uow)
        said = {
            "ident": ident,
            "name": name,
            "active": True,
            "country": here.country if here is not None else "DE",
            "currency": ledger,
            "additionally_accepted_currencies": [] if document.currency == ledger else [document.currency],
            "payment_service_provider_id": 1,
        }
        ACCOUNTS.create(uow, Written((), validated(ACCOUNTS.creation, said)))
        return ident
    own = accounts_taking(uow, document.currency)
    if not own and accept_also(uow, ident, document.currency):
        return ident
    known = {it.iban: it.ident for it in own if it.iban is not None}
    printed = [known[it.iban] for it in document.seller.bank_accounts if it.iban in known]
    if printed or not own:
        return next(iter(printed), None)
    return min(own, key=lambda it: (it.iban is None, it.created_at, it.ident)).ident
