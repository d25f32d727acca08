"""SAF-T Financial of Norway, version 1.30: header and master files.

Source: Skatteetaten, Norwegian SAF-T Financial data, documentation 1.30; standard tax codes: Skatteetaten's code list `Standard_Tax_Codes`.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from contor.customers.every import CustomerRow
from contor.kernel.money import ZERO
from contor.reports.exports import ExportTask
from contor.reports.saf_t.books import Ledger
from contor.reports.saf_t.survey import Survey
from contor.reports.saf_t.tree import Node, decimal, short_key
from contor.settings.abroad import SafTConfiguration
from contor.settings.queries import Site

NAMESPACE: Final = "urn:StandardAuditFile-Taxation-Financial:NO"
LONGEST_CODE: Final = 70
LONGEST_PARTY: Final = 35
_LOW: Final = (Decimal(12), Decimal(6), Decimal(10))
"""Today, from April 2020 to September 2021, in 2016 and 2017."""
_RATES: Final = {Decimal(25): "3", Decimal(15): "31", Decimal("11.11"): "32", **dict.fromkeys(_LOW, "33")}
"""Output tax by rate."""
_INPUT: Final = {Decimal(25): "1", Decimal(15): "11", Decimal("11.11"): "12", **dict.fromkeys(_LOW, "13")}
"""Deducted tax of what is bought in the country, by rate."""
_OWED: Final = dict.fromkeys(_LOW, "88")
"""Services bought abroad, of which the buyer owes and deducts the tax, at low rates; else 86."""
_CATEGORIES: Final = {"Z": "5", "E": "6", "K": "52", "G": "52", "O": "7", "S": "7", "L": "7", "M": "7", "V": "0", "RC": "86"}
"""What bears no Norwegian tax."""
_PURCHASED: Final = {"S": "V", "AE": "RC"}
_OF_KEY: Final = {"Z": "Z", "E": "E", "AE": "AE", "K": "K", "G": "G", "O": "O", "V": "V", "RC": "RC"}
Taxes = Mapping[tuple[str, Decimal, str], None]


def standard_code(configuration: SafTConfiguration, category: str, rate: Decimal, country: str) -> str:
    """StandardTaxCode: as configured, else of the rate in Norway, else of what bears no tax there. What a business of another country owes
    the tax of is exported (52), what one in Norway does stays (51: emission allowances, gold)."""
    said = configuration.tax_code_of(category, rate)
    if said is not None:
        return said["code"]
    if category == "S" and country == "NO" and rate in _RATES:
        return _RATES[rate]
    if category == "AE":
        return "51" if country == "NO" else "52"
    if category == "V" and country == "NO" and rate in _INPUT:
        return _INPUT[rate]
    if category == "RC" and rate in _OWED:
        return _OWED[rate]
    return _CATEGORIES.get(category, "7")


def tax_code(category: str, rate: Decimal, country: str) -> str:
    """TaxCode: our own, of which the tax table says the standard one."""
    return f"{category}-{decimal(rate, 4)}-{country}"


def purchased(category: str) -> str:
    """What a category is on a paper by which we buy: V, tax that is deducted; RC, tax that we owe as the recipient."""
    return _PURCHASED.get(category, category)


def category_of_key(key: str | None) -> str:
    """The category of a tax key of the books (docs/business/posting-table.md), V or RC of what is bought."""
    base = (key or "O").partition("-")[0]
    return _OF_KEY.get(base.rstrip("0123456789"), "S")


def header(site: Site, configuration: SafTConfiguration, task: ExportTask, currency: str, version: str) -> Node:
    node = Node(NAMESPACE, "Header")
    node.put("AuditFileVersion", "1.30")
    node.put("AuditFileCountry", "NO")
    node.put("AuditFileDateCreated", task.requested_at.date())
    producer, _, program = (configuration.product_id or "Contor/Contor").partition("/")
    node.text("SoftwareCompanyName", producer, 70, "Contor")
    node.text("SoftwareID", program, 256, "Contor")
    node.text("SoftwareVersion", version, 18, "0")
    company = node.child("Company")
    company.text("RegistrationNumber", configuration.taxpayer_number, 35)
    company.text("Name", site.company_name, 256)
    at = site.address
    _address(company, at.get("street"), at.get("street_no"), at.get("addition"), at.get("city"), at.get("zip"), at["country"])
    _contact(company, site)
    registration = company.child("TaxRegistration")
    registration.text("TaxRegistrationNumber", site.vat_id or configuration.taxpayer_number, 35)
    for account in site.bank_accounts or ():
        bank = company.child("BankAccount")
        bank.text("IBANNumber", account["iban"], 35)
        bank.text("BIC", account.get("bic"), 18)
    node.put("DefaultCurrencyCode", currency)
    selection = node.child("SelectionCriteria")
    selection.put("SelectionStartDate", task.first_day)
    selection.put("SelectionEndDate", task.last_day)
    if configuration.software_certificate:
        node.text("HeaderComment", f"Software certificate {configuration.software_certificate}", 256)
    node.put("TaxAccountingBasis", "A")
    node.text("UserID", task.requested_by, 256)
    return node


def _contact(company: Node, site: Site) -> None:
    contact = company.child("Contact")
    given = site.contact or {}
    names = (given.get("name") or "").split()
    person = contact.child("ContactPerson")
    person.text("FirstName", " ".join(names[:-1]), 35, "-")
    person.text("LastName", names[-1] if names else None, 70, "-")
    contact.text("Telephone", given.get("phone"), 18)
    contact.text("Email", given.get("email"), 70)


def _address(
    node: Node,
    street: str | None,
    number: str | None,
    addition: str | None,
    city: str | None,
    code: str | None,
    country: str | None,
) -> None:
    found = node.child("Address")
    found.text("StreetName", street, 256)
    found.text("Number", number, 70)
    found.text("AdditionalAddressDetail", addition, 256)
    found.text("City", city, 256)
    found.text("PostalCode", code, 70)
    found.put("Country", country)
    found.put("AddressType", "StreetAddress")


def accounts(ledger: Ledger) -> Iterator[Node]:
    for account in ledger.accounts:
        node = Node(NAMESPACE, "Account")
        node.put("AccountID", account.number)
        node.text("AccountDescription", account.name, 256, str(account.number))
        node.text("GroupingCategory", account.category, 256, "-")
        node.text("GroupingCode", account.code, 35)
        node.put("AccountType", "GL")
        _balance(node, account.opening, account.closing)
        yield node


def _balance(node: Node, opening: Decimal, closing: Decimal) -> None:
    for word, value in (("Opening", opening), ("Closing", closing)):
        node.money(f"{word}{'Debit' if value >= 0 else 'Credit'}Balance", abs(value))


def customers(rows: Iterable[CustomerRow], ledger: Ledger) -> Iterator[Node]:
    for row in rows:
        node = _party(row, "Customer", row.debtor_account, ledger.receivables, ledger)
        yield node


def suppliers(rows: Iterable[CustomerRow], ledger: Ledger) -> Iterator[Node]:
    """Whoever has an account as a creditor."""
    for row in rows:
        yield _party(row, "Supplier", row.creditor_account, ledger.payables, ledger)


def _party(row: CustomerRow, kind: str, personal: int | None, control: int | None, ledger: Ledger) -> Node:
    node = Node(NAMESPACE, kind)
    node.text("RegistrationNumber", row.tax_number or row.vat_id, 35)
    node.text("Name", row.name, 256)
    _address(node, row.street, row.street_no, row.addition, row.city, row.zip, row.country)
    if row.vat_id:
        node.child("TaxRegistration").text("TaxRegistrationNumber", row.vat_id, 35)
    node.text(f"{kind}ID", short_key(row.customer_ident, LONGEST_PARTY), LONGEST_PARTY)
    if personal in ledger.personal and control in {account.number for account in ledger.accounts}:
        balance = node.child("BalanceAccount")
        balance.put("AccountID", control)
        _balance(balance, *ledger.personal.get(personal or 0, (ZERO, ZERO)))
    return node


def tax_table(taxes: Taxes, configuration: SafTConfiguration) -> Node | None:
    if not taxes:
        return None
    node = Node(NAMESPACE, "TaxTable")
    entry = node.child("TaxTableEntry")
    entry.put("TaxType", "MVA")
    entry.put("Description", "Merverdiavgift")
    for category, rate, country in taxes:
        details = entry.child("TaxCodeDetails")
        details.put("TaxCode", tax_code(category, rate, country))
        details.put("Description", f"{category} {decimal(rate, 4)} %")
        details.put("TaxPercentage", decimal(rate, 4))
        details.put("Country", country)
        details.put("StandardTaxCode", standard_code(configuration, category, rate, country))
        details.put("BaseRate", "100")
    return node


def units(survey: Survey) -> Node | None:
    if not survey.units:
        return None
    node = Node(NAMESPACE, "UOMTable")
    for unit in survey.units:
        entry = node.child("UOMTableEntry")
        entry.text("UnitOfMeasure", unit, 9)
        entry.text("Description", f"UN/ECE {unit}", 256)
    return node


def products(survey: Survey) -> Node | None:
    if not survey.products:
        return None
    node = Node(NAMESPACE, "Products")
    for product in survey.products.values():
        entry = node.child("Product")
        entry.text("ProductCode", product.code, LONGEST_CODE)
        entry.put("GoodsServicesID", {"P": "Goods", "S": "Services"}.get(product.kind, "Other"))
        entry.text("Description", product.name, 256, "-")
        entry.text("UOMBase", product.unit, 9)
    return node
