"""Every text that a document says by itself, in German and in English: titles, labels, sentences, notes of the e-invoice. Pure.

In both languages or not at all, so that no document lacks one. Placeholders are filled with values that are formatted already.
"""

import datetime as dt
import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

GERMAN: Final = frozenset({"de", "deu", "ger"})
"""ISO 639 codes of German; a document in any other language says its own texts in English."""
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NONE: Final[Mapping[str, str]] = MappingProxyType({})
"""No text is said otherwise than here."""


def written_date(day: dt.date, language: str) -> str:
    """A day in a document's language: 29.11.2026 or 29 Nov 2026."""
    return f"{day:%d.%m.%Y}" if language in GERMAN else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


class Label(enum.Enum):
    """A text by its name. Each member is its German and its English text."""

    de: str
    en: str

    def __new__(cls, de: str, en: str) -> "Label":
        """Two members may say the same: each has a value of its own, its place among the others."""
        member = object.__new__(cls)
        member._value_ = len(cls.__members__)
        member.de, member.en = de, en
        return member

    @property
    def key(self) -> str:
        """By what it is called where a tenant says it in words of its own."""
        return self.name.lower()

    def said(self, language: str, own: Mapping[str, str] = NONE, **values: object) -> str:
        """The text in a document's language (ISO 639), with its placeholders filled. `own`: the tenant's words, by key."""
        return (own.get(self.key) or (self.de if language in GERMAN else self.en)).format(**values)

    # titles
    TITLE_INVOICE = "Rechnung", "Invoice"
    TITLE_CREDIT_MEMO = "Rechnungskorrektur", "Credit note"
    TITLE_DEPOSIT_INVOICE = "Anzahlungsrechnung", "Deposit invoice"
    TITLE_DEPOSIT_INVOICE_CORRECTION = "Rechnungskorrektur", "Corrected deposit invoice"
    TITLE_SELF_BILLING_INVOICE = "Gutschrift", "Self-billing invoice"
    TITLE_SELF_BILLING_INVOICE_CORRECTION = "Korrektur der Gutschrift", "Correction of self-billing invoice"
    TITLE_REMAINDER = "Restrechnung", "Remainder invoice"
    TITLE_FINAL = "Schlussrechnung", "Final invoice"
    TITLE_CORRECTION_OF = "{title} Nr.\u00a0{ident}", "{title} no.\u00a0{ident}"
    NUMBER = "Nr.", "No."
    PAGE = "Seite {page} von {pages}", "Page {page} of {pages}"
    CARRIED = "Übertrag", "Carried forward"
    SAMPLE = "MUSTER / keine Rechnung", "SAMPLE / not an invoice"
    # the information block
    DOCUMENT_DATE = "Datum", "Date"
    DOCUMENT_NUMBER = "Nummer", "Number"
    CUSTOMER_NUMBER = "Kundennummer", "Customer number"
    CUSTOMER_VAT_ID = "Ihre USt-IdNr.", "Your VAT ID"
    CUSTOMER_TAX_NUMBER = "Ihre Steuernummer", "Your tax number"
    DUE_DATE = "Zahlbar bis", "Due date"
    ORDER_DATE = "Bestelldatum", "Order date"
    PURCHASE_ORDER = "Ihre Bestellnummer", "Your order number"
    CONTRACT = "Vertrag", "Contract"
    BUYER_REFERENCE = "Ihre Referenz", "Your reference"
    PROJECT = "Projekt", "Project"
    SALES_ORDER = "Auftragsnummer", "Our order number"
    RECEIVING_ADVICE = "Wareneingang", "Receiving advice"
    DESPATCH_ADVICE = "Lieferschein", "Despatch advice"
    TENDER = "Vergabe / Los", "Tender or lot"
    OBJECT = "Abgerechnetes Objekt", "Invoiced object"
    BUYER_ACCOUNTING = "Ihre Kontierung", "Your accounting reference"
    ORDER_LINE = "Position Ihrer Bestellung", "Line of your order"
    # ... in self-billing, where the page's reader is the seller
    OUR_PURCHASE_ORDER = "Unsere Bestellnummer", "Our order number"
    OUR_REFERENCE = "Unsere Referenz", "Our reference"
    YOUR_SALES_ORDER = "Ihre Auftragsnummer", "Your order number"
    OUR_ACCOUNTING = "Unsere Kontierung", "Our accounting reference"
    OUR_ORDER_LINE = "Position unserer Bestellung", "Line of our order"
    SUPPLY_DATE = "Leistungsdatum", "Date of supply"
    SUPPLY_PERIOD = "Leistungszeitraum", "Supply period"
    EXPECTED_SUPPLY = "Voraussichtliche Leistung", "Expected supply"
    DELIVERY_ADDRESS = "Lieferanschrift", "Delivery address"
    SUPPLIER = "Leistender Unternehmer", "Supplier"
    RECIPIENT = "Leistungsempfänger", "Recipient"
    # before the rows
    ABOUT = "Bezug: {references}", "Reference: {references}"
    ABOUT_FINAL = "Diese Rechnung rechnet ab: {references}", "This invoice settles: {references}"
    ABOUT_CORRECTION = "Diese Rechnungskorrektur berichtigt: {references}", "This credit note corrects: {references}"
    ABOUT_SELF_BILLING_CORRECTION = "Diese Korrektur berichtigt: {references}", "This document corrects: {references}"
    ABOUT_DEPOSIT_CORRECTION = "Diese Rechnungskorrektur berichtigt: {references}", "This document corrects: {references}"
    REFERENCE = "{title} {ident} vom {date}", "{title} {ident} of {date}"
    REFERENCE_UNDATED = "{title} {ident}", "{title} {ident}"
    PRECEDING_DOCUMENT = "Rechnung", "Invoice"
    DEPOSIT = (
        "Die Leistung steht noch aus. Mit dieser Anzahlungsrechnung stellen wir den vereinbarten Teil vorab in Rechnung.",
        "The supply is still to come. With this deposit invoice we bill the agreed part in advance.",
    )
    SELF_BILLING = (
        "Wie vereinbart rechnen wir Ihre Leistungen durch diese Gutschrift ab (§ 14 Abs. 2 UStG).",
        "As agreed, we account for your supplies by this self-billing invoice (Gutschrift, section 14 (2) UStG).",
    )
    # what a credit corrects, as before and after
    CORRECTION_TITLE = "Berichtigung: vorher, nachher, Differenz", "Correction: before, after, difference"
    CORRECTION_REASON = "Grund der Berichtigung: {reason}", "Reason for correction: {reason}"
    CORRECTION_UNSAID = "Berichtigung der Rechnung", "Correction of the invoice"
    CORRECTION_STATE = "Stand", "State"
    CORRECTION_BEFORE = "vorher", "before"
    CORRECTION_AFTER = "nachher", "after"
    CORRECTION_DIFFERENCE = "Differenz", "difference"
    CORRECTION_TOTAL = "Summe", "Total"
    CORRECTION_NET = "Netto", "Net"
    CORRECTION_TAX = "Steuer", "Tax"
    CORRECTION_GROSS = "Brutto", "Gross"
    # the rows
    POSITION = "Pos.", "No."
    DESCRIPTION = "Bezeichnung", "Description"
    QUANTITY = "Menge", "Quantity"
    UNIT_PRICE = "Einzelpreis", "Unit price"
    UNIT_PRICE_GROSS = "Einzelpreis brutto", "Gross unit price"
    VAT = "USt.", "VAT"
    AMOUNT = "Betrag {currency}", "Amount {currency}"
    AMOUNT_GROSS = "Brutto {currency}", "Gross {currency}"
    MALE = "Herrn", "Mr"
    FEMALE = "Frau", "Ms"
    PLACE = "Leistungsort: {place}", "Place of supply: {place}"
    REFUNDABLE = "Restguthaben wird ausgezahlt", "what is left is paid out"
    NON_REFUNDABLE = "Restguthaben wird nicht ausgezahlt", "what is left is not paid out"
    VOUCHER = "Gutschein {name}", "Voucher {name}"
    LEFTOVER = "Restguthaben {amount}", "{amount} left"
    ARTICLE_NUMBER = "Art.-Nr. {number}", "Item no. {number}"
    ROW_REFERENCE = "Bezug: {ident}", "Reference: {ident}"
    ROW_SUPPLY = "Leistung: {date}", "Supplied: {date}"
    ROW_BILLING = "Abrechnungszeitraum: {date}", "Billing period: {date}"
    BEFORE_EXTRAS = "Betrag vor Zu- und Abschlägen", "Amount before discounts and surcharges"
    PRICE_BASE = "je {quantity}", "per {quantity}"
    RECURRING = (
        "anteilig {used} von {interval} Tagen, voller Preis {price}",
        "pro rata {used} of {interval} days, full price {price}",
    )
    TIER = "ab {quantity}: {price}", "from {quantity}: {price}"
    TIER_ABOVE = "über {quantity}: {price}", "above {quantity}: {price}"
    TIERS = "Staffelpreise", "Tiered prices"
    TIERS_USED = "verbraucht {used}", "used {used}"
    BLOCK = "{blocks} × {size} zu je {price}, verbraucht {used}", "{blocks} × {size} at {price} each, used {used}"
    BLOCK_SHORT = "{blocks} × {size} zu je {price}", "{blocks} × {size} at {price} each"
    BLOCKS_OF = "Blöcke von {size} zu je {price}", "blocks of {size} at {price} each"
    BLOCKS_OF_USED = "Blöcke von {size} zu je {price}, verbraucht {used}", "blocks of {size} at {price} each, used {used}"
    TIME_BASED = "nach Zeit gemessen: {used}", "measured by time: {used}"
    # the sums
    SUM_ROWS = "Summe der Positionen", "Sum of all rows"
    SUM_ROWS_GROSS = "Summe der Positionen (brutto)", "Sum of all rows (gross)"
    NET = "Nettobetrag", "Net amount"
    PLUS_VAT = "{tax} auf {base}", "{tax} on {base}"
    GROSS = "Gesamtbetrag", "Total amount"
    RECEIVED_DEPOSITS = "abzüglich erhaltene Anzahlungen (brutto)", "less deposits received (gross)"
    PREPAID = "abzüglich Zahlung vom {date} ({reference})", "less payment of {date} ({reference})"
    LESS_CASH_DISCOUNT = "abzüglich gewährtes Skonto", "less cash discount granted"
    LESS_DISCOUNT = "abzüglich gewährter Nachlass", "less discount granted"
    LESS_LOSS = "abzüglich ausgebuchter Betrag", "less amount written off"
    ROUNDING = "Rundung", "Rounding"
    PAYABLE = "Zahlbetrag", "Amount due"
    PAYABLE_CREDIT = "Erstattungsbetrag", "Amount credited"
    PAYABLE_SELF_BILLING = "Auszahlungsbetrag", "Amount paid out"
    PAYABLE_CORRECTION = "Korrekturbetrag", "Amount corrected"
    LEDGER_TAX = (
        "Umsatzsteuer in {currency}: {amount} (1 {currency} = {rate} {foreign}; {source}, {date})",
        "VAT in {currency}: {amount} (1 {currency} = {rate} {foreign}; {source}, {date})",
    )
    TAX_COUNTRY = "{tax} ({country})", "{tax} ({country})"
    CATEGORY_S = "{rate} % USt.", "{rate}% VAT"
    CATEGORY_Z = "0 % USt.", "0% VAT"
    CATEGORY_E = "Steuerfrei", "Exempt from VAT"
    CATEGORY_AE = "Reverse Charge", "Reverse charge"
    CATEGORY_K = "Steuerfreie innergemeinschaftliche Lieferung", "VAT-exempt intra-Community supply"
    CATEGORY_G = "Steuerfreie Ausfuhr", "VAT-exempt export"
    CATEGORY_O = "Nicht steuerbar", "Outside the scope of VAT"
    CATEGORY_L = "{rate} % IGIC", "{rate}% IGIC"
    CATEGORY_M = "{rate} % IPSI", "{rate}% IPSI"
    EXEMPT_Z = "Der Umsatz unterliegt dem Steuersatz 0 %.", "Zero-rated supply."
    EXEMPT_E = "Der Umsatz ist von der Umsatzsteuer befreit.", "The supply is exempt from VAT."
    EXEMPT_AE = (
        "Steuerschuldnerschaft des Leistungsempfängers",
        "Reverse charge: the recipient is liable for the VAT (Steuerschuldnerschaft des Leistungsempfängers)",
    )
    EXEMPT_K = (
        "Steuerfreie innergemeinschaftliche Lieferung",
        "VAT-exempt intra-Community supply (Steuerfreie innergemeinschaftliche Lieferung)",
    )
    EXEMPT_G = "Steuerfreie Ausfuhrlieferung", "VAT-exempt export (Steuerfreie Ausfuhrlieferung)"
    EXEMPT_O = "Nicht steuerbar", "Outside the scope of VAT (Nicht steuerbar)"
    SMALL_BUSINESS = (
        "Steuerbefreiung für Kleinunternehmer nach § 19 UStG",
        "VAT exemption for small businesses, section 19 UStG (Steuerbefreiung für Kleinunternehmer nach § 19 UStG)",
    )
    # received deposits
    DEPOSITS_TITLE = "Erhaltene Anzahlungen", "Deposits received"
    DEPOSIT_IDENT = "Anzahlungsrechnung", "Deposit invoice"
    DEPOSIT_DATED = "vom", "dated"
    DEPOSIT_RECEIVED = "erhalten am", "received"
    DEPOSIT_RATE = "USt.-Satz", "VAT rate"
    DEPOSIT_NET = "Netto", "Net"
    DEPOSIT_TAX = "USt.", "VAT"
    DEPOSIT_GROSS = "Brutto", "Gross"
    DEPOSIT_TOTAL = "Summe", "Total"
    # notes and payment
    SUPPLY_ON_DOCUMENT_DATE = "Leistungsdatum entspricht dem Rechnungsdatum", "The date of supply is the invoice date"
    TAX_REPRESENTATIVE = (
        "Fiskalvertreter: {name}, {address}, USt-IdNr. {vat_id}",
        "Tax representative: {name}, {address}, VAT ID {vat_id}",
    )
    PAYMENT_TITLE = "Zahlung", "Payment"
    PAY_TRANSFER = (
        "Bitte überweisen Sie {amount} bis zum {date} unter Angabe des Verwendungszwecks.",
        "Please transfer {amount} by {date}, quoting the payment reference.",
    )
    PAY_TRANSFER_NOW = (
        "Bitte überweisen Sie {amount} sofort nach Erhalt unter Angabe des Verwendungszwecks.",
        "Please transfer {amount} upon receipt, quoting the payment reference.",
    )
    PAY_OTHER = "Bitte zahlen Sie {amount} bis zum {date}.", "Please pay {amount} by {date}."
    PAY_OTHER_NOW = "Bitte zahlen Sie {amount} sofort nach Erhalt.", "Please pay {amount} upon receipt."
    PAY_AS_AGREED = "Bitte zahlen Sie {amount} wie vereinbart.", "Please pay {amount} as agreed."
    PAYEE = "Zahlungsempfänger ist {name}.", "The payment is to be made to {name}."
    PAY_DEBIT = (
        "Wir ziehen {amount} zum {date} per SEPA-Lastschrift von Ihrem Konto ein.",
        "We will collect {amount} from your account by SEPA direct debit on {date}.",
    )
    PAY_DEBIT_AS_AGREED = (
        "Wir ziehen {amount} wie vereinbart per SEPA-Lastschrift von Ihrem Konto ein.",
        "We will collect {amount} from your account by SEPA direct debit as agreed.",
    )
    PAY_COLLECT = (
        "Wir ziehen {amount} zum {date} über Ihr hinterlegtes Zahlungsmittel ein.",
        "We will collect {amount} by your stored means of payment on {date}.",
    )
    NOTE_COLLECTED = "Wir ziehen den Betrag am {date} ein.", "We will collect the amount on {date}."
    PAY_PAID = "Der Betrag von {amount} ist bereits bezahlt.", "The amount of {amount} has already been paid."
    PAY_NOTHING = "Es ist nichts zu zahlen.", "There is nothing to pay."
    PAY_BACK = (
        "Ihr Guthaben von {amount} erstatten wir Ihnen oder verrechnen es mit offenen Beträgen.",
        "We will refund your credit balance of {amount} or offset it against open amounts.",
    )
    PAY_CREDIT = (
        "Wir erstatten Ihnen {amount} oder verrechnen den Betrag mit offenen Rechnungen.",
        "We will refund {amount} or offset it against open invoices.",
    )
    PAY_DEPOSIT_CORRECTION = (
        "Die Anzahlungsforderung mindert sich um {amount}. Bereits Gezahltes verrechnen oder erstatten wir.",
        "The deposit due is reduced by {amount}. We will offset or refund what has already been paid.",
    )
    PAY_SELF_BILLING = (
        "Wir überweisen {amount} bis zum {date} auf Ihr Konto.",
        "We will transfer {amount} to your account by {date}.",
    )
    PAY_SELF_BILLING_ACCOUNT = (
        "Wir überweisen {amount} bis zum {date} auf Ihr Konto {iban}.",
        "We will transfer {amount} to your account {iban} by {date}.",
    )
    PAY_SELF_BILLING_CORRECTION = (
        "Die Auszahlung mindert sich um {amount}. Wir verrechnen den Betrag mit Ihrem Konto.",
        "The amount paid out is reduced by {amount}. We will offset it against your account.",
    )
    CASH_DISCOUNT = (
        "Bei Zahlung bis zum {date}: {percentage} % Skonto, zu zahlen {amount} (Abzug {discount}).",
        "If paid by {date}: {percentage}% cash discount, amount to pay {amount} (discount {discount}).",
    )
    CASH_DISCOUNT_SAID = "{percentage} % Skonto innerhalb von {days} Tagen.", "{percentage}% cash discount within {days} days."
    CASH_DISCOUNT_OF = (
        "{percentage} % Skonto auf {base} innerhalb von {days} Tagen.",
        "{percentage}% cash discount on {base} within {days} days.",
    )
    HOLDER = "Empfänger", "Payee"
    IBAN = "IBAN", "IBAN"
    BIC = "BIC", "BIC"
    BANK = "Bank", "Bank"
    PAYMENT_REFERENCE = "Verwendungszweck", "Payment reference"
    MANDATE = "Mandatsreferenz", "Mandate reference"
    CREDITOR_ID = "Gläubiger-ID", "Creditor ID"
    DEBITED_ACCOUNT = "Ihr Konto", "Your account"
    GIROCODE = "GiroCode\nscannen und bezahlen", "GiroCode\nscan to pay"
    # the footer
    PHONE = "Tel. {number}", "Phone {number}"
    DIRECTORS = "Geschäftsführung: {names}", "Managing directors: {names}"
    VAT_ID = "USt-IdNr. {number}", "VAT ID {number}"
    TAX_NUMBER = "Steuernummer {number}", "Tax number {number}"
    # rows that are made here, and notes of the e-invoice
    LESS_DEPOSIT = "Abzüglich Anzahlung, Rechnung {ident} vom {date}", "Less deposit, invoice {ident} of {date}"
    NOTE_DEPOSIT = "Anzahlungsrechnung: Die Leistung wird noch erbracht.", "Deposit invoice: the supply is still to come."
    NOTE_SUPPLY_DATE = "Leistungsdatum ist das Rechnungsdatum.", "The date of supply is the invoice date."
    REAL_ESTATE = (
        "Als Privatperson sind Sie verpflichtet, diese Rechnung zwei Jahre lang aufzubewahren (§ 14b Abs. 1 Satz 5 UStG).",
        "As a private customer you must keep this invoice for two years (section 14b (1) sentence 5 of the German VAT Act).",
    )
    DEPOSIT_ANNEX = "Anzahlungen mit Entgelt und Steuer", "Deposits with net and tax"
