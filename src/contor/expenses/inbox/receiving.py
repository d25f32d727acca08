"""A file comes in and is kept; a job reads it. The file is not trusted: what cannot be read waits with the reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from contor.documents.after import RuleFinding, rule_findings
from contor.documents.einvoice import read_with_xml
from contor.expenses import tables
from contor.expenses.events import InboxReceived
from contor.expenses.inbox.listing import ITEM, ItemRow, item_named, item_view
from contor.expenses.papers import XML, judged_paper
from contor.expenses.proposal import proposed
from contor.expenses.types import InboxView, PaperFinding, PaperForm, Proposal
from contor.kernel.errors import Problem, Refused
from contor.kernel.events import after
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow

PDF = "application/pdf"
MOST_FINDINGS = 100
_NOTHING_INSIDE = "pdf_without_einvoice"


@dataclass(frozen=True, slots=True)
class ReceiveFile:
    file: FileContent


@shape
class ReadItems:
    inbox_item_ids: tuple[int, ...]


class _Known(NamedTuple):
    ident: str


class _Read(NamedTuple):
    form: PaperForm
    proposal: Proposal | None
    findings: list[PaperFinding]


@operation("inbox_item.receive", permission="bookkeeping.write")
def receive_file(uow: Uow, command: ReceiveFile) -> InboxView:
    """Keep a file that came in; it is read in a moment."""
    file, kind = command.file, judged_paper(command.file)
    number = uow.next_id()
    row = {
        "ident": str(uow.new_uuid()),
        "inbox_item_id": number,
        "status": "RECEIVED",
        "file_name": file.name,
        "media_type": kind,
        "size": len(file.content),
        "sha256": uow.runtime.blobs.put(uow.ctx.tenant_id, file.content),
        "findings": [],
        "received_at": uow.ctx.now(),
    }
    uow.insert(tables.inbox_item, [row])
    uow.audit("inbox_item", str(row["ident"]), {"received": row["sha256"], "name": file.name})
    uow.emit(InboxReceived(inbox_item_ids=(number,)))
    return item_view(item_named(uow, str(row["ident"])))


@operation("inbox_item.give_up", permission="bookkeeping.write")
def give_up(uow: Uow, command: ReadItems) -> None:
    """Reading failed again and again by a fault that is not the file's own: a person looks at it."""
    message = "Reading it failed and was given up, though nothing wrong was found in it; the log of the server says why."
    for row in _received(uow, command.inbox_item_ids):
        _write(uow, row, _Read("OTHER", None, [PaperFinding(code="reading_failed", message=message)]))


@after(InboxReceived, batches=lambda fact: [ReadItems(inbox_item_ids=fact.inbox_item_ids)], place="files", given_up=give_up)
@operation("inbox_item.read", permission="bookkeeping.write")
def read_items(uow: Uow, command: ReadItems) -> int:
    """Read the files that came in: their fields are proposed, and the official rules say what they find; how many that were."""
    rows = _received(uow, command.inbox_item_ids)
    for row in rows:
        uow.runtime.go_on()
        content = uow.runtime.blobs.get(uow.ctx.tenant_id, row.sha256)
        found = _read(content, row.media_type)
        _write(uow, row, found._replace(findings=[*found.findings, *_known_already(uow, row, found.proposal)]))
    return len(rows)


# helpers in calling order


def _received(uow: Uow, ids: tuple[int, ...]) -> list[ItemRow]:
    return uow.all(
        ItemRow, f"{ITEM} inbox_item_id = ANY (%s) AND status = 'RECEIVED' ORDER BY inbox_item_id FOR UPDATE", (list(ids),)
    )


def _read(content: bytes, kind: str) -> _Read:
    """What is in the file."""
    if kind not in (XML, PDF):
        return _Read("OTHER", None, [])
    try:
        invoice, xml = read_with_xml(content)
    except Refused as refused:
        if kind == PDF and [problem.code for problem in refused.problems] == [_NOTHING_INSIDE]:
            return _Read("OTHER", None, [])  # a plain PDF is no fault
        return _Read("OTHER", None, [_as_finding(problem) for problem in refused.problems][:MOST_FINDINGS])
    findings = [_by_rule(found) for found in rule_findings(xml)]
    return _Read("XML" if kind == XML else "HYBRID", proposed(invoice), findings[:MOST_FINDINGS])


def _as_finding(problem: Problem) -> PaperFinding:
    return PaperFinding(code=problem.code, message=problem.message[:1000], location=problem.field)


def _by_rule(found: RuleFinding) -> PaperFinding:
    return PaperFinding(code=found.rule, message=found.message[:1000], level=found.level, location=found.location[:500] or None)


def _known_already(uow: Uow, row: ItemRow, proposal: Proposal | None) -> Iterator[PaperFinding]:
    """The same file came before, or the supplier's number is that of an expense: it would be paid twice."""
    sql = "SELECT ident FROM inbox_item WHERE sha256 = %s AND inbox_item_id < %s ORDER BY inbox_item_id LIMIT 1"
    if (before := uow.first(_Known, sql, (row.sha256, row.inbox_item_id))) is not None:
        yield PaperFinding(code="file_known", message=f"The same file came in before, as {before.ident}.", level="warning")
    if proposal is None:
        return
    sql = "SELECT ident FROM expense WHERE number = %s AND lower(supplier) = lower(%s) ORDER BY expense_id LIMIT 1"
    if (expense := uow.first(_Known, sql, (proposal.number, proposal.supplier))) is not None:
        message = f"The invoice {proposal.number} of {proposal.supplier} is the expense {expense.ident} already."
        yield PaperFinding(code="expense_known", message=message, level="warning")


def _write(uow: Uow, row: ItemRow, found: _Read) -> None:
    said = None if found.proposal is None else ENCODER.encode(found.proposal).decode()
    uow.run(
        "UPDATE inbox_item SET status = 'WAITING', form = %s, proposal = %s::jsonb, findings = %s::jsonb, read_at = %s WHERE ident = %s",
        (found.form, said, msgspec.json.encode(found.findings).decode(), uow.ctx.now(), row.ident),
    )
    uow.audit("inbox_item", row.ident, {"form": found.form, "findings": [finding.code for finding in found.findings]})
