"""SAF-T of Portugal, structure 1.04_01: header and master files.

Source: Portaria 302/2016 of 2 December, schema urn:OECD:StandardAuditFile-Tax:PT_1.04_01.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from contor.customers.every import CustomerRow
from contor.documents.types import Tax
from contor.kernel.codes import TRIANGULAR
from contor.kernel.errors import Problem
from contor.kernel.files import one_line
from contor.kernel.money import ZERO
from contor.reports.exports import ExportTask
from contor.reports.saf_t.books import Ledger, LedgerAccount
from contor.reports.saf_t.survey import Survey
from contor.reports.saf_t.tree import Node, decimal, short_key
from contor.settings.abroad import SafTConfiguration
from contor.settings.queries import Site

NAMESPACE: Final = "urn:OECD:StandardAuditFile-Tax:PT_1.04_01"
UNKNOWN: Final = "Desconhecido"
CONSUMER: Final = "999999990"
"""CustomerTaxID of who gave no number."""
LONGEST_CODE: Final = 60
LONGEST_PARTY: Final = 30
_POSTAL_CODE: Final = re.compile(r"[0-9]{4}-[0-9]{3}")
_RATES: Final = {Decimal(23): "NOR", Decimal(13): "INT", Decimal(6): "RED"}
"""Continental rates since 2011; other ones, and those of the islands, are said by the configuration, else they are OUT."""
_EXEMPT: Final = {
    "E": ("M07", "Isento artigo 9.º do CIVA"),
    "Z": ("M99", "Não sujeito ou não tributado"),
    "K": ("M16", "Isento artigo 14.º do RITI"),
    "G": ("M05", "Isento artigo 14.º do CIVA"),
    "AE": ("M40", "IVA – autoliquidação"),
    "O": ("M99", "Não sujeito ou não tributado"),
}
_SMALL_BUSINESS: Final = ("M10", "IVA – regime de isenção")
_BY_REASON: Final = {
    "VATEX-EU-D": ("M12", "Regime da margem de lucro – Agências de viagens"),
    "VATEX-EU-F": ("M13", "Regime da margem de lucro – Bens em segunda mão"),
    "VATEX-EU-I": ("M14", "Regime da margem de lucro – Objetos de arte"),
    "VATEX-EU-J": ("M15", "Regime da margem de lucro – Coleção e antiguidades"),
}
_TRIANGULAR: Final = ("M41", "IVA – autoliquidação")
"""Artigo 8.º n.º 3 do RITI."""
_GROUPS: Final = {
    "ASSET": "Ativo",
    "LIABILITY": "Passivo",
    "EQUITY": "Capital próprio",
    "INCOME": "Rendimentos",
    "EXPENSE": "Gastos",
}


class PortugueseTax(NamedTuple):
    """`type` IVA, or NS: not subject. Of what bears no tax also why."""

    type: str
    code: str
    exemption_code: str | None
    exemption_reason: str | None


def ground_of(category: str, is_small_business: bool, tax: Tax | None) -> tuple[str, str] | None:
    """Code and words of why a row bears no tax, where its category alone does not say it (AT's table of codes M01 to M99)."""
    if category == "AE" and tax is not None and tax.code == TRIANGULAR:
        return _TRIANGULAR
    if category != "E":
        return None
    reason = None if tax is None else tax.exemption_reason_code
    return _SMALL_BUSINESS if is_small_business and reason is None else _BY_REASON.get(reason or "")


def tax_of(configuration: SafTConfiguration, category: str, rate: Decimal, ground: tuple[str, str] | None = None) -> PortugueseTax:
    """How a tax is called: as configured, else by its ground, else by what the structure knows of its category."""
    said = configuration.tax_code_of(category, rate)
    code, reason = (said["exemption_code"], said["exemption_reason"]) if said else (None, None)
    if rate:
        return PortugueseTax("IVA", said["code"] if said else _RATES.get(rate, "OUT"), None, None)
    default = ground or _EXEMPT.get(category, _EXEMPT["Z"])
    kind = ("NS", "NS") if category == "O" else ("IVA", "ISE")
    return PortugueseTax(kind[0], said["code"] if said else kind[1], code or default[0], reason or default[1])


def why_not(site: Site, currency: str, task: ExportTask) -> list[Problem]:
    """What of the company the structure cannot say."""
    found, address = [], site.address
    if address["country"] != "PT" or not _POSTAL_CODE.fullmatch(address.get("zip") or ""):
        message = f"{site.ident} needs an address in Portugal with a postal code such as 1000-001"
        found.append(Problem("saf_t_site_elsewhere", message, "options.operatingSiteIdent", site.ident))
    if currency != "EUR":
        found.append(Problem("saf_t_books_not_in_euro", f"books are kept in {currency}: the file is of books in EUR", "kind"))
    if task.first_day.year != task.last_day.year:
        found.append(Problem("saf_t_several_years", "a file is of one fiscal year", "to", task.last_day))
    return found


def header(site: Site, configuration: SafTConfiguration, task: ExportTask, version: str) -> Node:
    node = Node(NAMESPACE, "Header")
    node.put("AuditFileVersion", "1.04_01")
    node.put("CompanyID", configuration.taxpayer_number)
    node.put("TaxRegistrationNumber", configuration.taxpayer_number)
    node.put("TaxAccountingBasis", "I")
    node.text("CompanyName", site.company_name, 100)
    node.text("BusinessName", site.name, 60)
    address = node.child("CompanyAddress")
    at = site.address
    address.text("AddressDetail", _street(at.get("street"), at.get("street_no"), at.get("addition")), 210, UNKNOWN)
    address.text("City", at.get("city"), 50, UNKNOWN)
    address.put("PostalCode", at.get("zip"))
    address.put("Country", "PT")
    node.put("FiscalYear", task.first_day.year)
    node.put("StartDate", task.first_day)
    node.put("EndDate", task.last_day)
    node.put("CurrencyCode", "EUR")
    node.put("DateCreated", task.requested_at.date())
    node.put("TaxEntity", "Global")
    node.put("ProductCompanyTaxID", configuration.product_taxpayer_number or configuration.taxpayer_number)
    node.put("SoftwareCertificateNumber", configuration.software_certificate)
    node.text("ProductID", configuration.product_id, 255)
    node.text("ProductVersion", version, 30)
    contact = site.contact
    node.text("Telephone", contact.get("phone") if contact else None, 20)
    node.text("Email", contact.get("email") if contact else None, 254)
    return node


def _street(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)


def accounts(ledger: Ledger, configuration: SafTConfiguration) -> Node | None:
    """The booked accounts, each below the kind that it is of. None: nothing was booked."""
    if not ledger.accounts:
        return None
    node = Node(NAMESPACE, "GeneralLedgerAccounts")
    node.put("TaxonomyReference", configuration.taxonomy_reference or "S")
    for kind in sorted({account.kind for account in ledger.accounts}):
        members = [account for account in ledger.accounts if account.kind == kind]
        _account(node, kind, _GROUPS.get(kind, kind), members, None, None)
        for account in members:
            _account(node, f"{account.number:02d}", account.name, [account], kind, account.code)
    return node


def _account(node: Node, ident: str, name: str, members: Iterable[LedgerAccount], group: str | None, taxonomy: str | None) -> None:
    opening, closing = [it.opening for it in members], [it.closing for it in members]
    found = node.child("Account")
    found.put("AccountID", ident)
    found.text("AccountDescription", name, 100, ident)
    for element, values, sign in (
        ("OpeningDebitBalance", opening, 1),
        ("OpeningCreditBalance", opening, -1),
        ("ClosingDebitBalance", closing, 1),
        ("ClosingCreditBalance", closing, -1),
    ):
        found.money(element, sum((max(value * sign, ZERO) for value in values), ZERO))
    found.put("GroupingCategory", "GM" if group else "GR")
    found.put("GroupingCode", group)
    found.put("TaxonomyCode", taxonomy)


def customers(rows: Iterable[CustomerRow], ledger: Ledger) -> Iterator[Node]:
    for row in rows:
        node = Node(NAMESPACE, "Customer")
        node.put("CustomerID", short_key(row.customer_ident, LONGEST_PARTY))
        node.put("AccountID", UNKNOWN if ledger.receivables is None else ledger.receivables)
        node.text("CustomerTaxID", row.vat_id or row.tax_number, 30, CONSUMER)
        node.text("CompanyName", row.name, 100, UNKNOWN)
        _address(node, row, UNKNOWN)
        node.text("Telephone", row.phone, 20)
        node.text("Email", row.email, 254)
        node.put("SelfBillingIndicator", "0")
        yield node


def suppliers(rows: Iterable[CustomerRow], ledger: Ledger) -> Iterator[Node]:
    """Whoever has an account as a creditor; for partners, who have one as a debtor as well, we write the papers."""
    for row in rows:
        node = Node(NAMESPACE, "Supplier")
        node.put("SupplierID", short_key(row.customer_ident, LONGEST_PARTY))
        node.put("AccountID", UNKNOWN if ledger.payables is None else ledger.payables)
        node.text("SupplierTaxID", row.vat_id or row.tax_number, 30, UNKNOWN)
        node.text("CompanyName", row.name, 100, UNKNOWN)
        _address(node, row, "PT")
        node.text("Telephone", row.phone, 20)
        node.text("Email", row.email, 254)
        node.put("SelfBillingIndicator", "0" if row.debtor_account is None else "1")
        yield node


def _address(node: Node, row: CustomerRow, elsewhere: str) -> None:
    """`elsewhere`: the country of who has no address: of suppliers the structure knows no unknown one."""
    address = node.child("BillingAddress")
    address.text("AddressDetail", _street(row.street, row.street_no, row.addition), 210, UNKNOWN)
    address.text("City", row.city, 50, UNKNOWN)
    address.text("PostalCode", row.zip, 20, UNKNOWN)
    address.put("Country", row.country or elsewhere)


def products(survey: Survey) -> Iterator[Node]:
    for product in survey.products.values():
        node = Node(NAMESPACE, "Product")
        node.put("ProductType", product.kind)
        node.text("ProductCode", product.code, LONGEST_CODE)
        node.put("ProductDescription", described(product.name))
        node.text("ProductNumberCode", product.code, LONGEST_CODE)
        yield node


def described(name: str) -> str:
    """At least two letters, which the structure wants."""
    said = one_line(name, 200)
    return said if len(said) > 1 else f"{said}-".rjust(2, "-")


def tax_table(survey: Survey, configuration: SafTConfiguration) -> Node | None:
    if not survey.taxes:
        return None
    node, seen = Node(NAMESPACE, "TaxTable"), set[tuple[str, ...]]()
    for category, rate, country in survey.taxes:
        tax = tax_of(configuration, category, rate)
        key = (tax.type, country, tax.code, decimal(rate, 4))
        if key in seen:
            continue
        seen.add(key)
        entry = node.child("TaxTableEntry")
        entry.put("TaxType", tax.type)
        entry.put("TaxCountryRegion", country)
        entry.put("TaxCode", tax.code)
        entry.put("Description", f"{tax.code} {decimal(rate, 4)} %")
        entry.put("TaxPercentage", decimal(rate, 4))
    return node
