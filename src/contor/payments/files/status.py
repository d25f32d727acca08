"""What banks say to our files (pain.002): a rejection releases what was promised and books nothing; read twice it says nothing more."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.payments.accounts import ACCOUNTS
from contor.payments.customer_accounts import mark_rejected
from contor.payments.files import tables
from contor.payments.files.events import PaymentFilesAnswered
from contor.payments.files.read import FileRow
from contor.payments.intents import Ended, InFile, attempts_in_file, end_attempts, hold
from contor.payments.originals import seal_files
from contor.payments.sepa import (
    GroupStatus,
    StatusReport,
    TransactionStatus,
    Verification,
    read_status,
    rejection_of,
    unknown_statuses,
    verification_of,
)
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class TakeReport:
    merchant_payment_account_ident: str
    file: FileContent


@shape
class StatusReportView:
    """What a report changed."""

    ident: str
    """What the bank calls it."""
    payment_file_ident: str
    status: str | None = None
    """What it says to the whole file; RJCT: refused."""
    rejected: int
    """How many transactions it refused."""
    held: int
    """How many transfers it holds because of their payees' names: somebody releases or cancels each."""
    unknown_statuses: tuple[str, ...] = ()
    """What it says that is not known here: somebody has to look."""
    read_before: bool
    """true: it had been read, and changed nothing."""


class _Known(NamedTuple):
    rejected: int
    held: int


class _Said(NamedTuple):
    """A report, by what it says of each: a large one is not gone through for each."""

    report: StatusReport
    groups: dict[str, GroupStatus]
    """Each with one of the transactions that it names."""
    single: dict[tuple[str, str | None], TransactionStatus]

    @classmethod
    def of(cls, report: StatusReport) -> "_Said":
        groups = {group.payment_information_ident: group._replace(transactions=group.transactions[:1]) for group in report.groups}
        named = {
            (group.payment_information_ident, one.end_to_end_ident): one for group in report.groups for one in group.transactions
        }
        return cls(report, groups, named)

    def one(self, group: str, name: str) -> StatusReport:
        """As much of the report as concerns this transaction."""
        about, one = self.groups.get(group), self.single.get((group, name))
        if about is None:  # it speaks of other groups, or of the whole
            return self.report._replace(groups=self.report.groups[:1])
        return self.report._replace(groups=(about if one is None else about._replace(transactions=(one,)),))


@operation("payment_status_report.take", permission="payments.write")
def take_report(uow: Uow, command: TakeReport) -> StatusReportView:
    """Read a status report: what it refuses fails, and is open again; what it accepts changes nothing, since only the statement books."""
    account = ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))["ident"]
    return hear_report(uow, command.file.content, account).view


class Heard(NamedTuple):
    """A report that was read."""

    merchant_account_ident: str
    """Of the file that it is about."""
    view: StatusReportView


def hear_report(uow: Uow, content: bytes, account: str | None) -> Heard:
    """Read a report about a file of this account, or of any. Raises Refused before anything is written."""
    report = read_status(content)
    sql = f"SELECT {columns(FileRow)} FROM payment_file WHERE ident = %s FOR UPDATE"
    file = uow.first(FileRow, sql, (report.original_message_ident,))
    if file is None or account not in (None, file.merchant_account_ident):
        where = f" for the account {account!r}" if account is not None else ""
        message = f"is about {report.original_message_ident!r}, and no such file was written{where}"
        raise Refused(Kind.INVALID, Problem("payment_file_unknown", message, "file", report.original_message_ident))
    return Heard(file.merchant_account_ident, _heard(uow, file, report, content))


def _heard(uow: Uow, file: FileRow, report: StatusReport, content: bytes) -> StatusReportView:
    account = file.merchant_account_ident
    known = uow.first(
        _Known,
        "SELECT rejected, held FROM payment_status_report WHERE merchant_account_ident = %s AND ident = %s",
        (account, report.ident),
    )
    if known is not None:
        uow.audit("payment_file", file.ident, {"report": report.ident, "read_before": True})
        return _view(report, file, known, read_before=True)
    attempts = {(it.group_ident, it.end_to_end_ident): it for it in attempts_in_file(uow, file.ident)}
    ended = list(_rejected(report, attempts))
    end_attempts(uow, ended)
    hit = {it.key for it in ended}
    if debited := [it.customer_account_ident for it in attempts.values() if it.key in hit and it.type == "CHARGE"]:
        mark_rejected(uow, debited)
    done = _Known(len(ended), hold(uow, dict(_verified(report, attempts, hit))))
    row = {
        "merchant_account_ident": account,
        "ident": report.ident,
        "file_ident": file.ident,
        **seal_files(uow, [content])[0]._asdict(),
        "status": report.status,
        "rejected": done.rejected,
        "held": done.held,
        "created_at": uow.ctx.now(),
    }
    uow.insert(tables.payment_status_report, [row])
    _say(uow, file, report, done)
    return _view(report, file, done, read_before=False)


def _verified(
    report: StatusReport, attempts: dict[tuple[str, str], InFile], rejected: set[str]
) -> Iterator[tuple[str, Verification]]:
    """What it says to the payees' names of those transfers that are still under way, by the attempts' keys."""
    about = _Said.of(report)
    for (group, name), it in attempts.items():
        if it.state == "SUBMITTED" and it.type != "CHARGE" and it.key not in rejected:
            verified = verification_of(about.one(group, name), group, name)
            if verified is not None:
                yield it.key, verified


def _rejected(report: StatusReport, attempts: dict[tuple[str, str], InFile]) -> Iterator[Ended]:
    """Those attempts of the file that it refuses and that are still under way."""
    said = _Said.of(report)
    for (group, name), it in attempts.items():
        if it.state != "SUBMITTED":
            continue
        refused = rejection_of(said.one(group, name), group, name)
        if refused is not None:
            yield Ended(it.key, it.intent_ident, "FAILED", code=refused.code, reason=refused.text or "The bank rejected it.")


def _say(uow: Uow, file: FileRow, report: StatusReport, done: _Known) -> None:
    """How the file stands after it."""
    whole = file.rejected + done.rejected >= file.transactions
    status, unknown = ("REJECTED" if whole else "ANSWERED"), unknown_statuses(report)
    reason = file.reason
    if report.status == "RJCT":
        said = " ".join(part for reason in report.reasons for part in (reason.code, reason.text) if part)
        reason = f"The bank refused it: {said or 'it does not say why'}."
    elif unknown:
        reason = f"The bank says {', '.join(unknown)}, which is not known here: somebody has to look."
    uow.run(
        "UPDATE payment_file SET status = %s, rejected = rejected + %s, reason = %s, sent_at = coalesce(sent_at, %s), try_at = NULL,"
        " expected_by = NULL"
        " WHERE ident = %s",
        (status, done.rejected, reason, uow.ctx.now(), file.ident),
    )
    uow.audit("payment_file", file.ident, {"status": status, "report": report.ident, "rejected": done.rejected, "held": done.held})
    uow.emit(PaymentFilesAnswered(file_idents=(file.ident,)))


def _view(report: StatusReport, file: FileRow, done: _Known, *, read_before: bool) -> StatusReportView:
    return StatusReportView(
        ident=report.ident,
        payment_file_ident=file.ident,
        status=report.status,
        rejected=done.rejected,
        held=done.held,
        unknown_statuses=tuple(unknown_statuses(report)),
        read_before=read_before,
    )
