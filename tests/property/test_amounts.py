"""Laws of the amounts, over random documents: sums are conserved, agreed prices are kept, credits end at the original."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.requests import TODAY, a_request, a_row, facts, issued, related
from tests.factories.strategies import RATES, cents, frozen, rows

from contor.documents.amounts import after, amount_errors, closing_request, total_of, what_is_left
from contor.documents.amounts.deposits import receipts, reverse
from contor.documents.amounts.groups import spread
from contor.documents.types import Document, DocumentRequest, DocumentType, RequestedAllowanceCharge, RequestedItem
from contor.kernel.money import CENT, ZERO, split, tax_in_gross
from contor.kernel.shapes import replace


@st.composite
def requests(draw: st.DrawFn) -> DocumentRequest:
    allowances = []
    for position in range(draw(st.integers(0, 2))):
        kind = draw(st.sampled_from(("ALLOWANCE", "CHARGE")))
        percentage = Decimal(draw(st.integers(1, 3000))) * CENT
        allowances.append(RequestedAllowanceCharge(ident=f"d-{position}", type=kind, name="Rabatt", percentage=percentage))
    rounding = draw(st.sampled_from((ZERO, CENT, -CENT)))
    return a_request(*draw(rows()), allowances_charges=tuple(allowances), rounding=rounding)


@given(requests())
def test_every_identity_holds(request: DocumentRequest) -> None:
    document = frozen(request)
    if document is not None:
        assert amount_errors(document) == []


@given(rows())
def test_the_agreed_side_is_kept(items: tuple[RequestedItem, ...]) -> None:
    document = frozen(a_request(*items))
    if document is None:
        return
    for group in document.taxes:
        same = [item for item in document.items if (item.category_code, item.rate) == (group.category_code, group.rate)]
        if group.basis == "NET":
            assert group.base == sum((item.total.net for item in same), ZERO)
        else:
            assert group.gross == sum((item.total.gross for item in same), ZERO)
            assert group.base == sum((item.total.net for item in same), ZERO)
    for item, wanted in zip(document.items, items, strict=True):
        agreed = wanted.prices.total.net if item.basis == "NET" else wanted.prices.total.gross
        assert agreed is not None
        assert abs(item.total.net if item.basis == "NET" else item.total.gross) == agreed


@given(st.lists(cents, min_size=1, max_size=30), st.sampled_from([Decimal(rate) for rate in RATES]))
def test_a_spread_conserves_and_stays_within_a_cent(values: list[Decimal], rate: Decimal) -> None:
    gross = sum(values, ZERO)
    net = gross - tax_in_gross(gross, rate, "EUR")
    parts = spread(net, values, rate, "EUR")
    assert sum(parts, ZERO) == net
    assert all(abs(part - value * 100 / (100 + rate)) < CENT for part, value in zip(parts, values, strict=True))
    assert spread(-net, [-value for value in values], rate, "EUR") == [-part for part in parts]


@given(st.integers(0, 10_000_000).map(lambda value: Decimal(value) * CENT), st.lists(cents, min_size=1, max_size=30))
def test_a_split_conserves_and_stays_within_a_cent(total: Decimal, weights: list[Decimal]) -> None:
    parts = split(total, weights, "EUR")
    assert sum(parts, ZERO) == total
    assert all(abs(part - total * weight / sum(weights)) < CENT for part, weight in zip(parts, weights, strict=True))


@settings(max_examples=60)
@given(rows(credits_too=False, largest=6), st.data())
def test_partial_credits_add_up_to_the_original(items: tuple[RequestedItem, ...], data: st.DataObject) -> None:
    """Rows are credited in any order, each in one or two parts; every memo is sound by itself, together they are the invoice."""
    invoice = frozen(a_request(*items))
    assert invoice is not None
    steps: list[tuple[int, Decimal]] = []
    for index, item in enumerate(items):
        agreed = item.prices.total.net if item.tax_detail.calculation_basis == "NET" else item.prices.total.gross
        assert agreed is not None
        first = data.draw(st.integers(0, int(agreed / CENT))) * CENT
        steps += [(index, part) for part in (first, agreed - first) if part]
    left = what_is_left(invoice)
    for number, (index, part) in enumerate(data.draw(st.permutations(steps))):
        basis = items[index].tax_detail.calculation_basis
        row = a_row(items[index].ident, str(part), basis=basis, tax_detail=items[index].tax_detail)
        request = a_request(row, related_document_ident=invoice.ident)
        known = facts(replace(related(invoice), left=left))
        memo = issued(request, DocumentType.CREDIT_MEMO, known, f"GS-{number}")
        assert amount_errors(memo) == []
        assert all(group.base >= 0 and group.amount >= 0 for group in memo.taxes)
        left = after(left, memo)
    assert all((group.left.net, group.left.tax, group.left.gross) == (0, 0, 0) for group in left.groups.values())
    assert left.is_used_up


@given(rows(credits_too=False, largest=4), st.lists(cents, min_size=1, max_size=12))
def test_receipts_add_up_to_the_deposit(items: tuple[RequestedItem, ...], payments: list[Decimal]) -> None:
    deposit = issued(a_request(*items), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    gross = deposit.totals.gross
    parts = receipts(deposit, payments)
    received = total_of(parts)
    assert sum((group.gross for group in received), ZERO) == min(gross, sum(payments, ZERO))
    whole = total_of([*parts, *receipts_of_rest(deposit, payments)])
    assert {(g.category_code, g.rate): (g.net, g.tax) for g in whole} == {
        (g.category_code, g.rate): (g.base, g.amount) for g in deposit.taxes if g.gross
    }
    assert total_of([*parts, *[reverse(part) for part in parts]]) == ()


def receipts_of_rest(deposit: Document, payments: list[Decimal]) -> list[tuple[object, ...]]:
    """What one last payment of the rest adds."""
    rest = deposit.totals.gross - sum(payments, ZERO)
    return receipts(deposit, [*payments, rest])[-1:] if rest > 0 else []  # type: ignore[return-value]


@settings(max_examples=60)
@given(rows(credits_too=False, largest=4), st.lists(cents, min_size=0, max_size=4))
def test_closing_leaves_exactly_what_was_received(items: tuple[RequestedItem, ...], payments: list[Decimal]) -> None:
    deposit = issued(a_request(*items), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    parts = receipts(deposit, payments)
    left = what_is_left(deposit, received=total_of(parts))
    request = closing_request(left, "r-close", "a-1", TODAY)
    if request is not None:
        known = facts(related(deposit, received=parts))
        left = after(left, issued(request, DocumentType.DEPOSIT_INVOICE_CORRECTION, known, "AK-1"))
    assert all(group.unpaid == (0, 0, 0) for group in left.groups.values())


@settings(max_examples=60)
@given(rows(credits_too=False, largest=4), st.lists(cents, min_size=1, max_size=3), cents)
def test_a_remainder_invoice_is_sound(items: tuple[RequestedItem, ...], payments: list[Decimal], price: Decimal) -> None:
    deposit = issued(a_request(*items), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    parts = receipts(deposit, payments)
    request = a_request(a_row("i-1", str(price)), related_document_ident="AR-1")
    document = issued(request, known=facts(related(deposit, received=parts)))
    assert amount_errors(document) == []
    received = sum((group.gross for group in total_of(parts)), ZERO)
    full = issued(a_request(a_row("i-1", str(price)))).totals.gross
    assert abs(document.totals.payable - (full - received)) <= CENT * len(document.items)
