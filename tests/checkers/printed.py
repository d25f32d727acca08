"""What a reader finds on a PDF."""

import io

import pypdf


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    """The words of all pages, in one line."""
    return " ".join(" ".join(pages_of(pdf)).replace("\u200b", "").split())
