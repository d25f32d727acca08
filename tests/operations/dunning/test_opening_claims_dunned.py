"""What another system invoiced is dunned here as what we invoice: by its own days, under its own number."""

from typing import Any

from tests.factories.reminding import Reminding


def a_claim(company: Reminding, **more: Any) -> Any:
    rows = [{"description": "Work", "net": "100.00", "vatRate": 19}]
    said = {
        "number": "FB/1024",
        "customerIdent": "muster-handel",
        "documentDate": "2025-12-01",
        "dueDate": "2025-12-15",
        "rows": rows,
    }
    return company.call("POST", "/v2/opening-claims", {**said, **more}, 201)


def test_a_claim_that_is_overdue_is_dunned_by_its_own_days(creditor: Reminding) -> None:
    creditor.duns()
    a_claim(creditor, paid="19.00")
    a_claim(creditor, number="FB/1025", documentDate="2025-12-30", dueDate="2026-01-13")
    creditor.turn("2026-01-06")
    assert creditor.items(creditor.run()) == {"FB/1024": "DUNNED"}
    (letter,) = creditor.letters()
    assert (letter["level"], letter["outstanding"]) == (1, 100)
    creditor.file_all()
    creditor.paid("100.00", "FB 1024")
    assert creditor.case(str(number_of(creditor)))["dunningLevel"] == 1
    creditor.sound()


def number_of(creditor: Reminding) -> int:
    (row,) = creditor.tenant.rows("SELECT document_id FROM opos_case WHERE ident = 'FB/1024'")
    return int(row.document_id)
