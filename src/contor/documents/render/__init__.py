"""The picture of a document."""

from contor.documents.render.font import unprintable
from contor.documents.render.pdf import render_pdf

__all__ = [
    "render_pdf",
    "unprintable",
]
