"""What will be billed, and why something is not: previews, upcoming items, reasons."""

from contor.billing.outlook.changes import ContractChange, PreviewBody
from contor.billing.outlook.preview import PreviewContract, preview_contract
from contor.billing.outlook.types import ContractPreview, PreviewedDocument, PreviewedLine, document_view
from contor.billing.outlook.upcoming import UpcomingItems, upcoming_of_contract, upcoming_of_customer
from contor.billing.outlook.why import require_billable

__all__ = [
    "ContractChange",
    "ContractPreview",
    "PreviewBody",
    "PreviewContract",
    "PreviewedDocument",
    "PreviewedLine",
    "UpcomingItems",
    "document_view",
    "preview_contract",
    "require_billable",
    "upcoming_of_contract",
    "upcoming_of_customer",
]
