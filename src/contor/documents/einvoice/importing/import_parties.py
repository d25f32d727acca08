"""The parties of a foreign e-invoice as master data of our own: its seller as an operating site, its buyer as a customer. Pure.

Idents are derived from what the file says, so that the same party in another file is the same site or customer. A party that
says anything different about itself (name, numbers, contact, accounts) is another one: what was issued to it must not change.
"""

import hashlib
import re
import unicodedata
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from contor.documents.einvoice.model import EInvoice, Identifier, PartyContact, PostalAddress, TradeParty
from contor.documents.types import Address, BankAccount, Contact, ElectronicAddress, Party
from contor.kernel.codes import ELECTRONIC_ADDRESS
from contor.kernel.errors import Problem
from contor.kernel.shapes import SENT
from contor.settings.identifiers import Bic, Iban, VatId
from contor.settings.types import ContactPerson, EndpointAddress

T = TypeVar("T")

_IBAN: TypeAdapter[str] = TypeAdapter(Iban)
_BIC: TypeAdapter[str] = TypeAdapter(Bic)
_VAT_ID: TypeAdapter[str] = TypeAdapter(VatId)
_CONTACT: TypeAdapter[ContactPerson] = TypeAdapter(ContactPerson)
_ENDPOINT: TypeAdapter[EndpointAddress] = TypeAdapter(EndpointAddress)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
_HOUSE_NUMBER = re.compile(r"(?P<street>\S.*\S) (?P<number>[0-9]+ ?[a-zA-Z]?(?:[-/][0-9]+ ?[a-zA-Z]?)?)")
_SMALL_BUSINESS = re.compile(r"kleinunternehmer|§ ?19 (abs\. ?[0-9] )?ustg", re.IGNORECASE)


def ident_of(name: str, *parts: object) -> str:
    """A readable ident: the name in plain letters, and a hash of the name with all `parts`. Fits `Ident`."""
    # umlauts first: NFKD would leave an a of ä
    ascii_name = unicodedata.normalize("NFKD", name.translate(_UMLAUTS)).encode("ascii", "ignore").decode("ascii")
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_name.lower()).strip("-")[:40].strip("-")
    # a separator that no text of an XML file can hold: what lies on its two sides cannot be confused
    digest = hashlib.sha256("\x1f".join(str(part) for part in (name, *parts)).encode("utf-8")).hexdigest()[:12]
    return f"{slug}-{digest}" if slug else digest


def site_of(invoice: EInvoice) -> Party:
    """The seller (BG-4) with its accounts (BG-17) as an operating site."""
    seller = invoice.seller
    reasons = " ".join(group.exemption_reason or "" for group in invoice.breakdown)
    # all that a small business supplies is exempt: beside other categories the words mean something else
    small = bool(_SMALL_BUSINESS.search(reasons)) and all(group.category == "E" for group in invoice.breakdown)
    return _party(seller, _accounts(invoice), "Seller", small_business=small)


def customer_of(invoice: EInvoice) -> Party:
    """The buyer (BG-7) as a customer; its address is the invoice address."""
    return _party(invoice.buyer, (), "Buyer", small_business=False)


def address_of(address: PostalAddress) -> Address:
    """A postal address; the house number apart where the first line ends with one."""
    split = _HOUSE_NUMBER.fullmatch(address.line_1 or "")
    addition = ", ".join(line for line in (address.line_2, address.line_3) if line)
    return Address(
        street=split["street"] if split else address.line_1,
        street_no=split["number"] if split else None,
        addition=addition or None,
        zip=address.post_code,
        city=address.city,
        state=address.subdivision,
        country=address.country,
    )


def address_ident(name: str, address: Address) -> str:
    parts = (address.street, address.street_no, address.addition, address.zip, address.city, address.state, address.country)
    return ident_of(f"{name} {address.city or ''}".strip(), *parts)


def checked(adapter: TypeAdapter[T], value: object) -> T | None:
    """`value` in the form our master data want, None when it has another."""
    if value is None:
        return None
    try:
        return adapter.validate_python(value, context=SENT)
    except ValidationError:
        return None


def _party(party: TradeParty, accounts: tuple[BankAccount, ...], role: str, small_business: bool) -> Party:
    vat_id = checked(_VAT_ID, party.vat_id)
    # Some write their tax number where the VAT id belongs: what has not the form of a VAT id is kept as tax number.
    tax_number = party.tax_number or (party.vat_id if vat_id is None else None)
    contact = _contact(party.contact or PartyContact())
    endpoint = _endpoint(party.endpoint)
    registration = party.legal_registration.value if party.legal_registration else None
    if role == "Seller" and not (registration or vat_id or tax_number) and party.identifiers:
        registration = party.identifiers[0].value  # one of the three says who the seller is (BR-CO-26)
    ident = ident_of(
        party.name,
        *(party.trading_name, vat_id, tax_number, registration, party.legal_information, endpoint, small_business),
        *(contact.name, contact.phone, contact.email),
        *((party.address,) if role == "Seller" else ()),  # a site has one address, a customer may have many
        *((account.iban, account.bic, account.holder) for account in accounts),
        *(identifier.value for identifier in party.identifiers),
    )
    return Party(
        ident=ident,
        name=party.name,
        address=address_of(party.address),
        trading_name=party.trading_name,
        vat_id=vat_id,
        tax_number=tax_number,
        register_number=registration,
        register_court=party.legal_information,
        contact=contact,
        electronic_address=endpoint,
        bank_accounts=accounts,
        customer_type="B2B" if role == "Buyer" else None,
        small_business=small_business,
    )


def _contact(given: PartyContact) -> Contact:
    """What our master data take: an e-mail address that is none is left out."""
    said = {"name": given.name, "phone": given.phone, "email": given.email}
    kept = {name: value for name, value in said.items() if value and checked(_CONTACT, {name: value}) is not None}
    return Contact(**kept)


def _endpoint(endpoint: Identifier | None) -> ElectronicAddress | None:
    # without a scheme that the standard knows nobody knows what it is
    if endpoint is None or checked(_ENDPOINT, {"scheme": endpoint.scheme, "identifier": endpoint.value}) is None:
        return None
    return ElectronicAddress(scheme=endpoint.scheme or "", identifier=endpoint.value)


def endpoint_findings(invoice: EInvoice) -> list[Problem]:
    """Electronic addresses of a scheme that the standard does not have: the file says nobody."""
    sides = (("operatingSite", "BT-34", invoice.seller.endpoint), ("customer", "BT-49", invoice.buyer.endpoint))
    return [
        Problem(
            "code_unknown",
            f"{endpoint.scheme} ({term}) {ELECTRONIC_ADDRESS.refusal(endpoint.scheme)}",
            f"{name}.electronicAddress.scheme",
            endpoint.scheme,
        )
        for name, term, endpoint in sides
        if endpoint is not None and endpoint.scheme and endpoint.scheme not in ELECTRONIC_ADDRESS
    ]


def _accounts(invoice: EInvoice) -> tuple[BankAccount, ...]:
    """The seller's accounts that are IBANs, each once."""
    found: dict[str, BankAccount] = {}
    for transfer in invoice.payment.transfers if invoice.payment else ():
        iban = checked(_IBAN, transfer.account)
        if iban is not None:
            found.setdefault(iban, BankAccount(iban=iban, bic=checked(_BIC, transfer.bic), holder=transfer.holder))
    return tuple(found.values())
