"""Files of payment providers: kept as they came, read by a job, taken whole or kept aside."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import msgspec

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import after
from contor.kernel.files import FileContent
from contor.kernel.money import ZERO, worded
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.payments.accounts import ACCOUNTS
from contor.payments.receiving import day_problems
from contor.payments.settlements import tables
from contor.payments.settlements.events import SettlementUploaded
from contor.payments.settlements.judge import repeated, report_findings
from contor.payments.settlements.queries import ReportRow, balance_before, known_items, mapping_of
from contor.payments.settlements.reading import NotRead, read_settlement
from contor.payments.settlements.reports import known_reports, settling, store_report, why_not_settled
from contor.payments.settlements.settle import payment_bodies, settle, standing_on, why_not_standing
from contor.payments.settlements.types import FileFinding, ReadItem, ReadReport, SettlementFormat, SettlementUploadView, UploadState
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

UPLOADS = searchable(
    tables.settlement_upload,
    SettlementUploadView,
    ("ident", "file_name", "size", "sha256", "state", "format", "created_at", "read_at"),
    default_sort="created_at,desc",
    places={"settlement_upload_ident": "ident", "merchant_payment_account_ident": "account_ident"},
)


@dataclass(frozen=True, slots=True)
class UploadSettlement:
    merchant_payment_account_ident: str
    file: FileContent


@dataclass(frozen=True, slots=True)
class ListUploads:
    merchant_payment_account_ident: str
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneUpload:
    merchant_payment_account_ident: str
    settlement_upload_ident: str


@dataclass(frozen=True, slots=True)
class ReadUpload:
    upload_ident: str


class _UploadRow(NamedTuple):
    ident: str
    account_ident: str
    file_name: str
    size: int
    sha256: str
    state: UploadState
    format: SettlementFormat | None
    findings: list[object]
    created_at: dt.datetime
    read_at: dt.datetime | None


class _OfUpload(NamedTuple):
    upload_ident: str
    ident: str


_UPLOAD = f"SELECT {columns(_UploadRow)} FROM settlement_upload WHERE "


@operation("settlement_upload.create", permission="payments.write")
def upload_settlement(uow: Uow, command: UploadSettlement) -> SettlementUploadView:
    """Keep a provider's file unchanged, and let it be read. One content is taken once; what was kept aside is read anew."""
    account, file = settling(uow, command.merchant_payment_account_ident), command.file
    sha256 = hashlib.sha256(file.content).hexdigest()
    known = uow.first(_UploadRow, f"{_UPLOAD} account_ident = %s AND sha256 = %s FOR UPDATE", (account["ident"], sha256))
    if known is not None and known.state != "KEPT_ASIDE":
        message = f"This content is there already: settlement upload {known.ident} of {known.created_at:%Y-%m-%d}, {known.state}."
        raise Refused(Kind.CONFLICT, Problem("settlement_file_exists", message, "file", file.name))
    if known is not None:
        uow.run("UPDATE settlement_upload SET state = 'RECEIVED', read_at = NULL WHERE ident = %s", (known.ident,))
        uow.audit("settlement_upload", known.ident, {"state": "RECEIVED"})
        ident = known.ident
    else:
        ident = str(uow.new_uuid())
        uow.runtime.blobs.put(uow.ctx.tenant_id, file.content)
        row = {
            "ident": ident,
            "id": uow.next_id(),
            "account_ident": account["ident"],
            "file_name": file.name,
            "size": len(file.content),
            "sha256": sha256,
            "state": "RECEIVED",
            "format": None,
            "findings": [],
            "created_at": uow.ctx.now(),
            "read_at": None,
        }
        uow.insert(tables.settlement_upload, [row])
        uow.audit("settlement_upload", ident, {"received": file.name, "sha256": sha256})
    uow.emit(SettlementUploaded(upload_ident=ident))
    return _views(uow, [_row(uow, account["ident"], ident)])[0]


@operation("settlement_upload.list", permission="payments.read", reads=True)
def list_uploads(uow: Uow, command: ListUploads) -> Page:
    """The files of an account, also those that were kept aside."""
    ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))
    scope = {"account_ident": command.merchant_payment_account_ident}
    return listed(uow, tables.settlement_upload, command.query, UPLOADS, _UploadRow, lambda rows: _views(uow, rows), scope)


@operation("settlement_upload.get", permission="payments.read", reads=True)
def get_upload(uow: Uow, command: OneUpload) -> SettlementUploadView:
    """What became of a file."""
    ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))
    return _views(uow, [_row(uow, command.merchant_payment_account_ident, command.settlement_upload_ident)])[0]


@operation("settlement_upload.file", permission="payments.read", reads=True)
def get_uploaded_file(uow: Uow, command: OneUpload) -> FileContent:
    """The file as it came."""
    ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))
    row = _row(uow, command.merchant_payment_account_ident, command.settlement_upload_ident)
    return FileContent(uow.runtime.blobs.get(uow.ctx.tenant_id, row.sha256), "text/csv", row.file_name)


@after(SettlementUploaded, batches=lambda fact: [ReadUpload(upload_ident=fact.upload_ident)], place="files")
@operation("settlement_upload.read", permission="payments.write")
def read_upload(uow: Uow, command: ReadUpload) -> None:
    """Read a file and settle its reports: all of them, or none, and then it says why."""
    row = uow.first(_UploadRow, f"{_UPLOAD} ident = %s AND state = 'RECEIVED' FOR UPDATE", (command.upload_ident,))
    if row is None:
        return
    account = ACCOUNTS.require(uow, (row.account_ident,))
    uow.lock("settlements", [row.account_ident])
    content = uow.runtime.blobs.get(uow.ctx.tenant_id, row.sha256)
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
        settle(uow, account, stored, [(str(uow.new_uuid()), item) for item in report.items])
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


def _end(uow: Uow, row: _UploadRow, state: UploadState, form: SettlementFormat | None, findings: Sequence[FileFinding]) -> None:
    said = msgspec.json.encode(list(findings)).decode()
    sql = "UPDATE settlement_upload SET state = %s, format = %s, findings = %s::jsonb, read_at = %s WHERE ident = %s"
    uow.run(sql, (state, form, said, uow.ctx.now(), row.ident))
    uow.audit("settlement_upload", row.ident, {"state": state, "findings": [finding.code for finding in findings]})


def _row(uow: Uow, account_ident: str, ident: str) -> _UploadRow:
    row = uow.first(_UploadRow, f"{_UPLOAD} ident = %s AND account_ident = %s", (ident, account_ident))
    if row is None:
        raise not_found("settlement_upload", ident)
    return row


def _views(uow: Uow, rows: Sequence[_UploadRow]) -> list[SettlementUploadView]:
    reports: dict[str, list[str]] = {row.ident: [] for row in rows}
    sql = "SELECT upload_ident, ident FROM settlement_report WHERE upload_ident = ANY (%s) ORDER BY upload_ident, id"
    for found in uow.all(_OfUpload, sql, (list(reports),)):
        reports[found.upload_ident].append(found.ident)
    return [
        SettlementUploadView(
            settlement_upload_ident=row.ident,
            merchant_payment_account_ident=row.account_ident,
            file_name=row.file_name,
            size=row.size,
            sha256=row.sha256,
            state=row.state,
            format=row.format,
            findings=tuple(msgspec.convert(row.findings, list[FileFinding])),
            settlement_report_idents=tuple(reports[row.ident]),
            created_at=row.created_at,
            read_at=row.read_at,
        )
        for row in rows
    ]
