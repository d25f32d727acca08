"""The taxes of documents that are not issued: foreseen, or kept under a request id."""

from contor.documents.calculation.calculate import calculate_document, calculate_documents, get_calculation

__all__ = ["calculate_document", "calculate_documents", "get_calculation"]
