"""The reports of payment providers: listed, read, begun by hand."""

from dataclasses import dataclass
from decimal import Decimal

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import is_amount, too_fine
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.payments.accounts import ACCOUNTS
from contor.payments.settlements import tables
from contor.payments.settlements.queries import REPORT, ReportRow, report_view
from contor.payments.settlements.types import SettlementReportBody, SettlementReportView
from contor.runtime.query import ListQuery, Page, searchable, worked_out
from contor.runtime.query.listed import listed
from contor.runtime.uow import Uow, not_found
from contor.settings.queries import tenant_settings

REPORTS = searchable(
    tables.settlement_report,
    SettlementReportView,
    (
        "ident",
        "account_ident",
        "provider",
        "external_ident",
        "period_start",
        "period_end",
        "currency",
        "upload_ident",
        "created_at",
    ),
    default_sort="created_at,desc",
    places={
        "settlement_report_ident": "ident",
        "merchant_payment_account_ident": "account_ident",
        "settlement_upload_ident": "upload_ident",
        "difference": worked_out(
            "(settlement_report.closing_balance - settlement_report.opening_balance - settlement_report.net)", Decimal
        ),
    },
)


@dataclass(frozen=True, slots=True)
class ListReports:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class ListReportsOfAccount:
    merchant_payment_account_ident: str
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneReport:
    merchant_payment_account_ident: str
    settlement_report_ident: str


@dataclass(frozen=True, slots=True)
class CreateReport:
    merchant_payment_account_ident: str
    body: SettlementReportBody


@operation("settlement_report.list", permission="payments.read", reads=True)
def list_reports(uow: Uow, command: ListReports) -> Page:
    """The reports of all accounts."""
    return listed(uow, tables.settlement_report, command.query, REPORTS, ReportRow, lambda rows: map(report_view, rows))


@operation("settlement_report.list_of_account", permission="payments.read", reads=True)
def list_reports_of_account(uow: Uow, command: ListReportsOfAccount) -> Page:
    """The reports of one account."""
    ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))
    scope = {"account_ident": command.merchant_payment_account_ident}
    return listed(uow, tables.settlement_report, command.query, REPORTS, ReportRow, lambda rows: map(report_view, rows), scope)


@operation("settlement_report.get", permission="payments.read", reads=True)
def get_report(uow: Uow, command: OneReport) -> SettlementReportView:
    """One report: its balances, and what its items lack to lead from one to the other."""
    ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))
    return report_view(report_of(uow, command.merchant_payment_account_ident, command.settlement_report_ident))


@operation("settlement_report.create", permission="payments.write")
def create_report(uow: Uow, command: CreateReport) -> SettlementReportView:
    """Begin a report by its header; its items follow one by one, each with its effect."""
    account, body = settling(uow, command.merchant_payment_account_ident), command.body
    problems = []
    if body.period_end < body.period_start:
        problems.append(Problem("period_reversed", "The period ends before it starts.", "periodEnd", body.period_end))
    if body.currency != account["currency"]:
        problems.append(Problem("currency_differs", f"The account is kept in {account['currency']}.", "currency", body.currency))
    for path, value in (("openingBalance", body.opening_balance), ("closingBalance", body.closing_balance)):
        if not is_amount(value, body.currency):
            problems.append(Problem("amount_not_in_currency", too_fine(body.currency), path, value))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    refuse_known(uow, [(body.provider, body.external_ident)])
    ident = body.settlement_report_ident or str(uow.new_uuid())
    if uow.scalar(int, "SELECT 1 FROM settlement_report WHERE ident = %s", (ident,)):
        problem = Problem(
            "settlement_report_exists", f"There is a settlement report {ident!r} already.", "settlementReportIdent", ident
        )
        raise Refused(Kind.CONFLICT, problem)
    row = ReportRow(
        ident=ident,
        account_ident=account["ident"],
        provider=body.provider,
        external_ident=body.external_ident,
        period_start=body.period_start,
        period_end=body.period_end,
        opening_balance=body.opening_balance,
        closing_balance=body.closing_balance,
        currency=body.currency,
        item_count=0,
        net=Decimal(0),
        upload_ident=None,
        created_at=uow.ctx.now(),
    )
    store_report(uow, row)
    return report_view(row)


def settling(uow: Uow, account_ident: str) -> Fields:
    """The account, alone with us until the commit. Raises NOT_FOUND, and ILLEGAL_STATE where no settlements are made of it."""
    account = ACCOUNTS.require(uow, (account_ident,))
    if (problem := why_not_settled(uow, account)) is not None:
        raise Refused(Kind.ILLEGAL_STATE, problem)
    uow.lock("settlements", [account_ident])
    return account


def why_not_settled(uow: Uow, account: Fields) -> Problem | None:
    """What of the account is against it; None: nothing."""
    if account["settlement_creation_disabled"]:
        message = "No settlements are made of this account: settlementCreationDisabled says so."
        return Problem("settlement_creation_disabled", message, "settlementCreationDisabled", True)
    if not account["active"]:
        return Problem("payment_account_inactive", "The account is not active.", "merchantPaymentAccountIdent")
    if account["currency"] != (ledger := tenant_settings(uow).ledger_currency):
        message = f"Settlements are made of accounts in {ledger}, the ledger's currency; this one is kept in {account['currency']}."
        return Problem("account_currency_not_ledger", message, "merchantPaymentAccountIdent")
    return None


def refuse_known(uow: Uow, numbers: list[tuple[str, str]]) -> None:
    """Raises CONFLICT for a provider's number of a report that is there already."""
    for (provider, number), ident in known_reports(uow, numbers).items():
        message = f"{provider} report {number!r} is there already, as {ident}."
        raise Refused(Kind.CONFLICT, Problem("settlement_report_exists", message, "externalIdent", number))


def known_reports(uow: Uow, numbers: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The idents of reports by provider and number. Those that nobody stored yet stay so until the commit."""
    uow.lock("settlement_reports", [f"{provider}/{number}" for provider, number in numbers])
    sql = f"{REPORT} (provider, external_ident) IN (SELECT p, n FROM unnest(%s::text[], %s::text[]) AS x(p, n))"
    rows = uow.all(ReportRow, sql, ([provider for provider, _ in numbers], [number for _, number in numbers]))
    return {(row.provider, row.external_ident): row.ident for row in rows}


def store_report(uow: Uow, row: ReportRow) -> None:
    uow.insert(tables.settlement_report, [{**row._asdict(), "id": uow.next_id()}])
    uow.audit("settlement_report", row.ident, {"created": row.external_ident, "provider": row.provider})


def report_of(uow: Uow, account_ident: str, ident: str, *, lock: bool = False) -> ReportRow:
    row = uow.first(ReportRow, f"{REPORT} ident = %s AND account_ident = %s{' FOR UPDATE' if lock else ''}", (ident, account_ident))
    if row is None:
        raise not_found("settlement_report", ident)
    return row
