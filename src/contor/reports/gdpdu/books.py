"""The tables of the books, of open items, of master data and of what was done. Pure."""

from decimal import Decimal
from typing import Final, NamedTuple

from contor.reports.gdpdu.described import AuditTable, ForeignKey, day, number, text
from contor.reports.gdpdu.documents import TO_CUSTOMER, TO_DOCUMENT

_TO_ACCOUNT: Final = ForeignKey(("Konto", "Waehrung"), "Kontenplan")


class Account(NamedTuple):
    """Of the chart, or a customer's own."""

    number: int
    currency: str
    kind: str
    group: str
    name: str
    tax_key: str | None
    automatic: bool
    customer: str | None


class Balance(NamedTuple):
    account: int
    currency: str
    opening: Decimal
    debit: Decimal
    credit: Decimal
    closing: Decimal


JOURNAL: Final = AuditTable(
    "Journal",
    "journal.csv",
    "Buchungszeilen des Zeitraums in Journalreihenfolge; Stornierungen stehen negativ auf derselben Seite (Generalumkehr)",
    2,
    (
        text("Buchung_ID", lambda it: str(it.entry_id), "Interner Schlüssel"),
        number("Zeile", lambda it: it.position, places=0),
        number("Geschaeftsjahr", lambda it: it.fiscal_year, places=0),
        number("Journalnummer", lambda it: it.journal_number, "Lückenlos je Geschäftsjahr", places=0),
        text("Gebucht_am", lambda it: it.posted_at.isoformat(), "Zeitpunkt (ISO 8601)"),
        day("Buchungsdatum", lambda it: it.posting_date),
        day("Belegdatum", lambda it: it.document_date),
        day("Steuerdatum", lambda it: it.tax_date),
        text("Vorgang", lambda it: it.kind),
        text("Buchungstext", lambda it: it.text),
        text("Beleg_ID", lambda it: None if it.document_id is None else str(it.document_id)),
        text("Belegnummer", lambda it: it.document_ident),
        text("Bezug", lambda it: it.reference, "Zahlung, Zuordnung oder Entscheidung dahinter"),
        text("Bearbeiter", lambda it: it.actor),
        text("Storniert_Buchung", lambda it: None if it.reversal_of is None else str(it.reversal_of)),
        number("Konto", lambda it: it.account, places=0),
        text("Soll_Haben", lambda it: "S" if it.side == "D" else "H"),
        number("Betrag", lambda it: it.amount, places=4),
        text("Waehrung", lambda it: it.currency),
        text("Steuerschluessel", lambda it: it.tax_key),
        number("Steuerbasis", lambda it: it.tax_base, places=4),
        number("Steuersatz", lambda it: it.tax_rate, places=4),
        text("Kunde", lambda it: it.party),
        text("Kostenstelle", lambda it: it.cost_centre),
        text("Land", lambda it: it.country),
        number("Fremdbetrag", lambda it: it.foreign_amount, places=4),
        text("Fremdwaehrung", lambda it: it.foreign_currency),
    ),
    (_TO_ACCOUNT, TO_DOCUMENT, TO_CUSTOMER),
)
CHART: Final = AuditTable(
    "Kontenplan",
    "kontenplan.csv",
    "Sachkonten und Personenkonten",
    2,
    (
        number("Konto", lambda it: it.number, places=0),
        text("Waehrung", lambda it: it.currency),
        text("Kontoart", lambda it: it.kind),
        text("Kontogruppe", lambda it: it.group),
        text("Bezeichnung", lambda it: it.name),
        text("Steuerschluessel", lambda it: it.tax_key),
        text("Automatikkonto", lambda it: "ja" if it.automatic else "nein"),
        text("Kunde", lambda it: it.customer, "Bei Personenkonten"),
    ),
    (TO_CUSTOMER,),
)
BALANCES: Final = AuditTable(
    "Salden",
    "salden.csv",
    "Summen und Salden der bebuchten Konten; Salden in Soll-Richtung",
    2,
    (
        number("Konto", lambda it: it.account, places=0),
        text("Waehrung", lambda it: it.currency),
        number("Anfangssaldo", lambda it: it.opening, places=4),
        number("Soll", lambda it: it.debit, places=4),
        number("Haben", lambda it: it.credit, places=4),
        number("Endsaldo", lambda it: it.closing, places=4),
    ),
    (_TO_ACCOUNT,),
)
CASES: Final = AuditTable(
    "OffenePosten",
    "offeneposten.csv",
    "Posten, die am letzten Tag offen waren oder im Zeitraum entstanden oder bewegt wurden; Beträge in Soll-Richtung",
    1,
    (
        text("Beleg_ID", lambda it: str(it.document_id)),
        text("Belegnummer", lambda it: it.ident),
        text("Belegart", lambda it: it.document_type),
        text("Kunde", lambda it: it.customer_ident),
        day("Belegdatum", lambda it: it.document_date),
        day("Faelligkeit", lambda it: it.due_date),
        text("Waehrung", lambda it: it.currency),
        number("Anfangsbetrag", lambda it: it.opening, places=4),
        number("Bewegt", lambda it: it.moved, "Bis zum letzten Tag", places=4),
        number("Offen", lambda it: it.balance, "Am letzten Tag", places=4),
        text("Nachrichtlich", lambda it: "ja" if it.is_memo else "nein", "Nicht auf dem Kundenkonto gebucht"),
    ),
    (TO_DOCUMENT, TO_CUSTOMER),
)
MOVEMENTS: Final = AuditTable(
    "Postenbewegungen",
    "postenbewegungen.csv",
    "Was offene Posten im Zeitraum bewegt hat; Beträge in Soll-Richtung",
    1,
    (
        text("Bewegung_ID", lambda it: str(it.id)),
        text("Beleg_ID", lambda it: str(it.document_id)),
        text("Art", lambda it: it.kind),
        day("Buchungstag", lambda it: it.booked_on, "Wie im Journal: nie in einem Monat, der schon abgeschlossen war"),
        number("Betrag", lambda it: it.amount, places=4),
        number("Betrag_Buchwaehrung", lambda it: it.ledger_amount, places=4),
        text("Entscheidung", lambda it: it.decision),
        text("Herkunft", lambda it: it.source),
        text("Notiz", lambda it: it.note),
        text("Nimmt_zurueck", lambda it: None if it.reversal_of is None else str(it.reversal_of)),
    ),
    (ForeignKey(("Beleg_ID",), "OffenePosten"),),
)
CUSTOMERS: Final = AuditTable(
    "Kunden",
    "kunden.csv",
    "Kunden mit Rechnungsanschrift, wie sie bei der Erstellung gespeichert waren",
    1,
    (
        text("Kunde", lambda it: it.customer_ident),
        text("Kundenart", lambda it: it.customer_type),
        text("Name", lambda it: it.name),
        text("Strasse", lambda it: " ".join(part for part in (it.street, it.street_no) if part)),
        text("Zusatz", lambda it: it.addition),
        text("PLZ", lambda it: it.zip),
        text("Ort", lambda it: it.city),
        text("Region", lambda it: it.state),
        text("Land", lambda it: it.country),
        text("USt_ID", lambda it: it.vat_id),
        text("Steuernummer", lambda it: it.tax_number),
        number("Debitorenkonto", lambda it: it.debtor_account, places=0),
        number("Kreditorenkonto", lambda it: it.creditor_account, places=0),
        text("Angelegt_am", lambda it: it.created_at.isoformat(), "Zeitpunkt (ISO 8601)"),
    ),
)
SUPPLIERS: Final = AuditTable(
    "Lieferanten",
    "lieferanten.csv",
    "Lieferanten gebuchter Eingangsrechnungen, wie sie bei der Erstellung gespeichert waren",
    1,
    (
        text("Lieferant", lambda it: it.ident),
        text("Name", lambda it: it.name),
        text("USt_ID", lambda it: it.vat_id),
        number("Kreditorenkonto", lambda it: it.account, places=0),
        text("Angelegt_am", lambda it: it.created_at.isoformat(), "Zeitpunkt (ISO 8601)"),
    ),
)
_TRAIL: Final = (
    text("Protokoll_ID", lambda it: str(it.id)),
    text("Zeitpunkt", lambda it: it.at.isoformat(), "ISO 8601"),
    text("Bearbeiter", lambda it: it.actor),
    text("Vorgang", lambda it: it.operation),
    text("Anforderung", lambda it: it.request_id),
    text("Gegenstand", lambda it: it.subject_kind),
    text("Schluessel", lambda it: it.subject_ident),
    text("Aenderung", lambda it: it.change, "Vorher und nachher (JSON)"),
)
SETTINGS: Final = AuditTable(
    "Einstellungen", "einstellungen.csv", "Änderungen der Einstellungen von Anfang an bis zum Ende des Zeitraums", 1, _TRAIL
)
TRAIL: Final = AuditTable("Protokoll", "protokoll.csv", "Was im Zeitraum von wem getan wurde", 1, _TRAIL)
SETTING_KINDS: Final = (
    "aggregation_configuration",
    "billing_group",
    "booking_account",
    "business_segment",
    "document_output_configuration",
    "dunning_configuration",
    "expense_category",
    "number_counter",
    "number_strategy",
    "operating_site",
    "polish_credit_memo",
    "saf_t_configuration",
    "tax_registration",
    "tenant_setting",
)
"""What the audit trail calls the settings."""
