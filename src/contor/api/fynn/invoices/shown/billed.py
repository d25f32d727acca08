"""What rows of documents bill of subscriptions: of which item, of which product, and whether it is a setup fee."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from contor.api.fynn.catalogue import PRODUCT
from contor.api.fynn.subscriptions import as_item_id
from contor.billing.queries import items_billed_in
from contor.catalogue.products import SETUP, prices_of_options
from contor.catalogue.queries import OPTIONS_NUMBERED
from contor.contracts.queries import contract_numbers
from contor.runtime.uow import Uow


class RowBilled(NamedTuple):
    subscription_item: str
    """A ULID."""
    product: str | None
    """Its id; of an option that no product is, none."""
    is_setup: bool


def rows_billed(uow: Uow, documents: Collection[int]) -> Mapping[str, RowBilled]:
    """By the ident that a document's row has; an allowance is a part of no item."""
    items = [item for item in items_billed_in(uow, documents) if item.origin_type != "ALLOWANCE"] if documents else []
    if not items:
        return {}
    contracts = contract_numbers(uow, {item.contract_ident for item in items})
    named = {item.origin_ident for item in items}
    options, prices = OPTIONS_NUMBERED.numbers(uow, named), prices_of_options(uow, named)
    products = PRODUCT.shown(uow, {price.product_ident for price in prices.values()})
    scope = str(uow.ctx.tenant_id)
    return {
        f"i-{item.item_id}": RowBilled(
            subscription_item=as_item_id(contracts[item.contract_ident], options[item.origin_ident], scope),
            product=str(products[prices[item.origin_ident].product_ident]) if item.origin_ident in prices else None,
            is_setup=item.origin_ident.endswith(SETUP) and item.origin_ident in prices,
        )
        for item in items
        if item.origin_ident in options and item.contract_ident in contracts
    }
