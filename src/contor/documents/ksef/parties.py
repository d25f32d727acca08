"""Seller and buyer of FA(3) (Podmiot1, Podmiot2). Pure."""

from contor.documents.ksef.building import Element, child, put, text
from contor.documents.ksef.possible import nip_of
from contor.documents.types import Address, Party
from contor.kernel.places import EU_COUNTRIES


def seller(root: Element, party: Party, taxpayer_number: str) -> None:
    """Podmiot1: with the NIP it has, or that is configured for it."""
    subject = child(root, "Podmiot1")
    put(subject, "PrefiksPodatnika", "PL")
    identity = child(subject, "DaneIdentyfikacyjne")
    put(identity, "NIP", taxpayer_number)
    text(identity, "Nazwa", party.name, 512)
    _address(subject, party.address)
    _contact(subject, party)


def buyer(root: Element, party: Party, customer_ident: str) -> None:
    """Podmiot2: by NIP, VAT id of the Union, another number, or none (a private person)."""
    subject = child(root, "Podmiot2")
    identity = child(subject, "DaneIdentyfikacyjne")
    vat_id, country = party.vat_id or "", party.address.country
    own = nip_of(party.vat_id, party.tax_number, country)
    prefix = vat_id[:2]
    if own is not None:
        put(identity, "NIP", own)
    elif prefix in EU_COUNTRIES | {"EL", "XI"} and prefix != "PL":
        put(identity, "KodUE", prefix)
        put(identity, "NrVatUE", vat_id[2:14])
    elif number := (vat_id or party.tax_number):
        put(identity, "KodKraju", country)
        text(identity, "NrID", number, 50)
    else:
        put(identity, "BrakID", "1")
    text(identity, "Nazwa", party.name, 512)
    _address(subject, party.address)
    _contact(subject, party)
    text(subject, "NrKlienta", customer_ident)
    put(subject, "JST", "2")
    put(subject, "GV", "2")


def _address(subject: Element, address: Address) -> None:
    found = child(subject, "Adres")
    put(found, "KodKraju", address.country)
    street = " ".join(part for part in (address.street, address.street_no) if part)
    town = " ".join(part for part in (address.zip, address.city) if part)
    lines = [part for part in (street, address.addition, town, address.state) if part] or ["-"]
    text(found, "AdresL1", lines[0], 512)
    text(found, "AdresL2", ", ".join(lines[1:]), 512)


def _contact(subject: Element, party: Party) -> None:
    email, phone = party.contact.email, party.contact.phone
    if not email and not phone:
        return
    found = child(subject, "DaneKontaktowe")
    text(found, "Email", email, 255)
    text(found, "Telefon", phone, 16)
