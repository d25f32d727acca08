"""Settlements of payment providers, in `/v2`."""

from contor.api.kit import route
from contor.api.route import Route
from contor.payments import settlements

_ACCOUNT = "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}"
_REPORTS = f"{_ACCOUNT}/settlement-reports"
_REPORT = f"{_REPORTS}/{{settlementReportIdent}}"
_UPLOADS = f"{_ACCOUNT}/settlement-uploads"
_UPLOAD = f"{_UPLOADS}/{{settlementUploadIdent}}"
_MAPPING = f"{_ACCOUNT}/settlement-mapping"
_ITEM = "/v2/settlement-items/{settlementItemIdent}"

SETTLEMENT_ROUTES: list[Route] = [
    route(
        "GET",
        f"{_ACCOUNT}/settlement-items",
        settlements.list_items_of_account,
        filterable=settlements.ITEMS,
        output=settlements.SettlementItemView,
    ),
    route(
        "GET",
        _REPORTS,
        settlements.list_reports_of_account,
        filterable=settlements.REPORTS,
        output=settlements.SettlementReportView,
    ),
    route("POST", _REPORTS, settlements.create_report, 201, body="body"),
    route("GET", _REPORT, settlements.get_report),
    route("POST", f"{_REPORT}/settlement-items", settlements.create_item, 201, body="body"),
    route("POST", f"{_REPORTS}/actions/upload", settlements.upload_settlement, 202, upload="file", id="uploadSettlementReport"),
    route(
        "GET",
        "/v2/settlement-reports",
        settlements.list_reports,
        filterable=settlements.REPORTS,
        output=settlements.SettlementReportView,
    ),
    route(
        "GET", "/v2/settlement-items", settlements.list_items, filterable=settlements.ITEMS, output=settlements.SettlementItemView
    ),
    route("GET", _ITEM, settlements.get_item),
    route("POST", f"{_ITEM}/actions/match", settlements.match_payout, body="body"),
    route("POST", f"{_ITEM}/actions/unmatch", settlements.unmatch_payout),
    route("GET", _UPLOADS, settlements.list_uploads, filterable=settlements.UPLOADS, output=settlements.SettlementUploadView),
    route("GET", _UPLOAD, settlements.get_upload),
    route("GET", f"{_UPLOAD}/file", settlements.get_uploaded_file),
    route("GET", _MAPPING, settlements.get_mapping),
    route("PUT", _MAPPING, settlements.put_mapping, body="body"),
    route("DELETE", _MAPPING, settlements.delete_mapping, 204),
]
