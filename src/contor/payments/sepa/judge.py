"""What is wrong with a transaction that is to be in a SEPA file, every finding named. Nothing is cut unless a pattern says how. Pure."""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

import schwifty
from stdnum.eu import at_02

from contor.kernel.days import is_target_day
from contor.kernel.errors import Problem
from contor.kernel.shapes import Fields
from contor.payments.sepa.characters import ALPHABET, fitted
from contor.payments.sepa.days import MOST_AHEAD
from contor.payments.sepa.identifiers import why_no_reference
from contor.payments.sepa.types import Address, Amendment, Debit, Order, OurAccount, Transfer
from contor.settings.identifiers import why_no_bic, why_no_iban

MOST: Final = Decimal("999999999.99")
EEA: Final = frozenset(re.findall("..", "ATBEBGCYCZDEDKEEESFIFRGRHRHUIEISITLILTLULVMTNLNOPLPTROSESISK"))
"""Within it banks need no address of the other one (Regulation (EU) 2015/847)."""
_REFERENCE: Final = frozenset(ALPHABET)
_WITHOUT_ADDRESSES: Final = frozenset({"pain.008.001.02", "pain.001.001.03"})
"""Formats of the German banks that know no structured address."""
_NAME, _TEXT, _REFERENCE_LENGTH = 70, 140, 35


class Fitted(NamedTuple):
    """The texts of a transaction as the file carries them."""

    name: str
    text: str
    address: Address | None
    """None: it is not said."""


def account_problems(account: OurAccount, *, debits: bool) -> list[Problem]:
    """What keeps every file of the account from being written."""
    settings = account.settings
    problems = [*_iban_problems(account.iban, "iban"), *_bic_problems(account.bic, "bic")]
    problems += fitted(settings.holder_name, _NAME, settings.name_cutting, "sepa.holderName")[1]
    if not debits:
        if settings.instant and settings.transfer_version == "pain.001.001.03":
            message = "Instant transfers are said in pain.001.001.09."
            problems.append(Problem("instant_not_in_version", message, "sepa.transferVersion", settings.transfer_version))
        return problems
    if settings.creditor_identifier is None:
        problems.append(
            Problem("creditor_identifier_missing", "Who collects needs a creditor identifier.", "sepa.creditorIdentifier")
        )
    elif not _is_creditor(settings.creditor_identifier):
        message = "is not a creditor identifier: its check digits are wrong"
        problems.append(Problem("creditor_identifier_invalid", message, "sepa.creditorIdentifier", settings.creditor_identifier))
    if settings.debit_version == "pain.008.001.02" and account.bic is None:
        problems.append(Problem("bic_missing", "pain.008.001.02 says the BIC of the account.", "bic"))
    return problems


def debit_problems(debit: Debit, account: OurAccount, today: dt.date) -> tuple[Fitted, list[Problem]]:
    """(its texts as they are written, what is wrong with it)"""
    texts, problems = _order_problems(debit, account)
    problems += _reference_problems(debit.mandate_reference, "mandateReference")
    problems += _day_problems(debit.on, today)
    if not _is_creditor(debit.creditor_identifier):
        message = "is not a creditor identifier: its check digits are wrong"
        problems.append(Problem("creditor_identifier_invalid", message, "creditorIdentifier", debit.creditor_identifier))
    elif account.settings.creditor_identifier is not None and _key(debit.creditor_identifier) != _key(
        account.settings.creditor_identifier
    ):
        message = f"The mandate names another creditor than the account, {account.settings.creditor_identifier}: amend it."
        problems.append(Problem("mandate_of_another_creditor", message, "creditorIdentifier", debit.creditor_identifier))
    if debit.signed_on > today:
        problems.append(Problem("mandate_not_signed", f"is after today ({today})", "signedOn", debit.signed_on))
    if debit.sequence not in ("FRST", "RCUR", "FNAL", "OOFF"):
        problems.append(Problem("sequence_unknown", "is FRST, RCUR, FNAL or OOFF", "sequence", debit.sequence))
    if debit.scheme not in ("CORE", "B2B"):
        problems.append(Problem("scheme_unknown", "is CORE or B2B", "scheme", debit.scheme))
    if debit.amendment is not None:
        problems += _amendment_problems(debit.amendment, account.settings.name_cutting)
    return texts, problems


def transfer_problems(transfer: Transfer, account: OurAccount, today: dt.date) -> tuple[Fitted, list[Problem]]:
    """(its texts as they are written, what is wrong with it)"""
    texts, problems = _order_problems(transfer, account)
    problems += _day_problems(transfer.on, today, any_day=account.settings.instant)
    return texts, problems


def _order_problems(order: Order, account: OurAccount) -> tuple[Fitted, list[Problem]]:
    settings = account.settings
    problems = _amount_problems(order)
    problems += _reference_problems(order.reference, "reference")
    iban_problems = _iban_problems(order.iban, "iban")
    problems += [*iban_problems, *_bic_problems(order.bic, "bic")]
    name, found = fitted(order.name, _NAME, settings.name_cutting, "name")
    problems += found
    if not name.strip("."):
        problems.append(Problem("name_missing", "says nothing in the characters of SEPA", "name", order.name))
    text, found = fitted(order.text, _TEXT, settings.text_cutting, "text")
    problems += found
    if not text:
        problems.append(Problem("text_missing", "says nothing in the characters of SEPA", "text", order.text))
    needed = not iban_problems and (order.iban[:2] not in EEA or (order.bic or "")[4:6] not in {"", *EEA})
    address, found = _address(order, account, needed)
    return Fitted(name, text, address), problems + found


def _amount_problems(order: Order) -> list[Problem]:
    problems = []
    if order.currency != "EUR":
        problems.append(Problem("currency_not_euro", "SEPA moves euros alone.", "currency", order.currency))
    if order.amount <= 0:
        problems.append(Problem("amount_not_positive", "is more than 0", "amount", order.amount))
    elif order.amount > MOST:
        problems.append(Problem("amount_too_large", f"is at most {MOST}", "amount", order.amount))
    elif order.amount != order.amount.quantize(Decimal("0.01")):
        problems.append(Problem("amount_too_fine", "has at most 2 decimals", "amount", order.amount))
    return problems


def _reference_problems(reference: str, field: str) -> list[Problem]:
    if not 0 < len(reference) <= _REFERENCE_LENGTH:
        return [Problem("reference_length", f"is of 1 to {_REFERENCE_LENGTH} characters", field, reference)]
    if not _REFERENCE.issuperset(reference) or reference != reference.strip():
        return [Problem("reference_malformed", "holds letters of a to z, digits and + ? / : ( ) . , ' -", field, reference)]
    if why := why_no_reference(reference):
        return [Problem("reference_with_slashes", why, field, reference)]
    return []


@lru_cache
def _in_sepa(country: str) -> bool:
    return bool(schwifty.IBAN(country, allow_invalid=True).in_sepa_zone)


@lru_cache(maxsize=1_000)
def _is_creditor(identifier: str) -> bool:
    return bool(at_02.is_valid(identifier))


@lru_cache(maxsize=200_000)
def _iban_problem(iban: str) -> tuple[str, str] | None:
    if why := why_no_iban(iban):
        return "iban_invalid", f"is not a valid IBAN: {why}"
    if not _in_sepa(iban[:2]):
        return "iban_outside_sepa", "is of a country that takes no part in SEPA"
    return None


def _iban_problems(iban: str, field: str) -> list[Problem]:
    found = _iban_problem(iban)
    return [Problem(found[0], found[1], field, f"{iban[:4]}…{iban[-4:]}")] if found else []


@lru_cache(maxsize=10_000)
def _bic_problem(bic: str) -> str | None:
    why = why_no_bic(bic)
    return f"is not a valid BIC: {why}" if why else None


def _bic_problems(bic: str | None, field: str) -> list[Problem]:
    found = _bic_problem(bic) if bic is not None else None
    return [Problem("bic_invalid", found, field, bic)] if found else []


def _day_problems(on: dt.date, today: dt.date, *, any_day: bool = False) -> list[Problem]:
    if on < today:
        return [Problem("day_passed", f"is before today ({today})", "on", on)]
    if not any_day and not is_target_day(on):
        return [Problem("day_closed", "is a day on which TARGET is closed", "on", on)]
    if on > today + MOST_AHEAD:
        return [Problem("day_too_far", f"is more than {MOST_AHEAD.days} days ahead of today ({today})", "on", on)]
    return []


def _address(order: Order, account: OurAccount, needed: bool) -> tuple[Address | None, list[Problem]]:
    """The address as it is written, and what is wrong with it: town and country at least, never lines alone (from 15 November 2026)."""
    settings = account.settings
    version = settings.debit_version if isinstance(order, Debit) else settings.transfer_version
    says_none = version in _WITHOUT_ADDRESSES
    if needed and says_none:
        message = f"The other bank lies outside of the EEA and needs an address with its town, which {version} does not say."
        return None, [Problem("address_not_in_version", message, "address")]
    if order.address is None:
        message = "The other bank lies outside of the EEA: the address is needed, with town and country."
        return None, [Problem("address_missing", message, "address")] if needed else []
    if says_none or (not needed and settings.addresses == "NONE"):
        return None, []
    given = order.address
    problems: list[Problem] = []
    parts: Fields = {}
    for name, most in (("town", 35), ("street", 70), ("building_number", 16), ("post_code", 16)):
        if (value := getattr(given, name)) is not None:
            written, found = fitted(value, most, None, f"address.{name}")
            problems += found
            parts[name] = written or None
    if not parts["town"]:
        problems.append(Problem("town_missing", "says nothing in the characters of SEPA", "address.town", given.town))
    return given._replace(**parts), problems


def _amendment_problems(said: Amendment, cutting: str | None) -> list[Problem]:
    problems = _reference_problems(said.reference, "amendment.reference") if said.reference is not None else []
    if said.iban is not None and not said.other_bank:
        problems += _iban_problems(said.iban, "amendment.iban")
    if said.creditor_name is not None:
        name, found = fitted(said.creditor_name, _NAME, cutting, "amendment.creditorName")
        problems += found
        if not name:
            message = "says nothing in the characters of SEPA"
            problems.append(Problem("name_missing", message, "amendment.creditorName", said.creditor_name))
    if said._replace(iban_key=None) == Amendment():
        problems.append(Problem("amendment_empty", "says nothing that has changed", "amendment"))
    return problems


def _key(creditor_identifier: str) -> str:
    return creditor_identifier[:4] + creditor_identifier[7:]


def repeated(orders: Sequence[Order]) -> set[int]:
    """The places of those whose reference stands further in front already."""
    seen: set[str] = set()
    found = set()
    for n, order in enumerate(orders):
        if order.reference in seen:
            found.add(n)
        seen.add(order.reference)
    return found
