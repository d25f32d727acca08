"""What will be billed, and why something is not: previews, upcoming items, reasons."""

from contor.billing.outlook.preview import ContractPreview, preview_contract
from contor.billing.outlook.upcoming import UpcomingItems, upcoming_of_contract, upcoming_of_customer

__all__ = ["ContractPreview", "UpcomingItems", "preview_contract", "upcoming_of_contract", "upcoming_of_customer"]
