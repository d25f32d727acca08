"""Settlements: what payment providers report of the accounts that they keep for us, item by item, to the cent."""

from contor.payments.settlements.events import FeesTaken, PayoutsArrived, ReportsSettled, SettlementUploaded, TakenFee
from contor.payments.settlements.items import ITEMS, create_item, get_item, list_items, list_items_of_account
from contor.payments.settlements.mapping import delete_mapping, get_mapping, put_mapping
from contor.payments.settlements.payouts import leave_out, match_payout, unmatch_payout
from contor.payments.settlements.queries import SettledItem, countries_of_providers, item_costs, own_transfers, settled_in
from contor.payments.settlements.reports import REPORTS, create_report, get_report, list_reports, list_reports_of_account
from contor.payments.settlements.types import SettlementItemView, SettlementReportView, SettlementUploadView, UploadWay
from contor.payments.settlements.uploads import (
    UPLOADS,
    ReadUpload,
    ReceiveSettlement,
    get_upload,
    get_uploaded_file,
    list_uploads,
    process_due,
    read_upload,
    receive_settlement,
    upload_settlement,
)

__all__ = [
    "ITEMS",
    "REPORTS",
    "UPLOADS",
    "FeesTaken",
    "PayoutsArrived",
    "ReadUpload",
    "ReceiveSettlement",
    "ReportsSettled",
    "SettledItem",
    "SettlementItemView",
    "SettlementReportView",
    "SettlementUploadView",
    "SettlementUploaded",
    "TakenFee",
    "UploadWay",
    "countries_of_providers",
    "create_item",
    "create_report",
    "delete_mapping",
    "get_item",
    "get_mapping",
    "get_report",
    "get_upload",
    "get_uploaded_file",
    "item_costs",
    "leave_out",
    "list_items",
    "list_items_of_account",
    "list_reports",
    "list_reports_of_account",
    "list_uploads",
    "match_payout",
    "own_transfers",
    "process_due",
    "put_mapping",
    "read_upload",
    "receive_settlement",
    "settled_in",
    "unmatch_payout",
    "upload_settlement",
]
