"""A file of a payment provider is read: taken whole, or kept aside with everything that is wrong with it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from contor.kernel.errors import Problem
from contor.kernel.events import after
from contor.kernel.money import ZERO, worded
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.payments.accounts import ACCOUNTS
from contor.payments.originals import Sealed, open_file
from contor.payments.receiving import day_problems
from contor.payments.settlements.events import SettlementUploaded
from contor.payments.settlements.judge import repeated, report_findings
from contor.payments.settlements.queries import ReportRow, balance_before, known_items, mapping_of
from contor.payments.settlements.reading import NotRead, read_settlement
from contor.payments.settlements.reports import known_reports, store_report, why_not_settled
from contor.payments.settlements.settle import payment_bodies, settle, standing_on, why_not_standing
from contor.payments.settlements.types import FileFinding, ReadItem, ReadReport, UploadState
from contor.payments.settlements.uploads.stored import UPLOAD, UploadRow
from contor.payments.types import SettlementFormat
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class ReadUpload:
    upload_ident: str


@operation("settlement_upload.give_up", permission="payments.write")
def give_up(uow: Uow, command: ReadUpload) -> None:
    """Reading failed again and again by a fault that is not the file's own: it is kept aside, and read anew when it is sent again."""
    row = uow.first(UploadRow, f"{UPLOAD} ident = %s AND state = 'RECEIVED' FOR UPDATE", (command.upload_ident,))
    if row is not None:
        message = "reading it failed and was given up, though nothing wrong was found in it; the log of the server says why"
        _end(uow, row, "KEPT_ASIDE", row.format, [FileFinding(code="reading_failed", message=message)])


@after(SettlementUploaded, batches=lambda fact: [ReadUpload(upload_ident=fact.upload_ident)], place="files", given_up=give_up)
@operation("settlement_upload.read", permission="payments.write")
def read_upload(uow: Uow, command: ReadUpload) -> None:
    """Read a file and settle its reports: all of them, or none, and then it says why."""
    row = uow.first(UploadRow, f"{UPLOAD} ident = %s AND state = 'RECEIVED' FOR UPDATE", (command.upload_ident,))
    if row is None:
        return
    account = ACCOUNTS.require(uow, (row.account_ident,))
    uow.lock("settlements", [row.account_ident])
    content = open_file(uow, Sealed(row.sha256, row.blob))
    form: SettlementFormat | None = None
    try:
        form, found = read_settlement(content, account["currency"], mapping_of(uow, row.account_ident))
        # a file may have a balance in each currency; each currency is an account of its own
        reports = [report for report in found if report.currency == account["currency"]] or found
        left = sorted({report.currency for report in found} - {report.currency for report in reports})
        reports = _with_balances(uow, account, reports)
        findings = _judged(uow, account, reports)
    except NotRead as refused:
        reports, left, findings = [], [], list(refused.findings)
    if findings:
        _end(uow, row, "KEPT_ASIDE", form, findings)
        return
    account = standing_on(uow, account)
    for report in reports:
        stored = _report_row(uow, account, report, row.ident)
        store_report(uow, stored)
        settle(uow, account, stored, [(uow.new_ident(), item) for item in report.items])
    others = [
        FileFinding(code="settlement_other_currency", message=f"what it has in {currency} belongs to an account in {currency}")
        for currency in left
    ]
    _end(uow, row, "READ", form, others)


def _with_balances(uow: Uow, account: Fields, reports: Sequence[ReadReport]) -> list[ReadReport]:
    """In the order of time; where the file has no balances, a report goes on from the one before."""
    made: list[ReadReport] = []
    for report in sorted(reports, key=lambda report: (report.period_start, report.period_end)):
        opening = report.opening
        if opening is None:
            opening = _before(uow, account, made, report) or ZERO
        moved = sum((item.net for item in report.items), ZERO)
        closing = opening + moved if report.closing is None else report.closing
        items = tuple(_sent_today(item, uow.ctx.today()) for item in report.items)
        made.append(report._replace(opening=opening, closing=closing, items=items))
    return made


def _sent_today(item: ReadItem, today: dt.date) -> ReadItem:
    """A provider says of a payout the day on which it expects it at the bank: its money left the account when that is said."""
    if item.type != "PAYOUT" or item.booked_on <= today:
        return item
    return item._replace(booked_on=today, value_date=item.booked_on)


def _judged(uow: Uow, account: Fields, reports: Sequence[ReadReport]) -> list[FileFinding]:
    """Everything that is wrong with the reports of a file."""
    findings: list[FileFinding] = []
    for problem in (why_not_settled(uow, account), why_not_standing(uow, account)):
        if problem is not None:
            findings.append(FileFinding(code=problem.code, message=problem.message))
    known = known_reports(uow, [(report.provider, report.external_ident) for report in reports])
    items = [item for report in reports for item in report.items]
    for number, report in enumerate(reports):
        opening, closing = report.opening or ZERO, report.closing or ZERO
        findings += report_findings(report, account["currency"], opening, closing)
        if ident := known.get((report.provider, report.external_ident)):
            message = f"{report.provider} report {report.external_ident!r} is there already, as {ident}"
            findings.append(FileFinding(code="settlement_report_exists", message=message))
        if (gap := _gap(report, _before(uow, account, reports[:number], report))) is not None:
            findings.append(gap)
        bodies = payment_bodies(report.items, _report_row(uow, account, report, None))
        findings += [_worded(problem) for problem in day_problems(uow, bodies)]
    findings += repeated(items, known_items(uow, account["ident"], [item.external_ident for item in items]))
    return findings[:100]


def _before(uow: Uow, account: Fields, earlier: Sequence[ReadReport], report: ReadReport) -> Decimal | None:
    """The balance that the report before leaves: of those of the file, else of those that are stored."""
    if earlier:
        return earlier[-1].closing
    return balance_before(uow, account["ident"], report.period_start, report.period_end)


def _gap(report: ReadReport, before: Decimal | None) -> FileFinding | None:
    if before is None or before == report.opening:
        return None
    said = [worded(amount, report.currency) for amount in (report.opening or ZERO, before)]
    message = (
        f"report {report.external_ident} begins with {said[0]}, the one before it ends with {said[1]}: what lies between is missing"
    )
    return FileFinding(code="settlement_gap", message=message)


def _worded(problem: Problem) -> FileFinding:
    return FileFinding(code=problem.code, message=f"{problem.field} {problem.rejected_value}: {problem.message}")


def _report_row(uow: Uow, account: Fields, report: ReadReport, upload_ident: str | None) -> ReportRow:
    return ReportRow(
        ident=str(uow.new_uuid()),
        account_ident=account["ident"],
        provider=report.provider,
        external_ident=report.external_ident,
        period_start=report.period_start,
        period_end=report.period_end,
        opening_balance=report.opening or ZERO,
        closing_balance=report.closing or ZERO,
        currency=report.currency,
        item_count=0,
        net=ZERO,
        upload_ident=upload_ident,
        created_at=uow.ctx.now(),
    )


def _end(uow: Uow, row: UploadRow, state: UploadState, form: SettlementFormat | None, findings: Sequence[FileFinding]) -> None:
    said = msgspec.json.encode(list(findings)).decode()
    sql = "UPDATE settlement_upload SET state = %s, format = %s, findings = %s::jsonb, read_at = %s WHERE ident = %s"
    uow.run(sql, (state, form, said, uow.ctx.now(), row.ident))
    uow.audit("settlement_upload", row.ident, {"state": state, "findings": [finding.code for finding in findings]})
