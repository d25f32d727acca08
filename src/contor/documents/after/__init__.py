"""What happens to documents after they are issued: read, labelled, filed, settled, reissued."""

from contor.documents.after.aggregating import aggregate
from contor.documents.after.archiving import PER_JOB, ArchiveDocuments, Made, archive, keep_files, picture_file, unfiled
from contor.documents.after.archiving_late import archive_late
from contor.documents.after.attached import Attached, attach_to_documents, embedded, supporting_of
from contor.documents.after.dunned import SITE_OF, Issuer, dunning_levels, issuers_of, set_dunning_levels, site_field
from contor.documents.after.files import (
    Picture,
    ReadFile,
    ShownFile,
    get_attachment,
    get_file,
    list_attachments,
    picture_awaited,
    pictures_of,
    shown_files,
)
from contor.documents.after.keeping import unlike_discounts, unlike_receipts, with_places
from contor.documents.after.labels import add_label, list_labels, remove_label
from contor.documents.after.mending import KeptFile, damaged, kept_files, mend, sample
from contor.documents.after.official_rules import Finding as RuleFinding
from contor.documents.after.official_rules import findings as rule_findings
from contor.documents.after.origins import Origin, keep_origins, origins_of
from contor.documents.after.read import (
    DOCUMENTS,
    ListDocuments,
    ReadDocument,
    ReadRequest,
    RequestState,
    get_document,
    get_request,
    list_documents,
    views_of,
)
from contor.documents.after.reissuing import issue_anew, locked_to_reissue, reissue
from contor.documents.after.settling import (
    DecidedOff,
    Receipt,
    Reductions,
    in_place_of,
    is_settled,
    record_discounts,
    record_receipts,
    reductions_of,
    settle,
    standing_discounts,
    stands_for,
)

__all__ = [
    "DOCUMENTS",
    "PER_JOB",
    "SITE_OF",
    "ArchiveDocuments",
    "Attached",
    "DecidedOff",
    "Issuer",
    "KeptFile",
    "ListDocuments",
    "Made",
    "Origin",
    "Picture",
    "ReadDocument",
    "ReadFile",
    "ReadRequest",
    "Receipt",
    "Reductions",
    "RequestState",
    "RuleFinding",
    "ShownFile",
    "add_label",
    "aggregate",
    "archive",
    "archive_late",
    "attach_to_documents",
    "damaged",
    "dunning_levels",
    "embedded",
    "get_attachment",
    "get_document",
    "get_file",
    "get_request",
    "in_place_of",
    "is_settled",
    "issue_anew",
    "issuers_of",
    "keep_files",
    "keep_origins",
    "kept_files",
    "list_attachments",
    "list_documents",
    "list_labels",
    "locked_to_reissue",
    "mend",
    "origins_of",
    "picture_awaited",
    "picture_file",
    "pictures_of",
    "record_discounts",
    "record_receipts",
    "reductions_of",
    "reissue",
    "remove_label",
    "rule_findings",
    "sample",
    "set_dunning_levels",
    "settle",
    "shown_files",
    "site_field",
    "standing_discounts",
    "stands_for",
    "supporting_of",
    "unfiled",
    "unlike_discounts",
    "unlike_receipts",
    "views_of",
    "with_places",
]
