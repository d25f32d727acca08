"""Documents to be issued, and what fits on them: payments wait for one that is large enough, deposits are deducted from it. Pure.

Source: accounting reference 2 and 9 ("split", "negative group").
"""

from collections.abc import Sequence
from decimal import Decimal

from contor.billing.items import ReceivedDeposit
from contor.billing.papers.types import Paper, TaxedItem, signed
from contor.kernel.money import HUNDRED, ZERO, round_amount
from contor.kernel.shapes import replace


def with_deposits(paper: Paper, rows: Sequence[TaxedItem], deposits: dict[str, Sequence[ReceivedDeposit]]) -> Paper:
    """The first invoice of an order that is at least as much as was received deducts its deposits; once. Each company deducts those that it
    asked for, for it owes their tax."""
    header = rows[0].item.header
    ordered = header.deposits_of or ""
    own = [deposit for deposit in deposits.get(ordered, ()) if header.operating_site_ident in deposit.sites]
    if not own:
        return paper
    paid = sum([entry.amount for entry in paper.request.post_tax_items], ZERO)
    if gross(rows) + paid < sum([deposit.received for deposit in own], ZERO):
        return paper
    # taken out, for a final invoice deducts it (section 14 (5) sentence 2 UStG), and no second one may
    deposits[ordered] = [deposit for deposit in deposits[ordered] if deposit not in own]
    return paper._replace(request=replace(paper.request, related_document_idents=tuple(it.document_ident for it in own)))


def gross(rows: Sequence[TaxedItem]) -> Decimal:
    """What the rows come to, the tax rounded once for each rate."""
    sums: dict[Decimal, Decimal] = {}
    for taxed in rows:
        sums[taxed.tax.rate] = sums.get(taxed.tax.rate, ZERO) + signed(taxed)
    if rows[0].item.row.basis == "NET":  # all of them are: the basis splits
        currency = rows[0].item.header.currency
        sums = {rate: net + round_amount(net * rate / HUNDRED, currency) for rate, net in sums.items()}
    return sum(sums.values(), ZERO)


def with_reduced(rows: list[TaxedItem]) -> tuple[list[TaxedItem], list[TaxedItem]]:
    """Rows that stand on one document, and the discounts of orders of which nothing is billed with them: they wait for what they reduce."""
    reduced = {taxed.item.contract_ident for taxed in rows if taxed.item.origin_type != "ALLOWANCE"}
    waiting = [taxed for taxed in rows if _reduces_order(taxed) and taxed.item.contract_ident not in reduced]
    return ([taxed for taxed in rows if taxed not in waiting], waiting) if waiting else (rows, waiting)


def _reduces_order(taxed: TaxedItem) -> bool:
    item = taxed.item
    return item.of_order and item.kind == "ALLOWANCE" and item.type == "CREDIT" and item.credited_document is None


def affordable(rows: Sequence[TaxedItem], paying: Sequence[TaxedItem]) -> list[TaxedItem]:
    """The payments that the rows are enough for, in their order; the others wait."""
    if not paying:
        return []
    left, found = gross(rows) + sum([entry.amount for taxed in rows for entry in taxed.item.row.post_tax], ZERO), []
    for taxed in paying:
        if taxed.item.row.total <= left:
            left -= taxed.item.row.total
            found.append(taxed)
    return found
