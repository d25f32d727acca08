"""What FA(3) says beside rows and sums: annotations, what is corrected or settled, payment, terms, footer. Pure."""

import re
from typing import Final

from contor.documents.ksef.building import Element, child, day, money, put, text
from contor.documents.properties import REASON, SPLIT_PAYMENT
from contor.documents.types import Document
from contor.kernel.files import one_line
from contor.kernel.money import ZERO

_KRS: Final = re.compile(r"[0-9]{10}")
_TRANSFER, _OTHER_MEANS = "6", "Płatność z zapisanego środka płatniczego"
_LONGEST_FOOTER: Final = 3500
_MOST: Final = 100


def annotations(fa: Element, document: Document) -> None:
    """Adnotacje: cash method, self-billing, reverse charge, split payment, exemption."""
    found = child(fa, "Adnotacje")
    categories = {group.category_code for group in document.taxes}
    split = any(entry.key == SPLIT_PAYMENT and entry.value.lower() == "true" for entry in document.properties)
    put(found, "P_16", _choice(bool(document.cash_taxation)))
    put(found, "P_17", _choice(document.is_self_billing))
    put(found, "P_18", _choice("AE" in categories))
    put(found, "P_18A", _choice(split))
    exemption = child(found, "Zwolnienie")
    if "E" in categories:
        put(exemption, "P_19", "1")
        reasons = [
            group.exemption_reason_text or group.exemption_reason_code for group in document.taxes if group.category_code == "E"
        ]
        text(exemption, "P_19C", "; ".join(reason for reason in reasons if reason) or "Zwolnienie z podatku")
    else:
        put(exemption, "P_19N", "1")
    put(child(found, "NoweSrodkiTransportu"), "P_22N", "1")
    put(found, "P_23", "2")
    put(child(found, "PMarzy"), "P_PMarzyN", "1")


def _choice(yes: bool) -> str:
    return "1" if yes else "2"


def corrected(fa: Element, document: Document) -> None:
    """Why it corrects what: the reason, and date and number of each document. KSeF's own numbers of these are not known here."""
    reason = document.correction.reason if document.correction is not None else None
    said = reason or next((entry.value for entry in document.properties if entry.key == REASON), None)
    text(fa, "PrzyczynaKorekty", said)
    if document.is_price_reduction:  # counts when it happens
        put(fa, "TypKorekty", "2")
    for related in document.related:
        if related.document_date is None:
            raise ValueError("a correction of an undated document was not refused")
        found = child(fa, "DaneFaKorygowanej")
        put(found, "DataWystFaKorygowanej", day(related.document_date))
        text(found, "NrFaKorygowanej", related.ident)
        put(found, "NrKSeFN", "1")


def settled(fa: Element, document: Document) -> None:
    """The deposit invoices that a final invoice settles."""
    for ident in list(dict.fromkeys(deposit.ident for deposit in document.deposits))[:_MOST]:
        found = child(fa, "FakturaZaliczkowa")
        put(found, "NrKSeFZN", "1")
        text(found, "NrFaZaliczkowej", ident)


def balance(fa: Element, document: Document) -> None:
    """Rozliczenie: what is deducted from the sum or added to it without tax, and what is left to pay."""
    if document.sign < 0 or not (document.post_tax_items or (document.final_invoice_method == "FINAL" and document.deposits)):
        return
    off = [(-item.amount, item.name) for item in document.post_tax_items if item.amount < 0]
    if document.final_invoice_method == "FINAL":
        off += [(sum((group.gross for group in deposit.groups), ZERO), deposit.ident) for deposit in document.deposits]
    more = [(item.amount, item.name) for item in document.post_tax_items if item.amount > 0]
    found = child(fa, "Rozliczenie")
    for parts, element, total in ((more, "Obciazenia", "SumaObciazen"), (off, "Odliczenia", "SumaOdliczen")):
        for amount, reason in parts[:_MOST]:
            part = child(found, element)
            put(part, "Kwota", money(amount))
            text(part, "Powod", reason or "-")
        if parts:
            put(found, total, money(sum((amount for amount, _ in parts), ZERO)))
    if document.totals.payable >= 0:
        put(found, "DoZaplaty", money(document.totals.payable))
    else:
        put(found, "DoRozliczenia", money(-document.totals.payable))


def payment(fa: Element, document: Document) -> None:
    """Platnosc: what was paid before, when the rest is due, how and to which account."""
    if document.sign < 0:
        return
    found = child(fa, "Platnosc")
    prepaid = document.prepaid[:_MOST]
    if prepaid and document.totals.payable <= 0:
        put(found, "Zaplacono", "1")
        put(found, "DataZaplaty", day(max(one.date for one in prepaid)))
    elif prepaid:
        put(found, "ZnacznikZaplatyCzesciowej", "1")
        for one in prepaid:
            part = child(found, "ZaplataCzesciowa")
            put(part, "KwotaZaplatyCzesciowej", money(one.amount))
            put(part, "DataZaplatyCzesciowej", day(one.date))
    if document.totals.payable > 0:
        put(child(found, "TerminPlatnosci"), "Termin", day(document.due_date))
    if document.way_of_payment == "TRANSFER":
        put(found, "FormaPlatnosci", _TRANSFER)
    else:
        put(found, "PlatnoscInna", "1")
        text(found, "OpisPlatnosci", document.payment_information.payment_type or _OTHER_MEANS)
    holder = document.customer if document.is_self_billing else document.seller
    for account in () if document.way_of_payment != "TRANSFER" else holder.bank_accounts[:_MOST]:
        number = account.iban.replace(" ", "")
        if 10 <= len(number) <= 34:
            bank = child(found, "RachunekBankowy")
            put(bank, "NrRB", number)
            put(bank, "SWIFT", account.bic)
            text(bank, "NazwaBanku", account.bank_name)
    if document.payment_term.cash_discount:
        discount = document.payment_term.cash_discount[0]
        terms_of = child(found, "Skonto")
        text(terms_of, "WarunkiSkonta", f"{discount.days} dni")
        text(terms_of, "WysokoscSkonta", f"{discount.percentage.normalize() + 0:f} %")


def terms(fa: Element, document: Document) -> None:
    """WarunkiTransakcji: the contract and the order."""
    if not (document.contract_reference or document.purchase_order_reference or document.order_date):
        return
    found = child(fa, "WarunkiTransakcji")
    if document.contract_reference:
        text(child(found, "Umowy"), "NrUmowy", document.contract_reference)
    if document.purchase_order_reference or document.order_date:
        order = child(found, "Zamowienia")
        if document.order_date:
            put(order, "DataZamowienia", day(document.order_date))
        text(order, "NrZamowienia", document.purchase_order_reference)


def footer(root: Element, document: Document) -> None:
    """Stopka: the note, and the register of the seller."""
    note = one_line(document.note, _LONGEST_FOOTER)
    number = re.sub(r"[^0-9]", "", document.seller.register_number or "")
    is_krs = _KRS.fullmatch(number) is not None and not document.is_self_billing
    if not note and not is_krs:
        return
    found = child(root, "Stopka")
    if note:
        put(child(found, "Informacje"), "StopkaFaktury", note)
    if is_krs:
        register = child(found, "Rejestry")
        text(register, "PelnaNazwa", document.seller.name)
        put(register, "KRS", number)
