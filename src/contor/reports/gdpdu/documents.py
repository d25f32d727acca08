"""The tables of documents: heads, rows, taxes, and what they refer to. Pure."""

from typing import Final, NamedTuple

from contor.documents.types import Document, DocumentAllowanceCharge, DocumentItem, RelatedDocument, TaxGroup
from contor.reports.gdpdu.described import AuditTable, ForeignKey, day, number, text

TO_DOCUMENT: Final = ForeignKey(("Beleg_ID",), "Belege")
TO_CUSTOMER: Final = ForeignKey(("Kunde",), "Kunden")


class Head(NamedTuple):
    id: int
    document: Document


class Item(NamedTuple):
    id: int
    item: DocumentItem


class Group(NamedTuple):
    id: int
    position: int
    group: TaxGroup
    ledger_tax: object
    """In the ledger's currency, where the document has another one."""


class Allowance(NamedTuple):
    id: int
    position: int
    part: DocumentAllowanceCharge


class Reference(NamedTuple):
    id: int
    position: int
    related: RelatedDocument


DOCUMENTS: Final = AuditTable(
    "Belege",
    "belege.csv",
    "Ausgestellte Belege des Zeitraums und die, auf die sich Buchungen oder offene Posten beziehen",
    1,
    (
        text("Beleg_ID", lambda it: str(it.id), "Interner Schlüssel"),
        text("Belegnummer", lambda it: it.document.ident),
        text("Belegart", lambda it: it.document.document_type.value),
        day("Belegdatum", lambda it: it.document.document_date),
        day("Leistungsdatum", lambda it: it.document.tax_date, "Steuerlich maßgeblicher Tag"),
        day("Faelligkeit", lambda it: it.document.due_date),
        day("Bestelldatum", lambda it: it.document.order_date),
        text("Kunde", lambda it: it.document.customer_ident),
        text("Empfaenger", lambda it: it.document.customer.name),
        text("Empfaenger_USt_ID", lambda it: it.document.customer.vat_id),
        text("Empfaenger_Land", lambda it: it.document.customer.address.country),
        text("Betriebsstaette", lambda it: it.document.operating_site_ident),
        text("Abrechnungsgruppe", lambda it: it.document.billing_group_ident),
        text("Waehrung", lambda it: it.document.currency),
        number("Netto", lambda it: it.document.totals.net, places=4),
        number("Steuer", lambda it: it.document.totals.tax, places=4),
        number("Brutto", lambda it: it.document.totals.gross, places=4),
        number("Vorausbezahlt", lambda it: it.document.totals.prepaid, places=4),
        number("Rundung", lambda it: it.document.totals.rounding, places=4),
        number("Zahlbetrag", lambda it: it.document.totals.payable, places=4),
        text("Buchwaehrung", lambda it: it.document.ledger.currency if it.document.ledger else None, "Wo sie eine andere ist"),
        number("Kurs", lambda it: it.document.ledger.exchange_rate.rate if it.document.ledger else None, places=10),
        day("Kursdatum", lambda it: it.document.ledger.exchange_rate.date if it.document.ledger else None),
        number("Steuer_Buchwaehrung", lambda it: it.document.ledger.tax if it.document.ledger else None, places=4),
        number("Brutto_Buchwaehrung", lambda it: it.document.ledger.gross if it.document.ledger else None, places=4),
        text("Ist_Versteuerung", lambda it: _yes(it.document.cash_taxation)),
        text("Ausgestellt_am", lambda it: it.document.created_at.isoformat(), "Zeitpunkt (ISO 8601)"),
        text("Anforderung", lambda it: it.document.request_id),
    ),
    (TO_CUSTOMER,),
)
ROWS: Final = AuditTable(
    "Belegpositionen",
    "belegpositionen.csv",
    "Positionen der Belege",
    2,
    (
        text("Beleg_ID", lambda it: str(it.id)),
        number("Position", lambda it: it.item.position, places=0),
        text("Schluessel", lambda it: it.item.ident),
        text("Art", lambda it: it.item.category),
        text("Bezeichnung", lambda it: it.item.name),
        text("Beschreibung", lambda it: it.item.description),
        text("Artikelnummer", lambda it: it.item.article_number),
        text("Soll_Haben", lambda it: "H" if it.item.is_credit else "S", "H: mindert den Beleg"),
        number("Menge", lambda it: it.item.quantity, places=4),
        text("Einheit", lambda it: it.item.unit_code, "UN/ECE Rec. 20"),
        number("Preisbasis", lambda it: it.item.price_base_quantity, places=4),
        number("Einzelpreis_Netto", lambda it: it.item.unit.net, places=10),
        number("Einzelpreis_Brutto", lambda it: it.item.unit.gross, places=10),
        number("Netto", lambda it: it.item.total.net, places=4),
        number("Steuer", lambda it: it.item.total.tax, places=4),
        number("Brutto", lambda it: it.item.total.gross, places=4),
        text("Steuerkategorie", lambda it: it.item.category_code, "UNCL5305"),
        number("Steuersatz", lambda it: it.item.rate, places=4),
        day("Leistung_von", lambda it: it.item.service_period.start if it.item.service_period else it.item.delivery_date),
        day("Leistung_bis", lambda it: it.item.service_period.end if it.item.service_period else it.item.delivery_date),
        text("Kostenstelle", lambda it: it.item.cost_centre),
        text("Bezug_Position", lambda it: it.item.reference_ident),
        text("Abgesetzte_Anzahlung", lambda it: it.item.deposit_ident),
    ),
    (TO_DOCUMENT,),
)
TAXES: Final = AuditTable(
    "Belegsteuern",
    "belegsteuern.csv",
    "Steuerbetrag je Steuersatz der Belege (BG-23)",
    2,
    (
        text("Beleg_ID", lambda it: str(it.id)),
        number("Gruppe", lambda it: it.position, places=0),
        text("Steuerkategorie", lambda it: it.group.category_code, "UNCL5305"),
        number("Steuersatz", lambda it: it.group.rate, places=4),
        text("Berechnung", lambda it: it.group.basis, "NET: vom Netto, GROSS: aus dem Brutto"),
        number("Bemessungsgrundlage", lambda it: it.group.base, places=4),
        number("Steuer", lambda it: it.group.amount, places=4),
        number("Brutto", lambda it: it.group.gross, places=4),
        number("Steuer_Buchwaehrung", lambda it: it.ledger_tax, places=4),
        text("Land", lambda it: it.group.country, "Wo es nicht das des Ausstellers ist"),
        text("Befreiung", lambda it: it.group.exemption_reason_code or it.group.exemption_reason_text),
    ),
    (TO_DOCUMENT,),
)
ALLOWANCES: Final = AuditTable(
    "Belegabschlaege",
    "belegabschlaege.csv",
    "Abschläge und Zuschläge auf ganze Belege, je Steuersatz (BG-20, BG-21)",
    2,
    (
        text("Beleg_ID", lambda it: str(it.id)),
        number("Teil", lambda it: it.position, places=0),
        text("Art", lambda it: it.part.type),
        text("Bezeichnung", lambda it: it.part.name),
        text("Steuerkategorie", lambda it: it.part.category_code),
        number("Steuersatz", lambda it: it.part.rate, places=4),
        number("Netto", lambda it: it.part.net, places=4),
        number("Steuer", lambda it: it.part.tax, places=4),
        number("Brutto", lambda it: it.part.gross, places=4),
    ),
    (TO_DOCUMENT,),
)
REFERENCES: Final = AuditTable(
    "Belegbezuege",
    "belegbezuege.csv",
    "Auf welche Belege sich ein Beleg bezieht (BG-3)",
    2,
    (
        text("Beleg_ID", lambda it: str(it.id)),
        number("Nummer", lambda it: it.position, places=0),
        text("Bezogene_Belegnummer", lambda it: it.related.ident),
        text("Bezogene_Belegart", lambda it: it.related.document_type.value if it.related.document_type else None),
        day("Bezogenes_Datum", lambda it: it.related.document_date),
    ),
    (TO_DOCUMENT,),
)


def _yes(value: bool | None) -> str:
    return "ja" if value else "nein"
