"""The kind KSEF: the structured invoices FA(3) of a period's documents of Polish sellers, with an index."""

from collections.abc import Mapping
from typing import Final

from contor.documents.ksef import Fa3Sender, fa3_of, sender_of, why_no_fa3
from contor.documents.period import count_documents, documents_between
from contor.kernel.shapes import Fields
from contor.reports.archives.zipped import archive
from contor.reports.exports import Asked, ExportKind, ExportTask, Output, export_kind
from contor.runtime.uow import Uow

_COLUMNS = ("file", "documentIdent", "documentId", "documentType", "documentDate", "gross", "currency", "missing")
_REASONS: Final[Mapping[str, str]] = {
    "ksef_seller_without_nip": "The seller has no NIP: KSeF takes invoices of Polish taxpayers.",
    "ksef_several_taxes": "A row bears several taxes: FA(3) has one rate a row.",
    "ksef_rate_unknown": "The document has a tax that Poland does not have.",
    "ksef_currency_too_fine": "The currency has more than two decimals.",
    "ksef_issued_before_fa3": "The document was issued before FA(3) files are made.",
    "ksef_too_many_rows": "The document has more rows than FA(3) may have.",
    "ksef_correction_of_nothing": "The correction names no document that it corrects.",
    "ksef_corrected_undated": "The correction corrects a document of which no date is known.",
}
"""By the finding, a sentence for all documents that have it."""


def _prepare(uow: Uow, asked: Asked) -> Fields:
    return {"mark": uow.next_id()}


def _write(uow: Uow, task: ExportTask, out: Output) -> None:
    mark = int(task.frozen["mark"])
    out.expect(count_documents(uow, task.first_day, task.last_day, mark))
    senders: dict[tuple[object, ...], Fa3Sender] = {}
    name = f"ksef-{task.first_day.isoformat()}-{task.last_day.isoformat()}.zip"
    with out.file(name, "application/zip") as target, archive(target, _COLUMNS) as made:
        for found in documents_between(uow, task.first_day, task.last_day, mark):
            document = found.document
            key = (document.is_self_billing, document.operating_site_ident, document.document_date)
            sender = senders.get(key) or senders.setdefault(key, sender_of(uow, document))
            problems = why_no_fa3(document, sender.taxpayer_number)
            for problem in problems:
                out.leave_out(problem.code.upper(), _REASONS[problem.code], document.ident)
            path = None
            if not problems:
                folder = f"{document.document_date.isoformat()}/{found.id}"
                path = made.add(folder, f"{document.ident}.fa3.xml", fa3_of(document, sender), packed=False)
            missing = " ".join(_REASONS[problem.code] for problem in problems) or None
            made.list(
                (
                    path,
                    document.ident,
                    found.id,
                    document.document_type.value,
                    document.document_date.isoformat(),
                    document.totals.gross * document.sign,
                    document.currency,
                    missing,
                )
            )
            out.advance()


KSEF = export_kind(ExportKind(name="KSEF", prepare=_prepare, write=_write))
