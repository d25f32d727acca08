"""Papers: drafts and issued documents together, in the one order of the numbers by which they are known; and the keys of what they say in
words of their own."""

from contor.documents.long_texts import in_parts, text_of
from contor.documents.papers.known import papers_of_documents
from contor.documents.papers.links import PATH, opened, paper_url, reader
from contor.documents.papers.listing import CANCELLED, IS_CANCELLED, Paper, PaperKind, Sought, paper_known, papers_sought
from contor.documents.papers.opening import OpenPicture, open_picture
from contor.documents.papers.ordered import PaperOrder, PapersFound, papers_ordered
from contor.documents.papers.reading import Issued, issued_papers
from contor.documents.properties import (
    EXTERNAL,
    HEADLINE,
    INTRODUCTION,
    NOT_DUNNED,
    NOTE,
    ORIGINAL_DUE_DATE,
    PROJECT,
    SUPPLIED,
    TITLE,
)

__all__ = [
    "CANCELLED",
    "EXTERNAL",
    "HEADLINE",
    "INTRODUCTION",
    "IS_CANCELLED",
    "NOTE",
    "NOT_DUNNED",
    "ORIGINAL_DUE_DATE",
    "PATH",
    "PROJECT",
    "SUPPLIED",
    "TITLE",
    "Issued",
    "OpenPicture",
    "Paper",
    "PaperKind",
    "PaperOrder",
    "PapersFound",
    "Sought",
    "in_parts",
    "issued_papers",
    "open_picture",
    "opened",
    "paper_known",
    "paper_url",
    "papers_of_documents",
    "papers_ordered",
    "papers_sought",
    "reader",
    "text_of",
]
