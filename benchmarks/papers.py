"""`pdf`: pictures with the e-invoice attached. `xml`: pairs of CII and UBL. Processor time of one process."""

import os

from benchmarks.measure import Result, rss_mb, timed
from contor.documents.einvoice import cii_and_ubl_of, cii_of
from contor.documents.render import render_pdf
from contor.documents.types import Document
from contor.kernel.shapes import replace


def pdf(document: Document, count: int) -> Result:
    """PDF/A-3 of one page with ten rows; each a document of its own."""
    papers = [replace(document, ident=f"RE-2026-{number:06d}") for number in range(count)]
    attached = [cii_of(paper) for paper in papers]
    render_pdf(papers[0], attached[0])
    result = Result("pdf", count)
    with timed(result, os.getpid()):
        for paper, xml in zip(papers, attached, strict=True):
            render_pdf(paper, xml)
    result.rss_mb = rss_mb(os.getpid())
    return result


def xml(document: Document, count: int) -> Result:
    """CII and UBL of the same document."""
    papers = [replace(document, ident=f"RE-2026-{number:06d}") for number in range(count)]
    result = Result("xml", count)
    with timed(result, os.getpid()):
        for paper in papers:
            cii_and_ubl_of(paper)
    result.rss_mb = rss_mb(os.getpid())
    return result
