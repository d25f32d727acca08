"""Where the money is of which a person says that it came in, for tenants that keep no accounts of their own."""

from contor.documents.queries import documents_by_id
from contor.payments.accounts import ACCOUNTS
from contor.payments.queries import has_account
from contor.runtime.execute import validated
from contor.runtime.resource import Written
from contor.runtime.uow import Uow
from contor.settings.queries import home


def require_some_account(uow: Uow, document_id: int, ident: str, name: str) -> None:
    """Some systems know no accounts of who bills: where the tenant has none, what their callers say was paid stands on one that is made for
    it, in the currency of the document."""
    if has_account(uow):
        return
    currency, here = documents_by_id(uow, [document_id])[document_id].currency, home(uow)
    said = {
        "ident": ident,
        "name": name,
        "active": True,
        "country": here.country if here is not None else "DE",
        "currency": currency,
        "payment_service_provider_id": 1,
    }
    ACCOUNTS.create(uow, Written((), validated(ACCOUNTS.creation, said)))
