"""A triangular transaction (section 25b UStG): what we, the first buyer, supply to the last one is said so on the document, booked and
declared on its own: number 42 of the return, kind D of the recapitulative statement."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.cases import decide
from tests.factories.companies import a_row_of
from tests.factories.desks import a_line
from tests.factories.reported import OF, Reported

D = Decimal
SAID = "Innergemeinschaftliches Dreiecksgeschäft nach § 25b UStG, Steuerschuldnerschaft des Leistungsempfängers"
TRIANGULAR = [{"rate": 0, "code": "TRIANGULAR"}]
NO_OTHER_STATE = "a triangular transaction needs the buyer's VAT id of another member state than DE (section 25b (1) no. 2 UStG)"
OF_AE = "TRIANGULAR is of category AE: the recipient owes the tax (section 25b (2) UStG)"
TO_FRANCE = {"category": "PHYSICAL_PRODUCT", "performanceLocation": {"country": "FR"}, "deliveryDate": "2026-10-05"}


def declared(company: Reported) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Of the numbers 21, 41 and 42; and the recapitulative statement."""
    rows = {row["Number"]: row["Base by the books"] for row in company.read("VAT", "2026-10") if row["Section"] == "Return"}
    listed = [(it["Supply (L, S, D)"], it["Base by the books"]) for it in company.read("EC_SALES", "2026-10")]
    return {number: rows[number] for number in ("21", "41", "42")}, listed


def test_the_document_says_it_and_the_books_and_returns_follow(company: Reported) -> None:
    number = company.sell("2026-10-05", "500.00", "paris", taxes=TRIANGULAR, **TO_FRANCE)
    (group,) = company.call("GET", f"/v2/documents/{number}")["taxes"]
    assert (group["categoryCode"], group["exemptionReasonCode"], group["exemptionReasonText"]) == ("AE", "VATEX-EU-AE", SAID)
    revenue = [(row["Account"], row["Revenue, net"], row["Tax key"]) for row in company.read("REVENUE", "2026-10")]
    assert revenue == [("8130", "500.00", "AE-25B")]
    assert declared(company) == ({"21": "0.00", "41": "0.00", "42": "500.00"}, [("D", "500.00")])
    company.sound()


def test_what_becomes_of_it_is_declared_as_well(company: Reported) -> None:
    """A discount, and the credit of a part."""
    number = company.sell("2026-10-05", "500.00", "paris", taxes=TRIANGULAR, **TO_FRANCE)
    decide(company, number, "DISCOUNT", amount="20.00")
    row = {**a_row_of("100.00"), **TO_FRANCE, "ident": "g-1", "referenceIdent": "i-1", "taxDetail": {"taxes": TRIANGULAR}}
    company.document("credit-memos", items=[row], customerDetail=OF["paris"], relatedDocumentIdent=number)
    kinds = declared(company)
    assert kinds[0]["42"] == kinds[1][0][1]
    assert (kinds[0]["21"], kinds[0]["41"], kinds[1][0][0], D(kinds[0]["42"])) == ("0.00", "0.00", "D", D("384.00"))
    company.sound()


def test_a_stored_rule_says_it(company: Reported) -> None:
    """A draft leaves its taxes out; the rule's variant says that what this customer buys is triangular."""
    variant = {"taxRuleVariantIdent": "v-1", "applicableFrom": "2026-01-01", "taxRate": 0, "taxCode": "TRIANGULAR"}
    rule = {"taxRuleIdent": "dreieck", "country": "FR", "itemCategory": "PHYSICAL_PRODUCT", "variants": [variant]}
    made = company.call("POST", "/v2/tax/rules", rule, 201)
    assert made["variants"][0]["taxCategoryCode"] == "AE"
    row = {**a_row_of("100.00"), **TO_FRANCE}
    row.pop("taxDetail")
    draft = {"draftIdent": "d-1", "type": "INVOICE", **company.body(items=[row], customerDetail=OF["paris"])}
    draft.pop("requestId", None)
    company.turn("2026-10-06")
    company.call("POST", "/v2/drafts", draft, 201)
    shown = company.call("GET", "/v2/drafts/d-1/preview")
    assert shown["findings"] == []
    (group,) = shown["taxes"]
    assert (group["categoryCode"], group["exemptionReasonText"]) == ("AE", SAID)
    company.call("POST", "/v2/drafts/d-1/actions/complete", {"version": 1})
    is_triangular(company, "100.00")


def test_a_run_bills_what_a_stored_rule_says(company: Reported) -> None:
    variant = {"taxRuleVariantIdent": "v-1", "applicableFrom": "2026-01-01", "taxRate": 0, "taxCode": "TRIANGULAR"}
    rule = {"taxRuleIdent": "dreieck", "country": "FR", "itemCategory": "PHYSICAL_PRODUCT", "variants": [variant]}
    company.call("POST", "/v2/tax/rules", rule, 201)
    company.turn("2026-10-06")
    there = {"country": "FR"}
    line = {**a_line("l-1", "100.00"), "performanceLocation": there, "taxLocation": there, "deliveryDate": "2026-10-05"}
    who = {"debtorIdent": "paris", "invoiceAddressIdent": "siege"}
    company.call("POST", "/v2/orders", {"orderIdent": "o-1", "debtorOrderDetails": who, "lineItems": [line]}, 201)
    report = company.call("POST", "/v2/billingrun", {})
    assert (report["documents"], report["failed"]) == (1, 0), report
    is_triangular(company, "100.00")


def is_triangular(company: Reported, net: str) -> None:
    """The only document is one: on its face, in its XML's group, in the books and in the returns."""
    (row,) = company.tenant.rows("SELECT ident FROM document")
    document = company.call("GET", f"/v2/documents/{row.ident}")
    ((group,), (item,)) = document["taxes"], document["items"]
    assert (group["categoryCode"], group["exemptionReasonCode"], group["exemptionReasonText"]) == ("AE", "VATEX-EU-AE", SAID)
    (tax,) = item["taxDetail"]["taxes"]
    assert (tax["rate"], tax["code"], tax["determinedBy"]) == (0, "TRIANGULAR", "dreieck/v-1")
    assert [(it["Account"], it["Revenue, net"]) for it in company.read("REVENUE", "2026-10")] == [("8130", net)]
    assert declared(company) == ({"21": "0.00", "41": "0.00", "42": net}, [("D", net)])
    company.sound()


@pytest.mark.parametrize(
    ("customer", "row", "found"),
    [
        ("paris", {"category": "SERVICE"}, {"a triangular transaction is one of goods, not of a SERVICE (section 25b (1) UStG)"}),
        ("paris", {"performanceLocation": {"country": "DE"}}, set()),  # the buyer is where he is registered
        ("muster-handel", {}, {NO_OTHER_STATE}),
        ("zuerich", {}, {NO_OTHER_STATE, "reverse charge needs the buyer's VAT id or tax number (BR-AE-02)"}),
        ("paris", {"taxes": [{"rate": 0, "code": "TRIANGULAR", "categoryCode": "K"}]}, {OF_AE}),
    ],
)
def test_what_is_none_is_refused(company: Reported, customer: str, row: dict[str, Any], found: set[str]) -> None:
    company.turn("2026-10-05")
    made = {**a_row_of("100.00"), **TO_FRANCE, **{name: value for name, value in row.items() if name != "taxes"}}
    made["taxDetail"] = {"taxes": row.get("taxes", TRIANGULAR)}
    assert findings(company, [made], customer) == found


def test_it_does_not_stand_beside_other_reverse_charge(company: Reported) -> None:
    """One document has one reason for all of category AE."""
    company.turn("2026-10-05")
    service = {"taxes": [{"rate": 0, "categoryCode": "AE"}]}
    rows = [
        {**a_row_of("100.00"), **TO_FRANCE, "taxDetail": {"taxes": TRIANGULAR}},
        {**a_row_of("50.00"), "ident": "i-2", "performanceLocation": {"country": "FR"}, "taxDetail": service},
    ]
    assert findings(company, rows, "paris") == {
        "a triangular supply and other reverse charge are billed by documents of their own: they have one reason in category AE"
    }


def findings(company: Reported, rows: list[dict[str, Any]], customer: str) -> set[str]:
    """Of what is found wrong with an invoice."""
    body = company.body(items=rows, customerDetail=OF[customer])
    draft = {name: value for name, value in body.items() if name != "requestId"}
    company.call("POST", "/v2/drafts", {"draftIdent": "d-2", "type": "INVOICE", **draft}, 201)
    return {it["error"] for it in company.call("GET", "/v2/drafts/d-2/preview")["findings"]}
