"""What is sent of a customer or contact as the core writes it. Pure."""

import schwifty
from schwifty.exceptions import SchwiftyException

from contor.api.fastbill.customers.types import METHODS, OWN, OWN_PREFIX, RESERVED, CustomerFields, Person
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.settings.identifiers import GLN_SCHEME

GENDERS = {"mr": "MALE", "mrs": "FEMALE", "family": "NOTSET"}
PROFILE = ("position", "secondary_address", "phone_2", "fax", "mobile", "website", "comment")
BANK = ("bank_name", "bank_account_number", "bank_code", "bank_account_owner", "bank_iban", "bank_bic")
MANDATE = ("bank_account_mandate_reference", "bank_account_mandate_reference_date")
MAIN = "main"
"""The ident of the address and of the bank account of a customer who has one of each."""


def address_of(data: Person, before: Fields | None = None) -> Fields:
    """The fields of the address that are said, or of a new one."""
    street = {"street": data.address, "street_no": None} if data.address is not None else {}
    said = {
        "company": data.organization,
        "academic_title": data.academic_degree,
        "gender": GENDERS.get(data.salutation or ""),
        "first_name": data.first_name,
        "last_name": data.last_name,
        "address_addition": data.address_2,
        "zip": data.zipcode,
        "city": data.city,
        "state": data.state,
        "country": data.country_code or (None if before is not None else "DE"),
    }
    return {**street, **_given(said)}


def customer_of(data: CustomerFields, before: Fields) -> Fields:
    """The customer's fields that are said. `before`: as he is stored, empty of a new one."""
    said: Fields = {
        "company": data.organization,
        "external_id": data.customer_ext_uid,
        "academic_title": data.academic_degree,
        "first_name": data.first_name,
        "last_name": data.last_name,
        "birth_date": data.birthday,
        "email": data.email,
        "phone": data.phone,
        "vat_id": data.vat_id,
        "tax_number": data.tax_id,
        "currency": data.currency_code,
        "language": data.language_code.strip().lower() if data.language_code else None,
        "buyer_reference": data.buyer_reference,
        "invoice_delivery": data.invoice_delivery_method.upper() if data.invoice_delivery_method else None,
        "electronic_address": {"scheme": GLN_SCHEME, "identifier": data.gln.strip()} if data.gln else None,
    }
    profile = {**profile_of(data), **({"email_cc": _parts(data.email_cc)} if data.email_cc is not None else {})}
    if profile:
        said["profile"] = {**(before.get("profile") or {}), **profile}
    terms = _given(
        {
            "method": METHODS[data.payment_type] if data.payment_type is not None else None,
            "days": data.days_for_payment,
            "show_notice": data.show_payment_notice,
        }
    )
    if terms:
        said["payment_terms"] = {**(before.get("payment_terms") or {}), **terms}
    if any(getattr(data, name) is not None for name in (*BANK, *MANDATE)):
        said["bank_accounts"] = _accounts(data, list(before.get("bank_accounts") or ()))
    if (properties := _properties(data, list(before.get("properties") or ()))) is not None:
        said["properties"] = properties
    return _given(said)


def contact_of(data: Person, before: Fields | None) -> Fields:
    """The address of a contact with what else is said of him."""
    known = dict((before or {}).get("contact") or {})
    own = _given({"email": data.email, "phone": data.phone, "currency": data.currency_code})
    return {
        **address_of(data, before),
        **_given({"vat_id": data.vat_id}),
        "contact": {**known, **profile_of(data), **own},
    }


def profile_of(data: Person) -> Fields:
    said = {name: getattr(data, name) for name in PROFILE}
    salutation = data.salutation.upper() if data.salutation else None
    tags = _parts(data.tags) if data.tags is not None else None
    return _given({**said, "salutation": salutation, "tags": tags})


def _given(fields: Fields) -> Fields:
    return {name: value for name, value in fields.items() if value is not None}


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _accounts(data: CustomerFields, before: list[Fields]) -> list[Fields]:
    """With the account that FastBill knows, which is the first; what is not said of it stays."""
    known = {name: value for name, value in (before[0] if before else {"ident": MAIN}).items() if value is not None}
    said = _given(
        {
            "iban": data.bank_iban or _iban_of(data),
            "bic": data.bank_bic,
            "bank_name": data.bank_name,
            "holder": data.bank_account_owner,
            "mandate_reference": data.bank_account_mandate_reference,
            "mandate_signed_on": data.bank_account_mandate_reference_date,
        }
    )
    made = {**known, **said}
    if "iban" not in made:
        raise Refused(Kind.INVALID, Problem("missing", "is required", "bank_iban"))
    if "iban" in said and known.get("iban") not in (None, "".join(said["iban"].split()).upper()) and "bic" not in said:
        made.pop("bic", None)  # it was that of the former account
    return [made, *before[1:]]


def _iban_of(data: CustomerFields) -> str | None:
    """Of a German account number and bank code."""
    if not data.bank_account_number or not data.bank_code:
        return None
    try:
        code, number = ("".join(text.split()) for text in (data.bank_code, data.bank_account_number))
        return str(schwifty.IBAN.generate("DE", bank_code=code, account_code=number))
    except SchwiftyException:
        raise Refused(Kind.INVALID, Problem("value_invalid", "is no account of this bank", "bank_account_number")) from None


def _properties(data: CustomerFields, before: list[Fields]) -> list[Fields] | None:
    """None: nothing is said of them."""
    own = {f"{OWN_PREFIX}{name}": _text(value) for name in OWN if (value := getattr(data, name)) is not None}
    if not own and data.x_attributes is None:
        return None
    known = {entry["key"]: entry["value"] for entry in before}
    if data.x_attributes is not None:
        if wrong := [name for name in data.x_attributes if name.startswith(OWN_PREFIX) or name in RESERVED or not name]:
            raise Refused(Kind.INVALID, Problem("value_invalid", f"may not have the name {wrong[0]!r}", "x_attributes"))
        known = {key: value for key, value in known.items() if key.startswith(OWN_PREFIX) or key in RESERVED}
        known |= data.x_attributes
    return [{"key": key, "value": value} for key, value in {**known, **own}.items() if value]


def _text(value: object) -> str:
    return ("1" if value else "0") if isinstance(value, bool) else str(value)
