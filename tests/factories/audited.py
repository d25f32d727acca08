"""A company with every kind of document, both ways of taxation, a foreign currency, reversals, and names that are hard to write."""

from typing import Any

from tests.factories.golden_company import GoldenCompany
from tests.factories.golden_issue import issue_all
from tests.factories.golden_papers import paper, row
from tests.factories.tenants import Tenant

HOSTILE = 'Käse;"Süß" ]]> <b>&amp;</b> =SUMME(A1) אבג 🧀'
"""Delimiters, markup, a formula, umlauts, a script from right to left, and a sign beyond the basic plane."""
LONG = "Ä" * 255
_CASH: dict[str, Any] = {
    "ident": "theke",
    "name": "Theke",
    "companyName": 'Süßwaren "Theke" & Söhne',
    "vatId": "DE136695976",
    "taxNumber": "22/815/08154",
    "address": {"street": "Gasse", "streetNo": "1", "zip": "20457", "city": "Hamburg", "country": "DE"},
    "contact": {"name": "Tresen", "email": "theke@elbwerk.example", "phone": "+49 40 9"},
    "taxationMode": "CASH",
}


def an_audited_company(tenant: Tenant) -> GoldenCompany:
    """Documents of November 2026."""
    company = GoldenCompany(tenant)
    issue_all(company)
    company.call("POST", "/billing/configuration/operating-sites", _CASH, 201)
    cash = company.issue(
        "invoices",
        paper("cash", row("i-1", "100.00", name=HOSTILE, description=LONG, articleNumber="=1+1"), operatingSiteIdent="theke"),
    )
    company.receive(cash, "59.50")
    company.issue("credit-memos", paper("cash-back", row("i-1", "100.00"), relatedDocumentIdent=cash, operatingSiteIdent="theke"))
    _supplied(company)
    return company


def _supplied(company: GoldenCompany) -> None:
    """Invoices of suppliers: one paid, one owed, one of which we owe the tax, one taken back."""
    company.call("PATCH", "/tenant-settings", {"expensePosting": "POSTED"})
    paper = {"supplier": "Papier Nord GmbH", "date": "2026-11-02", "net": "100.00", "tax": "19.00"}
    abroad = {"supplier": "Hébergement SARL", "supplierVatId": "FR83404833048", "tax": "0.00", "taxTreatment": "REVERSE_CHARGE_EU"}
    for more in ({"paidOn": "2026-11-05"}, {"number": "4711"}, abroad):
        company.call("POST", "/expenses", {**paper, **more}, 201)
    wrong = company.call("POST", "/expenses", {**paper, "net": "10.00", "tax": "1.90"}, 201)["ident"]
    company.call("DELETE", f"/expenses/{wrong}", None, 204)
