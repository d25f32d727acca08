"""Parties, payment and delivery of an issued document in the terms of EN 16931. Pure.

Who is the seller: on self-billing papers the customer (the partner) is the seller (BG-4) and we are the buyer (BG-7).
"""

from contor.documents.einvoice.model import (
    CreditTransfer,
    DirectDebit,
    Identifier,
    PartyContact,
    Payee,
    PaymentInstructions,
    PostalAddress,
    TaxRepresentative,
    TradeParty,
    identifier_of,
)
from contor.documents.labels import Label
from contor.documents.long_texts import parts_of
from contor.documents.properties import (
    BUYER_IDENTIFIER,
    CREDITOR_ID,
    DEBITED_ACCOUNT,
    MANDATE,
    PAYEE,
    REPRESENTATIVE,
    SELLER_IDENTIFIER,
)
from contor.documents.types import Address, Document, Party

_SEPA_TRANSFER, _SEPA_DIRECT_DEBIT, _UNDEFINED = "58", "59", "1"


def seller_and_buyer(document: Document) -> tuple[Party, Party]:
    """BG-4 and BG-7. On self-billing papers the seller is whoever bears the customer's ident, in whichever field it was frozen."""
    if document.is_self_billing and document.seller.ident != document.customer_ident:
        return document.customer, document.seller
    return document.seller, document.customer


def trade_party(party: Party, document: Document, is_seller: bool) -> TradeParty:
    """BG-4 or BG-7. Outside the scope of VAT (category O) no VAT id may be shown (BR-O-02)."""
    outside = any(group.category_code == "O" for group in document.taxes)
    vat_id = None if outside else party.vat_id
    registration = party.register_number
    if not is_seller and registration is None and vat_id is None:
        registration = party.tax_number  # reverse charge wants the buyer's VAT id or another legal number (BR-AE-02)
    # A seller needs one of BT-29, BT-30, BT-31 (BR-CO-26); a buyer's is the customer number.
    shown = not is_seller or (vat_id is None and registration is None)
    return TradeParty(
        name=party.name,
        address=postal_address(party.address),
        trading_name=party.trading_name,
        identifiers=_identifiers(document, is_seller) or ((Identifier(value=party.ident),) if shown else ()),
        legal_registration=Identifier(value=registration) if registration else None,
        vat_id=vat_id,
        tax_number=party.tax_number if is_seller and not outside else None,
        legal_information=_legal_information(party, document) if is_seller else None,
        endpoint=_endpoint(party),
        contact=_contact(party),
    )


def _identifiers(document: Document, is_seller: bool) -> tuple[Identifier, ...]:
    """Those that the document's properties say. A buyer has one (BT-46)."""
    if document.is_self_billing:  # they are said of the parties of an invoice
        return ()
    if is_seller:
        return tuple([identifier_of(text) for text in parts_of(SELLER_IDENTIFIER, document.properties)])
    return tuple([identifier_of(entry.value) for entry in document.properties if entry.key == BUYER_IDENTIFIER][:1])


def payee(document: Document) -> Payee | None:
    """BG-10: who is to be paid, where it is not the seller."""
    if not document.properties:
        return None
    said = {entry.key: entry.value for entry in document.properties}
    name, identifier, registration = (said.get(key) for key in PAYEE)
    if name is None:
        return None
    return Payee(
        name=name,
        identifier=identifier_of(identifier) if identifier else None,
        legal_registration=identifier_of(registration) if registration else None,
    )


def tax_representative(document: Document) -> TaxRepresentative | None:
    """BG-11 (section 22c UStG): with name, VAT id and country, or not at all."""
    if not document.properties:
        return None
    said = {entry.key: entry.value for entry in document.properties}
    name, vat_id, line_1, line_2, line_3, city, post_code, state, country = (said.get(key) for key in REPRESENTATIVE)
    if name is None or vat_id is None or country is None:
        return None
    lines = {"line_1": line_1, "line_2": line_2, "line_3": line_3}
    address = PostalAddress(country=country, city=city, post_code=post_code, subdivision=state, **lines)
    return TaxRepresentative(name=name, vat_id=vat_id, address=address)


def postal_address(address: Address) -> PostalAddress:
    street = " ".join(part for part in (address.street, address.street_no) if part)
    return PostalAddress(
        country=address.country,
        line_1=street or None,
        line_2=address.addition,
        city=address.city,
        post_code=address.zip,
        subdivision=address.state,
    )


def payment_instructions(document: Document, payee: Party) -> PaymentInstructions:
    """BG-16: 58 with the payee's accounts, 59 for a direct debit, else 1 (not defined).

    A paper that credits names no account: there the money goes to whom it was asked of. Nor does one that was paid before.
    """
    information = document.payment_information
    remittance = information.payment_reference or document.ident
    if document.was_paid_before:
        return PaymentInstructions(means_code=_UNDEFINED, remittance=remittance)
    if document.way_of_payment == "DIRECT_DEBIT":
        return PaymentInstructions(means_code=_SEPA_DIRECT_DEBIT, remittance=remittance, direct_debit=direct_debit(document))
    if document.way_of_payment == "TRANSFER" and document.sign > 0 and payee.bank_accounts:
        transfers = tuple(
            CreditTransfer(account=account.iban, holder=account.holder or payee.name, bic=account.bic)
            for account in payee.bank_accounts
        )
        return PaymentInstructions(means_code=_SEPA_TRANSFER, remittance=remittance, transfers=transfers)
    return PaymentInstructions(means_code=_UNDEFINED, remittance=remittance)


def direct_debit(document: Document) -> DirectDebit | None:
    """BG-19 from the document's properties; the debited account also from the payer's bank accounts. Where the document is collected from a
    payment account, its IBAN is a property by then (`files_of`)."""
    found = {entry.key: entry.value for entry in document.properties}
    payer = seller_and_buyer(document)[1]
    account = found.get(DEBITED_ACCOUNT) or next((account.iban for account in payer.bank_accounts), None)
    debit = DirectDebit(mandate=found.get(MANDATE), creditor_id=found.get(CREDITOR_ID), debited_account=account)
    return None if debit == DirectDebit() else debit


def _endpoint(party: Party) -> Identifier | None:
    """BT-34, BT-49; the e-mail address where no other electronic address is known (scheme EM)."""
    address = party.electronic_address
    if address is not None:
        return Identifier(value=address.identifier, scheme=address.scheme)
    return Identifier(value=party.contact.email, scheme="EM") if party.contact.email else None


def _contact(party: Party) -> PartyContact | None:
    contact = PartyContact(name=party.contact.name or party.person, phone=party.contact.phone, email=party.contact.email)
    return None if contact == PartyContact() else contact


def _legal_information(party: Party, document: Document) -> str | None:
    """BT-33: register court and directors, as commercial letters must show them (section 35a GmbHG, section 80 AktG)."""
    parts = [party.register_court] if party.register_court else []
    if party.managing_directors:
        parts.append(Label.DIRECTORS.said(document.language, document.texts, names=", ".join(party.managing_directors)))
    return "; ".join(parts) or None
