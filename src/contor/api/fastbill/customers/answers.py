"""Customers and contacts as lists answer them."""

from decimal import Decimal
from typing import NamedTuple

from contor.api.fastbill.customers.types import METHODS, OWN, OWN_PREFIX, RESERVED
from contor.api.fastbill.writing import attributes, comma, day, flagged, identifier, moment, words
from contor.customers.keeping import Contact, FoundCustomer
from contor.kernel.shapes import Fields
from contor.settings.identifiers import GLN_SCHEME

PAYMENT_TYPES = {method: str(number) for number, method in METHODS.items()}
DEFAULT_DAYS = 14
"""Days for payment where nothing is said of a customer."""


class Links(NamedTuple):
    hash: str
    dashboard_url: str
    changedata_url: str


def customer(found: FoundCustomer, links: Links, balance: Decimal) -> Fields:
    row, address = found
    profile, terms = _plain(row["profile"]), _plain(row["payment_terms"])
    account: Fields = next(iter(row["bank_accounts"] or ()), {})
    properties = {entry["key"]: entry["value"] for entry in row["properties"] or ()}
    own = {name: properties.get(f"{OWN_PREFIX}{name}", "") for name in OWN}
    return {
        "customer_id": identifier(row["id"]),
        "customer_number": row["customer_ident"],
        "customer_ext_uid": words(row["external_id"]),
        "days_for_payment": str(DEFAULT_DAYS if terms.get("days") is None else terms["days"]),
        "created": moment(row["created_at"]),
        "payment_type": PAYMENT_TYPES[terms.get("method") or "TRANSFER"],
        "bank_name": words(account.get("bank_name")),
        "bank_account_number": _national(account)[1],
        "bank_code": _national(account)[0],
        "bank_account_owner": words(account.get("holder")),
        "bank_iban": words(account.get("iban")),
        "bank_bic": words(account.get("bic")),
        "bank_account_mandate_reference": words(account.get("mandate_reference")),
        "bank_account_mandate_reference_date": words(account.get("mandate_signed_on")),
        "show_payment_notice": flagged(terms.get("show_notice", True)),
        "account_receivable": identifier(row["debtor_account"]),
        "customer_type": "consumer" if row["customer_type"] == "B2C" else "business",
        "organization": words(row["company"]),
        "academic_degree": words(row["academic_title"]),
        "title_academic": words(row["academic_title"]),
        "first_name": words(row["first_name"]),
        "last_name": words(row["last_name"]),
        **_reached(profile),
        **_place(address._asdict() if address is not None else {}),
        "phone": words(row["phone"]),
        "email": words(row["email"]),
        "email_cc": ",".join(profile.get("email_cc") or ()),
        "birthday": day(row["birth_date"]),
        "vat_id": words(row["vat_id"]),
        "tax_id": words(row["tax_number"]),
        "currency_code": row["currency"] or "EUR",
        "language_code": words(row["language"]),
        "buyer_reference": words(row["buyer_reference"]),
        "gln": _gln(row["electronic_address"]),
        "invoice_delivery_method": (row["invoice_delivery"] or "").lower(),
        "lastupdate": moment(row["last_modified_at"]),
        "document_history_url": links.dashboard_url,
        "hash": links.hash,
        "changedata_url": links.changedata_url,
        "dashboard_url": links.dashboard_url,
        "credit_balance": comma(balance),
        "x_attributes": attributes(
            {key: value for key, value in properties.items() if not key.startswith(OWN_PREFIX) and key not in RESERVED}
        ),
        **own,
        "newsletter_optin": own["newsletter_optin"] or "0",
        "deleted_date": moment(row["deleted_at"]),
    }


def contact(found: Contact) -> Fields:
    row, profile = found.row, _plain(found.row["contact"])
    return {
        "contact_id": identifier(row["id"]),
        "customer_id": identifier(found.customer_number),
        "organization": words(row["company"]),
        "academic_degree": words(row["academic_title"]),
        "first_name": words(row["first_name"]),
        "last_name": words(row["last_name"]),
        **_reached(profile),
        **_place(row),
        "phone": words(profile.get("phone")),
        "email": words(profile.get("email")),
        "vat_id": words(row["vat_id"]),
        "currency_code": words(profile.get("currency")),
        "created": moment(row["created_at"]),
        "lastupdate": moment(row["last_modified_at"]),
    }


def _plain(stored: Fields | None) -> Fields:
    return stored or {}


def _reached(profile: Fields) -> Fields:
    return {
        "position": words(profile.get("position")),
        "salutation": (profile.get("salutation") or "").lower(),
        "secondary_address": words(profile.get("secondary_address")),
        "phone_2": words(profile.get("phone_2")),
        "fax": words(profile.get("fax")),
        "mobile": words(profile.get("mobile")),
        "website": words(profile.get("website")),
        "comment": words(profile.get("comment")),
        "tags": ",".join(profile.get("tags") or ()),
    }


def _place(address: Fields) -> Fields:
    return {
        "address": " ".join(filter(None, (address.get("street"), address.get("street_no")))),
        "address_2": words(address.get("address_addition")),
        "zipcode": words(address.get("zip")),
        "city": words(address.get("city")),
        "state": words(address.get("state")),
        "country_code": words(address.get("country")),
    }


def _national(account: Fields) -> tuple[str, str]:
    """Bank code and account number of a German IBAN (SWIFT IBAN Registry: 8 and 10 digits)."""
    iban = str(account.get("iban") or "")
    return (iban[4:12], iban[12:].lstrip("0")) if iban.startswith("DE") else ("", "")


def _gln(address: Fields | None) -> str:
    return str(address["identifier"]) if address and address["scheme"] == GLN_SCHEME else ""
