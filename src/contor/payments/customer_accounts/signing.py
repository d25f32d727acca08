"""What a mandate that is sent means beside the one that is there: the same, an amendment of it, or a new one. Pure."""

import datetime as dt
from typing import NamedTuple

from contor.kernel.errors import Problem
from contor.kernel.shapes import Fields
from contor.payments.customer_accounts.mandates import MandateRow, mandate_key
from contor.payments.customer_accounts.types import Mandate


class Creditor(NamedTuple):
    """Whom a mandate names where it does not say so: the holder of the gateway's account for EUR."""

    identifier: str | None = None
    name: str | None = None


class Holder(NamedTuple):
    """What of an account and its customer a mandate needs."""

    has_iban: bool
    is_consumer: bool


def signing_problems(sent: Mandate, before: MandateRow | None, creditor: Creditor, holder: Holder, today: dt.date) -> list[Problem]:
    """What is wrong with a mandate that is sent. `before`: the current one of the account."""
    problems = []
    if sent.signed_on > today:
        problems.append(Problem("mandate_in_future", f"is after today ({today})", "mandate.signedOn", sent.signed_on))
    signs = before is None or sent.signed_on != before.signed_on
    if sent.creditor_identifier is None and creditor.identifier is None and signs:
        message = "is required: the gateway names no account for EUR that has one in its sepa settings"
        problems.append(Problem("creditor_identifier_missing", message, "mandate.creditorIdentifier"))
    if not holder.has_iban:
        problems.append(Problem("mandate_without_iban", "A mandate is for an account: its IBAN is required.", "iban"))
    if sent.scheme == "B2B" and holder.is_consumer:
        message = "is between businesses, and the customer is a consumer (B2C)"
        problems.append(Problem("mandate_of_consumer", message, "mandate.scheme", sent.scheme))
    if before is None or signs:
        if before is not None and sent.signed_on < before.signed_on:
            message = f"is before {before.signed_on}, when the current mandate was signed"
            problems.append(Problem("mandate_older", message, "mandate.signedOn", sent.signed_on))
        return problems
    for name in ("scheme", "kind"):
        if getattr(sent, name) != getattr(before, name):
            message = f"is {getattr(before, name)} in the current mandate: another one has to be signed, on another day"
            problems.append(Problem("mandate_signed_otherwise", message, f"mandate.{name}", getattr(sent, name)))
    if before.status != "ACTIVE" and _key_of(sent, before) != before.key:
        message = f"The mandate is {before.status}: only a newly signed one takes its place."
        problems.append(Problem("mandate_ended", message, "mandate.signedOn", sent.signed_on))
    return problems


def new_mandate(sent: Mandate, account_ident: str, creditor: Creditor, made_reference: str, now: dt.datetime) -> Fields:
    """The row of a mandate that was signed."""
    identifier = sent.creditor_identifier or creditor.identifier or ""
    reference = sent.reference or made_reference
    return {
        "key": mandate_key(identifier, reference),
        "account_ident": account_ident,
        "is_current": True,
        "reference": reference,
        "creditor_identifier": identifier,
        "creditor_name": creditor.name if identifier == creditor.identifier else None,
        "signed_on": sent.signed_on,
        "scheme": sent.scheme,
        "kind": sent.kind,
        "pre_notification_days": sent.pre_notification_days,
        "status": "ACTIVE",
        "status_reason": None,
        "last_presented_on": None,
        "amendment": None,
        "amendment_pending": False,
        "created_at": now,
        "last_modified_at": now,
    }


def amended_mandate(sent: Mandate, before: MandateRow, creditor: Creditor, now: dt.datetime) -> Fields | None:
    """The row that takes the place of one whose reference or creditor changed; None: neither did."""
    key = _key_of(sent, before)
    if key == before.key:
        return None
    identifier = sent.creditor_identifier or before.creditor_identifier
    known = _known(before)
    if before.last_presented_on is not None:
        if (sent.reference or before.reference) != before.reference:
            known.setdefault("reference", before.reference)
        if mandate_key(identifier, "") != mandate_key(before.creditor_identifier, ""):
            known.setdefault("creditor_identifier", before.creditor_identifier)
            known.setdefault("creditor_name", before.creditor_name)
    return {
        **before._asdict(),
        "key": key,
        "is_current": True,
        "reference": sent.reference or before.reference,
        "creditor_identifier": identifier,
        "creditor_name": creditor.name if identifier == creditor.identifier else None,
        "pre_notification_days": sent.pre_notification_days,
        "amendment": known or None,
        "amendment_pending": bool(known),
        "created_at": now,
        "last_modified_at": now,
    }


def renamed_creditor(mandate: MandateRow, name: str) -> Fields:
    """What the mandate's row says after its creditor got another name: the bank is told by the next collection, if it knows the former
    one."""
    known = _known(mandate)
    if mandate.last_presented_on is not None and mandate.creditor_name is not None:
        known.setdefault("creditor_name", mandate.creditor_name)
    if known.get("creditor_name") == name and "creditor_identifier" not in known:  # back to the one that the bank knows
        del known["creditor_name"]
    return {"amendment": known or mandate.amendment, "amendment_pending": bool(known)}


class KnownIban(NamedTuple):
    """An IBAN as it is stored."""

    sealed: str
    key: str
    bank: str
    """Country and bank code."""


def moved_account(mandate: MandateRow, former: KnownIban, now: KnownIban) -> Fields | None:
    """What the mandate's row says after its account moved to another IBAN: the bank is told by the next collection, if it knows the
    former one. None: nothing is to be told."""
    known = _known(mandate)
    if mandate.last_presented_on is None or mandate.status != "ACTIVE":
        return None
    told = known.get("iban_key") or former.key
    if told == now.key:  # back to the one that the bank knows
        for name in ("iban", "iban_key", "other_bank"):
            known.pop(name, None)
    elif "iban_key" in known:
        known["other_bank"] = bool(known.get("other_bank")) or former.bank != now.bank
    else:
        known.update({"iban": former.sealed, "iban_key": former.key, "other_bank": former.bank != now.bank})
    return {"amendment": known or None, "amendment_pending": bool(known)}


def _known(mandate: MandateRow) -> Fields:
    """What the bank has not been told of yet; what it was told of is no news any more."""
    return dict(mandate.amendment or {}) if mandate.amendment_pending else {}


def _key_of(sent: Mandate, before: MandateRow) -> str:
    return mandate_key(sent.creditor_identifier or before.creditor_identifier, sent.reference or before.reference)
