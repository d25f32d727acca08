"""The documents of a period one after the other, with their files: for exports, in constant memory."""

from contor.documents.period.filed import FiledRow, files_between
from contor.documents.period.reading import PeriodDocument, count_documents, documents_between

__all__ = [
    "FiledRow",
    "PeriodDocument",
    "count_documents",
    "documents_between",
    "files_between",
]
