"""Papers: drafts and issued documents together, in the one order of the numbers by which they are known."""

from contor.documents.papers.links import PATH, opened, paper_url, reader
from contor.documents.papers.listing import CANCELLED, Paper, PaperKind, Sought, paper_known, papers_sought
from contor.documents.papers.opening import OpenPicture, open_picture
from contor.documents.papers.reading import Issued, issued_papers

__all__ = [
    "CANCELLED",
    "PATH",
    "Issued",
    "OpenPicture",
    "Paper",
    "PaperKind",
    "Sought",
    "issued_papers",
    "open_picture",
    "opened",
    "paper_known",
    "paper_url",
    "papers_sought",
    "reader",
]
