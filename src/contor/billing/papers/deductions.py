"""Documents to be issued, and what fits on them: reductions and payments wait for one that is large enough, deposits are deducted from
it. Pure.

Source: accounting reference 2 and 9 ("split", "negative group").
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from contor.billing.items import ReceivedDeposit, family_of
from contor.billing.papers.types import Paper, TaxedItem, signed
from contor.kernel.money import HUNDRED, ZERO, round_amount
from contor.kernel.shapes import replace


def with_deposits(paper: Paper, rows: Sequence[TaxedItem], deposits: dict[str, Sequence[ReceivedDeposit]]) -> Paper:
    """The first invoice of an order that is at least as much as was received deducts its deposits; once."""
    ordered = rows[0].item.header.deposits_of
    if ordered is None or ordered not in deposits:
        return paper
    paid = sum([entry.amount for entry in paper.request.post_tax_items], ZERO)
    if gross(rows) + paid < sum([deposit.received for deposit in deposits[ordered]], ZERO):
        return paper
    # popped, for a final invoice deducts it (section 14 (5) sentence 2 UStG), and no second one may
    named = tuple(deposit.document_ident for deposit in deposits.pop(ordered))
    return paper._replace(request=replace(paper.request, related_document_idents=named))


def gross(rows: Sequence[TaxedItem]) -> Decimal:
    """What the rows come to, the tax rounded once for each rate."""
    sums: dict[Decimal, Decimal] = {}
    for taxed in rows:
        sums[taxed.tax.rate] = sums.get(taxed.tax.rate, ZERO) + signed(taxed)
    if rows[0].item.row.basis == "NET":  # all of them are: the basis splits
        currency = rows[0].item.header.currency
        sums = {rate: net + round_amount(net * rate / HUNDRED, currency) for rate, net in sums.items()}
    return sum(sums.values(), ZERO)


def fitting(rows: list[TaxedItem]) -> tuple[list[TaxedItem], list[TaxedItem]]:
    """Rows of which those of each contract and order are together no less than nothing, and the last reductions, which wait for an invoice
    of it that is large enough: a credit memo takes back what was billed, a reduction has nothing to take back. An allowance of a contract
    stays with its option."""
    if not rows or rows[0].item.credited_document is not None or family_of(rows[0].item.business_case):
        return rows, []
    values: dict[str, Decimal] = defaultdict(Decimal)
    for taxed in rows:
        values[taxed.item.contract_ident] += signed(taxed)
    if min(values.values()) >= 0:
        return rows, []
    too_much: set[int] = set()
    for taxed in reversed(rows):  # the latest reductions wait, so that what was given first reduces first
        item = taxed.item
        if values[item.contract_ident] < 0 and item.type == "CREDIT" and (item.of_order or item.origin_type != "ALLOWANCE"):
            too_much.add(item.item_id)
            values[item.contract_ident] += item.row.total
    return [taxed for taxed in rows if taxed.item.item_id not in too_much], [
        taxed for taxed in rows if taxed.item.item_id in too_much
    ]


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
