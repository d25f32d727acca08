"""The documents of a period one after the other, with their files: for exports, in constant memory."""

from contor.documents.period.filed import FiledRow, files_between
from contor.documents.period.reading import PeriodDocument, SeriesRow, count_documents, documents_between, series_until

__all__ = [
    "FiledRow",
    "PeriodDocument",
    "SeriesRow",
    "count_documents",
    "documents_between",
    "files_between",
    "series_until",
]
