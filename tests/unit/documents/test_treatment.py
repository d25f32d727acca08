"""Which VAT treatment a row has, and how amounts are divided over tax groups (posting table, rows 1 to 5, 14 and 25)."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.documents import a_customer, a_document, a_seller, an_item
from tests.factories.sales import a_sale, in_country

from contor.documents.amounts.groups import spread
from contor.documents.treatment import group_shares, supplier_and_recipient, tax_parts
from contor.documents.treatment.at_issue import settled_at_issue
from contor.documents.treatment.parts import converted, less, negated, of_decision, of_receipt, of_return, plus
from contor.documents.treatment.types import TaxPart, Treatment
from contor.documents.types import Address, Document, DocumentType
from contor.documents.types.versions import version_of
from contor.kernel.money import split
from contor.kernel.shapes import replace

D = Decimal
T = Treatment


def treatments(document: Document) -> list[Treatment]:
    return [part.treatment for part in tax_parts(document)]


@pytest.mark.parametrize(
    ("category", "country", "vat_id", "treatment"),
    [
        ("Z", "DE", None, T.ZERO_RATED),
        ("E", "DE", None, T.EXEMPT),
        ("K", "FR", "FR12345678901", T.INTRA_COMMUNITY),
        ("G", "CH", None, T.EXPORT),
        ("AE", "DE", "DE811907980", T.REVERSE_CHARGE_DOMESTIC),
        ("AE", "FR", "FR12345678901", T.REVERSE_CHARGE_EU),
        ("AE", "GR", "EL123456789", T.REVERSE_CHARGE_EU),
        ("AE", "CH", None, T.THIRD_COUNTRY),
        ("AE", "CH", "ATU12345678", T.REVERSE_CHARGE_EU),
        ("O", "DE", None, T.NOT_TAXABLE),
        ("O", "FR", None, T.NOT_TAXABLE),
        ("O", "CH", None, T.THIRD_COUNTRY),
        ("L", "ES", None, T.OTHER_TAX),
    ],
)
def test_the_category_and_where_the_customer_acts_from(
    category: str, country: str, vat_id: str | None, treatment: Treatment
) -> None:
    """A VAT id says from where a business acts, else its address (section 3a (2) UStG)."""
    assert treatments(a_sale(category, country=country, vat_id=vat_id)) == [treatment]


@pytest.mark.parametrize(
    ("item_category", "country", "treatment"),
    [
        ("SERVICE", None, T.DOMESTIC),
        ("SERVICE", "DE", T.DOMESTIC),
        ("SERVICE", "AT", T.OSS_SERVICE),
        ("PHYSICAL_PRODUCT", "AT", T.OSS_GOODS),
        ("ELECTRICITY", "GR", T.OSS_GOODS),
        ("DIGITAL_PRODUCT", "FR", T.OSS_DIGITAL),
        ("LOGISTIC_COST", "FR", T.OSS_SERVICE),
        ("SERVICE", "CH", T.OTHER_TAX),
    ],
)
def test_a_taxed_supply_is_domestic_or_of_the_one_stop_shop(item_category: str, country: str | None, treatment: Treatment) -> None:
    document = a_sale("S", "20", item_category=item_category)
    assert treatments(document if country is None else in_country(document, country)) == [treatment]


def test_what_has_no_kind_of_its_own_follows_the_supply_it_goes_with() -> None:
    items = (an_item("10", "20", 1, category="LOGISTIC_COST"), an_item("90", "20", 2, category="PHYSICAL_PRODUCT"))
    assert treatments(in_country(a_document(items=items), "AT")) == [T.OSS_GOODS]


def test_small_businesses_and_vouchers() -> None:
    small = a_sale("E", seller=a_seller(small_business=True))
    assert treatments(small) == [T.SMALL_BUSINESS]
    assert treatments(a_sale("O", item_category="VOUCHER")) == [T.VOUCHER]
    both = a_document(items=(an_item("10", "0", 1, category_code="O", category="VOUCHER"), an_item("5", "0", 2, category_code="O")))
    assert [(part.treatment, part.net) for part in tax_parts(both)] == [(T.VOUCHER, D(10)), (T.NOT_TAXABLE, D(5))]


def test_in_self_billing_the_customer_supplies() -> None:
    document = a_sale("S", "19", document_type=DocumentType.SELF_BILLING_INVOICE)
    assert supplier_and_recipient(document) == (document.customer, document.seller)
    plain = a_sale("S", "19")
    assert supplier_and_recipient(plain) == (plain.seller, plain.customer)


def test_nets_by_treatment_and_cost_centre_make_the_base() -> None:
    items = (an_item("10", position=1), an_item("20", position=2, cost_centre="k"), an_item("5", position=3, cost_centre="k"))
    (shares,) = group_shares(a_document(items=items))
    assert shares.nets == {(T.DOMESTIC, None): D(10), (T.DOMESTIC, "k"): D(25)}
    assert (shares.deposits, sum(shares.nets.values())) == (D(0), shares.group.base)


def test_a_reduction_of_the_document_is_divided_over_its_rows() -> None:
    items = (an_item("10", position=1), an_item("30", position=2, cost_centre="k"))
    document = a_document(items=items)
    reduced = replace(document, taxes=(replace(document.taxes[0], base=D(36), amount=D("6.84"), gross=D("42.84")),))
    (shares,) = group_shares(reduced)
    assert shares.nets == {(T.DOMESTIC, None): D(9), (T.DOMESTIC, "k"): D(27)}
    alone = replace(document, items=(), taxes=(replace(document.taxes[0], base=D(5), amount=D("0.95"), gross=D("5.95")),))
    assert [(part.treatment, part.net) for part in tax_parts(alone)] == [(T.DOMESTIC, D(5))]


def test_a_customer_without_an_address_abroad_keeps_its_country() -> None:
    """EL is Greece in VAT ids, GR elsewhere (Article 215 MwStSystRL)."""
    greek = a_customer(address=Address(street="W", street_no="1", zip="1", city="A", country="GR"), vat_id="EL123456789")
    seller = a_seller(vat_id="EL999999999", address=Address(street="W", street_no="1", zip="1", city="A", country="GR"))
    document = a_document(items=(an_item(rate="0", category_code="AE"),), customer=greek, seller=seller)
    assert treatments(document) == [T.REVERSE_CHARGE_DOMESTIC]


# --- parts


def a_part(net: str, rate: str = "19", treatment: Treatment = T.DOMESTIC, tax: str | None = None) -> TaxPart:
    amount = D(tax) if tax is not None else (D(net) * D(rate) / 100).quantize(D("0.01"))
    return TaxPart(
        treatment=treatment, category_code="S", rate=D(rate), net=D(net), tax=amount, gross=D(net) + amount, country=None
    )


FULL, REDUCED = a_part("100"), a_part("50", "7")


def test_a_decision_takes_out_the_tax_that_is_contained() -> None:
    """23.80 over 119.00 and 53.50 by gross: 16.42 contain 2.62, 7.38 contain 0.48."""
    found = of_decision([FULL, REDUCED], D("23.80"), "EUR")
    assert [(part.gross, part.tax, part.net) for part in found] == [
        (D("16.42"), D("2.62"), D("13.80")),
        (D("7.38"), D("0.48"), D("6.90")),
    ]
    assert of_decision([FULL], D(119), "EUR") == (FULL,)
    assert of_decision([FULL, REDUCED], D("0.01"), "EUR")[0].gross == D("0.01")
    assert len(of_decision([FULL, REDUCED], D("0.01"), "EUR")) == 1


def test_several_taxes_in_one_are_taken_out_in_their_proportion() -> None:
    """8.875 % of New York: 100.00 and 8.88."""
    other = a_part("100", "8.875", T.OTHER_TAX, "8.88")
    (found,) = of_decision([other], D("54.44"), "EUR")
    assert (found.gross, found.tax) == (D("54.44"), D("4.44"))
    (free,) = of_decision([a_part("100", "0")], D(40), "EUR")
    assert (free.net, free.tax) == (D(40), D(0))


AMOUNTS = st.decimals(D("0.01"), 500, places=2)


@given(st.lists(AMOUNTS, min_size=1, max_size=3), st.lists(st.integers(1, 50), min_size=1, max_size=5))
def test_receipts_tax_exactly_what_the_document_does(nets: list[Decimal], weights: list[int]) -> None:
    groups = [a_part(str(net), rate) for net, rate in zip(nets, ("19", "7", "0"), strict=False)]
    whole = sum((part.gross for part in groups), D(0))
    *payments, last = split(whole, [D(weight) for weight in weights], "EUR")
    settled: tuple[TaxPart, ...] = ()
    for payment in payments:
        part = of_receipt(groups, settled, payment, "EUR", is_last=False)
        assert sum((one.gross for one in part), D(0)) == payment
        assert all(one.net + one.tax == one.gross for one in part)
        settled = plus(settled, part)
    rest = of_receipt(groups, settled, last, "EUR", is_last=True)
    assert plus(settled, rest) == tuple(groups)
    assert less(plus(settled, rest), groups) == plus(tuple(groups), negated(groups))


def test_what_is_returned_is_what_was_received_with_the_other_sign() -> None:
    received = of_receipt([FULL, REDUCED], (), D("100"), "EUR", is_last=False)
    assert of_return(received, D(100), "EUR") == negated(received)
    part = of_return(received, D(40), "EUR")
    assert sum(one.gross for one in part) == D(-40)
    assert all(one.tax <= 0 and one.net + one.tax == one.gross for one in part)
    assert negated((FULL,)) == (replace(FULL, net=D(-100), tax=D(-19), gross=D(-119)),)


@given(AMOUNTS)
def test_in_the_ledgers_currency_the_parts_are_the_whole(gross: Decimal) -> None:
    found = converted([FULL, REDUCED], gross, "EUR")
    assert sum(part.gross for part in found) == gross
    assert all(part.net + part.tax == part.gross for part in found)


# --- what lies between gross and payable


def test_nothing_lies_between_gross_and_payable_without_a_reason() -> None:
    document = a_document()
    assert settled_at_issue(document) == {}
    with pytest.raises(ValueError, match="nothing explains"):
        settled_at_issue(replace(document, totals=replace(document.totals, payable=D(1))))


def test_rounding_is_named() -> None:
    document = a_document()
    rounded = replace(document.totals, rounding=D("0.05"), payable=document.totals.gross + D("0.05"))
    assert settled_at_issue(replace(document, totals=rounded)) == {"ROUNDING": (D("-0.05"), D("-0.05"))}
    wrong = replace(document.totals, rounding=D("0.05"))
    with pytest.raises(ValueError, match="is not the payable amount"):
        settled_at_issue(replace(document, totals=wrong))


# --- cents left over


@given(st.lists(AMOUNTS, min_size=1, max_size=6), st.sampled_from(["0", "7", "19"]))
def test_the_net_of_a_gross_group_is_spread_whole_and_symmetric(values: list[Decimal], rate: str) -> None:
    net = (sum(values, D(0)) * 100 / (100 + D(rate))).quantize(D("0.01"))
    parts = spread(net, values, D(rate), "EUR")
    assert sum(parts, D(0)) == net
    assert spread(-net, [-value for value in values], D(rate), "EUR") == [-part for part in parts]
    for part, value in zip(parts, values, strict=True):
        assert abs(part - value * 100 / (100 + D(rate))) <= D("0.01") or len(values) == 1


@pytest.mark.parametrize(("stored", "version"), [(b'{"version":2,"ident":"R"}', 2), (b'{"ident":"R"}', 1), (b'{"version":12}', 12)])
def test_what_says_no_version_is_of_the_first(stored: bytes, version: int) -> None:
    assert version_of(stored) == version


def test_it_is_typed_by_what_it_is() -> None:
    parts: Any = tax_parts(a_sale("S", "19"))
    assert parts == (TaxPart(treatment=T.DOMESTIC, category_code="S", rate=D(19), net=D(100), tax=D(19), gross=D(119)),)
