"""Files of payment providers are taken over: kept as they came, and read next, or when the account's schedule says."""

import hashlib
from dataclasses import dataclass

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.payments.gateways import uploaded_formats
from contor.payments.originals import seal_files
from contor.payments.schedule import next_time
from contor.payments.settlements import tables
from contor.payments.settlements.events import SettlementUploaded
from contor.payments.settlements.queries import mapping_of
from contor.payments.settlements.reading import NotRead, settlement_format
from contor.payments.settlements.reports import settling
from contor.payments.settlements.types import SettlementUploadView, UploadWay
from contor.payments.settlements.uploads.planned import PROCESSING
from contor.payments.settlements.uploads.stored import UPLOAD, UploadRow, upload_view
from contor.payments.types import SETTLEMENT_FORMATS, SettlementFormat
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class UploadSettlement:
    merchant_payment_account_ident: str
    file: FileContent


@dataclass(frozen=True, slots=True)
class ReceiveSettlement:
    """A file that a settlement source brings."""

    merchant_payment_account_ident: str
    file: FileContent
    format: SettlementFormat
    way: UploadWay


@operation("settlement_upload.create", permission="payments.write")
def upload_settlement(uow: Uow, command: UploadSettlement) -> SettlementUploadView:
    """Keep a provider's file unchanged, and let it be read. One content is taken once; what was kept aside is read anew."""
    account = settling(uow, command.merchant_payment_account_ident)
    _expected(uow, account, command.file, uploaded_formats(uow, account["payment_service_provider_id"], SETTLEMENT_FORMATS))
    return _received(uow, account, command.file, "UPLOAD")


@operation("settlement_upload.receive", permission="payments.write")
def receive_settlement(uow: Uow, command: ReceiveSettlement) -> SettlementUploadView:
    """Keep a file that was fetched; it is read when the account's `settlementsProcessingSchedule` says, without one at once."""
    account = settling(uow, command.merchant_payment_account_ident)
    _expected(uow, account, command.file, (command.format,))
    return _received(uow, account, command.file, command.way)


def _expected(uow: Uow, account: Fields, file: FileContent, formats: tuple[str, ...]) -> None:
    """Raises `Refused` for a file of another format. One of no known format is kept, and when it is read it is said what it lacks."""
    try:
        form = settlement_format(file.content, mapping_of(uow, account["ident"]))
    except NotRead:
        return
    if formats and form not in formats:
        message = f"The file is a {form}; the provider's settlement source says {' or '.join(formats)}."
        raise Refused(Kind.INVALID, Problem("settlement_format_differs", message, "file", form))


def _received(uow: Uow, account: Fields, file: FileContent, way: UploadWay) -> SettlementUploadView:
    sha256 = hashlib.sha256(file.content).hexdigest()
    known = uow.first(UploadRow, f"{UPLOAD} account_ident = %s AND sha256 = %s FOR UPDATE", (account["ident"], sha256))
    waits = (
        known is not None and known.state == "RECEIVED" and known.due_at is not None and way == "UPLOAD"
    )  # who sends it asks for it
    if known is not None and known.state != "KEPT_ASIDE" and not waits:
        message = f"This content is there already: settlement upload {known.ident} of {known.created_at:%Y-%m-%d}, {known.state}."
        raise Refused(Kind.CONFLICT, Problem("settlement_file_exists", message, "file", file.name))
    schedule = account["settlements_processing_schedule"] if way != "UPLOAD" else None
    due_at = None if schedule is None else next_time(schedule, uow.ctx.now(), uow.ctx.zone)
    if known is not None:
        sql = "UPDATE settlement_upload SET state = 'RECEIVED', due_at = %s, read_at = NULL WHERE ident = %s"
        uow.run(sql, (due_at, known.ident))
        uow.audit("settlement_upload", known.ident, {"state": "RECEIVED"})
        ident = known.ident
    else:
        ident = str(uow.new_uuid())
        (sealed,) = seal_files(uow, [file.content])
        row = {
            "ident": ident,
            "id": uow.next_id(),
            "account_ident": account["ident"],
            "file_name": file.name,
            "size": len(file.content),
            **sealed._asdict(),
            "way": way,
            "state": "RECEIVED",
            "format": None,
            "findings": [],
            "due_at": due_at,
            "created_at": uow.ctx.now(),
            "read_at": None,
        }
        uow.insert(tables.settlement_upload, [row])
        uow.audit("settlement_upload", ident, {"received": file.name, "sha256": sha256})
    if due_at is None:
        uow.emit(SettlementUploaded(upload_ident=ident))
    else:
        uow.mark(PROCESSING)
    return upload_view(uow, account["ident"], ident)
