"""What a trader sells, and to whom."""

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

D = Decimal


class Sale(NamedTuple):
    """A kind of sale; `customer`: the place of the customer in `CUSTOMERS`."""

    name: str
    customer: int
    rates: tuple[Decimal, ...]
    code: str = "S"
    country: str = "DE"
    category: str = "SERVICE"
    exemption: str | None = None
    site: str | None = None
    currency: str = "EUR"
    months: int = 0
    """For how many months it is supplied, from its day on; below zero: in that one before."""


S19, S7, NONE = (D(19),), (D(7),), (D(0),)
ALL = [
    Sale("at home", 0, S19),
    Sale("at home, reduced", 1, S7),
    Sale("at home, of both rates", 2, (D(19), D(7))),
    Sale("at home, for a year", 0, S19, months=12),
    Sale("at home, for a quarter", 1, S19, months=3),
    Sale("at home, of the month before", 2, S19, months=-1),
    Sale("at home, the recipient owes", 0, NONE, "AE", exemption="VATEX-EU-AE"),
    Sale("at home, exempt", 1, NONE, "E"),
    Sale("at the till", 1, S19, site="theke"),
    Sale("at the till, of both rates", 2, (D(19), D(7)), site="theke"),
    Sale("by the small business", 2, NONE, "E", site="atelier"),
    Sale("to a business in France, service", 3, NONE, "AE", "FR", exemption="VATEX-EU-AE"),
    Sale("to a business in France, goods", 3, NONE, "K", "FR", "PHYSICAL_PRODUCT", "VATEX-EU-IC"),
    Sale("to a consumer in France, digital", 4, (D(20),), "S", "FR", "DIGITAL_PRODUCT"),
    Sale("to a consumer in France, goods", 4, (D("5.5"),), "S", "FR", "PHYSICAL_PRODUCT"),
    Sale("to a consumer in Italy, digital", 5, (D(22),), "S", "IT", "DIGITAL_PRODUCT"),
    Sale("to Switzerland, goods", 6, NONE, "G", "CH", "PHYSICAL_PRODUCT", "VATEX-EU-G"),
    Sale("to Switzerland, service", 6, NONE, "O", "CH", exemption="VATEX-EU-O"),
    Sale("for dollars", 0, S19, currency="USD"),
    Sale("for dollars, of both rates", 0, (D(19), D(7)), currency="USD"),
]
CUSTOMERS: tuple[tuple[str, str, str, str, str | None], ...] = (
    ("B2B", "Werk GmbH", "DE", "10115", "DE129273398"),
    ("B2B", "Laden GmbH", "DE", "20457", None),
    ("B2C", "Muster", "DE", "80331", None),
    ("B2B", "Atelier SARL", "FR", "75001", "FR83404833048"),
    ("B2C", "Exemple", "FR", "69001", None),
    ("B2C", "Esempio", "IT", "00118", None),
    ("B2B", "Muster AG", "CH", "8001", None),
    ("B2B", "Partner KG", "DE", "80337", "DE811907980"),
    ("B2B", "Vermittlung GmbH", "AT", "1010", "ATU13585627"),
)
"""Type, name, country, postal code and VAT id of each."""


def customer(number: int) -> dict[str, Any]:
    kind, name, country, zip_code, vat_id = CUSTOMERS[number]
    called = {"firstName": "Anne", "lastName": name} if kind == "B2C" else {"company": name}
    address = {
        "addressIdent": f"a-{number}",
        "addressType": "INVOICE",
        **called,
        "street": "Weg",
        "streetNo": str(number + 1),
        "zip": zip_code,
        "city": "Ort",
        "country": country,
    }
    known = {"vatId": vat_id} if vat_id else {}
    agreed = {"selfBillingAgreementOn": "2024-01-01", "taxNumber": "143/200/12345"} if number > 6 else {}
    return {"customerIdent": f"c-{number}", "customerType": kind, **called, **known, **agreed, "addresses": [address]}


def row_of(ident: str, net: Decimal, sale: Sale, rate: Decimal, day: dt.date) -> dict[str, Any]:
    tax: dict[str, Any] = {"rate": str(rate), "categoryCode": sale.code}
    if sale.code != "S":
        tax |= {"exemptionReasonText": "Steuerfrei"}
    if sale.exemption:
        tax |= {"exemptionReasonCode": sale.exemption}
    start, end = day, day
    if sale.months > 0:
        end = day + dt.timedelta(days=sale.months * 30)
    elif sale.months < 0:
        start = end = day.replace(day=1) - dt.timedelta(days=3)
    when = {"servicePeriod": {"start": start.isoformat(), "end": end.isoformat()}}
    return {
        "ident": ident,
        "category": sale.category,
        "name": sale.name,
        "quantity": 1,
        "quantityType": "PC",
        "prices": {"unit": {"net": str(net)}, "originalTotal": {"net": str(net)}, "total": {"net": str(net)}},
        "taxDetail": {"taxes": [tax]},
        "performanceLocation": {"country": sale.country},
        **({"deliveryDate": day.isoformat()} if sale.category == "PHYSICAL_PRODUCT" else when),
    }


def _site(ident: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "ident": ident,
        "name": name,
        "companyName": name,
        "taxNumber": "22/815/08154",
        "address": {"street": "Gasse", "streetNo": "1", "zip": "20457", "city": "Hamburg", "country": "DE"},
        "contact": {"name": "Büro", "email": f"{ident}@kontor.example", "phone": "+49 40 9"},
        **more,
    }


def _group(ident: str, *, receivable: bool) -> dict[str, Any]:
    return {
        "billingGroupIdent": ident,
        "name": ident,
        "billing": "EXTERNAL_BILLING",
        "depositReceivableRelevant": receivable,
        "businessSegments": [{"segmentIdent": ident, "name": ident}],
        "localeConfiguration": [
            {"country": "DE", "regions": [{"languages": ["de"]}], "defaultLanguage": "de", "fallbackLanguage": "de"}
        ],
    }


SITES = (
    _site("theke", "Theke", vatId="DE136695976", taxationMode="CASH"),
    _site("atelier", "Atelier Peters", smallBusiness=True),
)
"""One that is taxed on receipt (section 20 UStG), and a small business (section 19)."""
GROUPS = (_group("deposits", receivable=True), _group("memos", receivable=False), _group("atelier", receivable=True))
