"""The books: accounts, postings, how they are kept, and exports for DATEV."""

from contor.api.fynn.books.accounts import list_accounts, list_postings
from contor.api.fynn.books.answers import ExportShown, PostingShown
from contor.api.fynn.books.exports import (
    change_books,
    create_export,
    delete_export,
    get_books,
    get_export,
    get_export_file,
    list_exports,
)
from contor.api.fynn.ids import CUSTOMER
from contor.api.fynn.kit import route
from contor.api.fynn.lists import PAGING
from contor.api.route import By, IdsOf, Route, Sought
from contor.bookkeeping import entries
from contor.reports import exports

__all__ = ["ROUTES"]

_POSTINGS = Sought(
    by={
        "dimension.costCentre1": By(field="cost_centre"),
        "account": By(field="account"),
        "documentNumber": By(field="document_ident"),
        "customer": By(field="customer_ident"),
        "postingDate": By(field="booking_date", form="DAY"),
    },
    order={"postingDate": "booking_date"},
)
_EXPORTS = Sought(
    by={
        "status": By(field="status", words={"queued": "QUEUED", "running": "RUNNING", "done": "DONE", "failed": "FAILED"}),
        "createdAt": By(field="created_at", form="INSTANT"),
    },
    order={"createdAt": "created_at"},
)
_READ, _WRITE = "accounting:accounts:read", "accounting:accounts:write"
_EXPORT = "/accounting/exports/{id}"

ROUTES: list[Route] = [
    route(
        "GET",
        "/accounting/accounts",
        list_accounts,
        permission=_READ,
        id="getAccountingAccounts",
        about="accounting",
        parameters=PAGING,
    ),
    route(
        "GET",
        "/accounting/postings",
        list_postings,
        permission=_READ,
        id="getAccountingPostings",
        about="accounting",
        filterable=entries.ENTRIES,
        sought=_POSTINGS,
        output=PostingShown,
        ids=IdsOf(query={"customer_ident": CUSTOMER}),
    ),
    route("GET", "/accounting/settings", get_books, permission=_READ, id="getAccountingSettings", about="accounting"),
    route(
        "PATCH",
        "/accounting/settings",
        change_books,
        permission=_WRITE,
        id="updateAccountingSettings",
        about="accounting",
        body="body",
    ),
    route(
        "GET",
        "/accounting/exports",
        list_exports,
        permission=_READ,
        id="getAccountingExports",
        about="accounting",
        filterable=exports.EXPORTS,
        sought=_EXPORTS,
        output=ExportShown,
    ),
    route(
        "POST",
        "/accounting/exports",
        create_export,
        permission=_WRITE,
        id="createAccountingExport",
        about="accounting",
        body="body",
    ),
    route("GET", _EXPORT, get_export, permission=_READ, id="getAccountingExport", about="accounting"),
    route("DELETE", _EXPORT, delete_export, permission=_WRITE, id="deleteAccountingExport", about="accounting"),
    route(
        "GET",
        f"{_EXPORT}/files/{{name}}",
        get_export_file,
        permission=_READ,
        id="downloadAccountingExportFile",
        about="accounting",
    ),
]
