"""What rows of invoices bill of subscriptions: the item, its product with its tax group, and whether it is the setup fee."""

from collections.abc import Collection
from typing import NamedTuple

from contor.api.fynn.catalogue import PRODUCT
from contor.api.fynn.subscriptions import as_item_id
from contor.billing.queries import rows_billed_by
from contor.catalogue.products import SETUP, prices_of_options, products_by_ident
from contor.catalogue.queries import OPTIONS_NUMBERED
from contor.contracts.queries import reduced_options
from contor.runtime.uow import Uow


class Billed(NamedTuple):
    """Of a row that a run has made."""

    subscription_item: str
    product: str | None
    """Its id; None: the option is of no product."""
    is_setup: bool
    tax_group: str | None = None
    """The ident of its product's; None: the product has none, and is taxed as usual."""


def billed_rows(uow: Uow, document_ids: Collection[int]) -> dict[tuple[int, str], Billed]:
    """By document and ident of the row there. What reduces an item, and what takes it back, is of that item."""
    rows = rows_billed_by(uow, document_ids)
    reduced = reduced_options(uow, {row.contract_ident for row in rows if row.origin_type == "ALLOWANCE"})
    options = {row.item_id: reduced.get((row.contract_ident, row.origin_ident), row.origin_ident) for row in rows}
    numbers = OPTIONS_NUMBERED.numbers(uow, set(options.values())) if options else {}
    prices = prices_of_options(uow, numbers) if numbers else {}
    products = products_by_ident(uow, {price.product_ident for price in prices.values()})
    shown = PRODUCT.shown(uow, products) if products else {}
    scope, found = str(uow.ctx.tenant_id), dict[tuple[int, str], Billed]()
    for row in rows:
        if (ident := options[row.item_id]) in numbers:
            product = str(shown[prices[ident].product_ident]) if ident in prices else None
            group = products[prices[ident].product_ident].tax_group_ident if ident in prices else None
            item = as_item_id(row.contract_id, numbers[ident], scope)
            is_setup = ident in prices and ident == f"{prices[ident].ident}{SETUP}" and row.origin_type != "ALLOWANCE"
            found[row.document_id, f"i-{row.item_id}"] = Billed(item, product, is_setup, group)
    return found
