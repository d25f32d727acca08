"""Whether a file that has the identity of a document is the same invoice: seller, number and year do not say so. Pure."""

from collections.abc import Iterator

from contor.documents.einvoice.model import EInvoice


def unlike(original: EInvoice, issued: EInvoice) -> tuple[str, ...]:
    """What a file says of day, currency and amounts, and the document that has its identity says otherwise; empty: it is that invoice."""
    return tuple(
        f"{term} is {said} here and {known} there"
        for (term, said), (_, known) in zip(_identifying(original), _identifying(issued), strict=True)
        if said != known
    )


def _identifying(invoice: EInvoice) -> Iterator[tuple[str, object]]:
    yield "BT-2 date", invoice.issue_date
    yield "BT-5 currency", invoice.currency
    totals = invoice.totals
    # a reversal turns signs
    for term, amount in (("BT-109 net", totals.net), ("BT-110 VAT", totals.tax), ("BT-112 gross", totals.gross)):
        yield term, abs(amount)
