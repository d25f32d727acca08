"""The picture of a document."""

from contor.documents.render.pdf import render_pdf

__all__ = [
    "render_pdf",
]
