"""What rows of invoices say in words of this API, as properties that are not printed. Pure."""

from typing import Final

KIND: Final = "positionType"
PRODUCT: Final = "productIdent"
SUBSCRIPTION_ITEM: Final = "subscriptionItem"
