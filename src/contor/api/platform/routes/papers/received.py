"""Papers received in `/v2`: expenses, revenues, the inbox, folders. Ours."""

from contor.api.kit import resource, route
from contor.api.platform.answers import still
from contor.api.route import Route
from contor.expenses import booked, expenses, folders, inbox, revenues
from contor.expenses.types import InboxView

_EXPENSE, _REVENUE = "/v2/expenses/{expenseIdent}", "/v2/revenues/{revenueIdent}"
_INBOX, _ITEM = "/v2/inbox", "/v2/inbox/{inboxItemIdent}"
_FILED = "/v2/filed-papers/{filedPaperIdent}"

RECEIVED_ROUTES: list[Route] = [
    *resource("/v2/expenses", expenses.EXPENSES),
    route("POST", f"{_EXPENSE}/file", expenses.attach_to_expense, upload="file", id="replaceExpenseFile"),
    route("GET", f"{_EXPENSE}/file", expenses.get_expense_file, id="getExpenseFile"),
    route("POST", f"{_EXPENSE}/actions/set-paid", expenses.pay_expense, body="body", may_be_empty=True, id="setExpensePaid"),
    *resource("/v2/suppliers", booked.SUPPLIERS, only="list create get update"),
    *resource("/v2/expense-categories", booked.CATEGORIES),
    *resource("/v2/revenues", revenues.REVENUES),
    route("POST", f"{_REVENUE}/file", revenues.attach_to_revenue, upload="file", id="replaceRevenueFile"),
    route("GET", f"{_REVENUE}/file", revenues.get_revenue_file, id="getRevenueFile"),
    route("POST", f"{_REVENUE}/actions/set-paid", revenues.pay_revenue, body="body", may_be_empty=True, id="setRevenuePaid"),
    route("GET", _INBOX, inbox.list_inbox, filterable=inbox.INBOX, output=InboxView),
    route("POST", _INBOX, inbox.receive_file, 202, upload="file"),
    route("GET", _ITEM, inbox.get_item, pending=still("RECEIVED")),
    route("GET", f"{_ITEM}/file", inbox.get_inbox_file, id="getInboxFile"),
    route("POST", f"{_ITEM}/actions/take", inbox.take_item, 201, body="body", may_be_empty=True),
    route("POST", f"{_ITEM}/actions/dismiss", inbox.dismiss_item, body="body", may_be_empty=True),
    *resource("/v2/folders", folders.FOLDERS),
    *resource("/v2/filed-papers", folders.FILED_PAPERS),
    route("POST", f"{_FILED}/file", folders.attach_to_filed, upload="file", id="replaceFiledPaperFile"),
    route("GET", f"{_FILED}/file", folders.get_filed_file, id="getFiledPaperFile"),
]
