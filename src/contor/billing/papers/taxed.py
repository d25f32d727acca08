"""Items with the tax that they bear: by the tenant's rules and law, by the provider of their country, by what is known of VAT ids."""

import datetime as dt
from collections.abc import Collection, Sequence

from contor.billing.items import Item
from contor.billing.papers.proofs import with_proofs
from contor.billing.papers.quotes import with_quotes
from contor.billing.papers.taxes import Taxes
from contor.billing.papers.types import TaxedItem
from contor.runtime.uow import Uow


def taxes_of(uow: Uow, customers: Collection[str], items: Sequence[tuple[Item, dt.date]]) -> list[TaxedItem]:
    """The items of these customers, each with the day on which it is billed beside it."""
    taxes, days = Taxes(uow, customers), [day for _, day in items]
    return with_proofs(uow, taxes, with_quotes(uow, taxes, taxes.of(items), days), days)
