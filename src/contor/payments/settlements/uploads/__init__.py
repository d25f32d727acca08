"""Files of payment providers: kept as they came, read by a job or when their account's schedule says, taken whole or kept aside."""

from contor.payments.settlements.uploads.planned import process_due
from contor.payments.settlements.uploads.receiving import ReceiveSettlement, receive_settlement, upload_settlement
from contor.payments.settlements.uploads.stored import UPLOADS, get_upload, get_uploaded_file, list_uploads
from contor.payments.settlements.uploads.taking import ReadUpload, read_upload

__all__ = [
    "UPLOADS",
    "ReadUpload",
    "ReceiveSettlement",
    "get_upload",
    "get_uploaded_file",
    "list_uploads",
    "process_due",
    "read_upload",
    "receive_settlement",
    "upload_settlement",
]
