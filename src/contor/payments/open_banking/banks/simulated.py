"""A bank of TEST tenants: it knows what was entered as booked there, and tells it as any bank does, in camt.052.

How it behaves when it is linked is said by the user's name: `tan` asks for a TAN (123456), `app` waits for a confirmation elsewhere, which
the second question finds there, `wrong-pin` refuses, `away` gives no answer; any other is linked at once.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from lxml import etree

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.payments.accounts import ACCOUNTS
from contor.payments.ibans import masked
from contor.payments.open_banking import tables
from contor.payments.open_banking.banks.types import (
    Access,
    Asked,
    BankRefused,
    Fetched,
    Linked,
    StatementFile,
    Unreachable,
)
from contor.payments.open_banking.types import Challenge, SimulatedBookingBody, SimulatedBookingView
from contor.runtime.execute import Runtime
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.runtime.work.tenants import caller

NAME = "Simulated Bank"
TAN = "123456"
_SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.052.001.08"


@shape
class MakeBooking:
    merchant_payment_account_ident: str
    body: SimulatedBookingBody


@shape
class BookedThere:
    """Which bookings of an account are asked for."""

    account_ident: str
    since: dt.date
    until: dt.date


class Booking(NamedTuple):
    """A booking there."""

    ident: str
    booked_on: dt.date
    amount: Decimal
    currency: str
    text: str
    counterpart_name: str | None
    counterpart_iban: str | None
    end_to_end_ident: str | None


@operation("simulated_booking.make", permission="payments.write")
def make_booking(uow: Uow, command: MakeBooking) -> SimulatedBookingView:
    """Let something be booked on an account at the simulated bank; it is told when the bank is asked next."""
    if uow.ctx.environment != "TEST":
        message = "Only a tenant of TEST has a simulated bank."
        raise Refused(Kind.ILLEGAL_STATE, Problem("simulated_bank_refused", message))
    account, body = ACCOUNTS.require(uow, (command.merchant_payment_account_ident,)), command.body
    problems = []
    if not body.amount:
        problems.append(Problem("amount_zero", "is 0: nothing is booked", "amount"))
    if body.currency != account["currency"]:
        message = f"the account is kept in {account['currency']}"
        problems.append(Problem("currency_differs", message, "currency", body.currency))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    row = {
        "ident": body.ident or str(uow.new_uuid()),
        "account_ident": account["ident"],
        "booked_on": body.booked_on or uow.ctx.today(),
        "amount": body.amount,
        "currency": body.currency,
        "text": body.text,
        "counterpart_name": body.counterpart_name,
        "counterpart_iban": body.counterpart_iban,
        "end_to_end_ident": body.end_to_end_ident,
        "created_at": uow.ctx.now(),
    }
    if not uow.insert_once(tables.simulated_booking, row):
        message = f"The simulated bank has a booking {row['ident']!r} already."
        raise Refused(Kind.CONFLICT, Problem("simulated_booking_exists", message, "ident", str(row["ident"])))
    uow.audit("simulated_booking", str(row["ident"]), {"amount": body.amount, "booked_on": row["booked_on"]})
    said = {**row, "merchant_payment_account_ident": account["ident"]}
    said["counterpart_iban"] = masked(body.counterpart_iban) if body.counterpart_iban else None
    del said["account_ident"], said["created_at"]
    return SimulatedBookingView(**said)


@operation("simulated_booking.list", permission="payments.read", reads=True)
def booked_there(uow: Uow, command: BookedThere) -> list[Booking]:
    """What was booked there on these days."""
    sql = (
        f"SELECT {columns(Booking)} FROM simulated_booking WHERE account_ident = %s AND booked_on BETWEEN %s AND %s"
        " ORDER BY booked_on, ident"
    )
    return uow.all(Booking, sql, (command.account_ident, command.since, command.until))


class SimulatedBank:
    """The bank of one TEST tenant."""

    def __init__(self, runtime: Runtime, tenant_id: int) -> None:
        self._runtime, self._caller = runtime, caller("simulated_bank", tenant_id)

    def link(self, access: Access) -> Linked | Asked:
        _behave(access)
        if access.user_name == "tan":
            return Asked(Challenge(text="Please enter the TAN of your simulated list."), b"tan")
        if access.user_name == "app":
            return Asked(Challenge(text="Please confirm in the app of your simulated bank.", decoupled=True), b"app")
        return Linked(NAME)

    def confirm(self, access: Access, dialog: bytes, tan: str) -> Linked | Asked:
        _behave(access)
        if dialog == b"tan" and tan != TAN:
            raise BankRefused("tan_refused", "The bank refused the confirmation: the TAN is wrong.")
        if dialog == b"app":
            return Asked(Challenge(text="Please confirm in the app of your simulated bank.", decoupled=True), b"app, asked again")
        return Linked(NAME)

    def fetch(self, access: Access, since: dt.date, until: dt.date) -> Fetched:
        _behave(access)
        command = BookedThere(account_ident=access.account_ident, since=since, until=until)
        bookings = self._runtime.execute(booked_there, command, self._caller)
        name = f"simulated-{since:%Y%m%d}-{until:%Y%m%d}.xml"
        return Fetched([StatementFile(name, _written(access.iban, bookings))] if bookings else [], b"")


def _behave(access: Access) -> None:
    if access.user_name == "wrong-pin":
        raise BankRefused("bank_access_refused", "The bank does not accept user name and PIN: the PIN is wrong.")
    if access.user_name == "away":
        raise Unreachable("The bank's server gives no answer.")


def _written(iban: str, bookings: Sequence[Booking]) -> bytes:
    """A report of the bookings, as camt.052.001.08; their references make them known again."""
    root = etree.Element(f"{{{_SPACE}}}Document", nsmap={None: _SPACE})
    message = _in(root, "BkToCstmrAcctRpt")
    at = f"{bookings[-1].booked_on:%Y-%m-%d}T00:00:00+00:00"
    _path(_path(message, "GrpHdr/MsgId", "SIMULATED"), "CreDtTm", at)
    report = _in(message, "Rpt")
    _path(report, "Id", "SIMULATED")
    _path(report, "CreDtTm", at)
    account = _path(report, "Acct/Id/IBAN", iban)
    _path(account, "Ccy", bookings[0].currency)
    for booking in bookings:
        _entry(report, booking)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _entry(report: etree._Element, booking: Booking) -> None:
    side, comes_in = ("CRDT", True) if booking.amount > 0 else ("DBIT", False)
    entry = _in(report, "Ntry")
    _in(entry, "Amt", f"{abs(booking.amount):.2f}").set("Ccy", booking.currency)
    _path(entry, "CdtDbtInd", side)
    _path(entry, "Sts/Cd", "BOOK")
    _path(entry, "BookgDt/Dt", booking.booked_on.isoformat())
    _path(entry, "ValDt/Dt", booking.booked_on.isoformat())
    _path(entry, "AcctSvcrRef", booking.ident[:35])
    code = _in(entry, "BkTxCd")
    domain = _in(code, "Domn")
    _path(domain, "Cd", "PMNT")
    family = _in(domain, "Fmly")
    _path(family, "Cd", "RCDT" if comes_in else "ICDT")
    _path(family, "SubFmlyCd", "ESCT")
    details = _in(_in(entry, "NtryDtls"), "TxDtls")
    if booking.end_to_end_ident:
        _path(details, "Refs/EndToEndId", booking.end_to_end_ident)
    _in(details, "Amt", f"{abs(booking.amount):.2f}").set("Ccy", booking.currency)
    _path(details, "CdtDbtInd", side)
    if booking.counterpart_name or booking.counterpart_iban:
        parties, who = _in(details, "RltdPties"), "Dbtr" if comes_in else "Cdtr"
        if booking.counterpart_name:
            _path(parties, f"{who}/Pty/Nm", booking.counterpart_name)
        if booking.counterpart_iban:
            _path(parties, f"{who}Acct/Id/IBAN", booking.counterpart_iban)
    if booking.text:
        _path(details, "RmtInf/Ustrd", booking.text[:140])
        for more in range(140, len(booking.text), 140):
            _in(details[-1], "Ustrd", booking.text[more : more + 140])


def _in(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    made = etree.SubElement(parent, f"{{{_SPACE}}}{name}")
    made.text = text
    return made


def _path(parent: etree._Element, path: str, text: str) -> etree._Element:
    """Elements within each other, the innermost with the text; the outermost."""
    first, *inner = path.split("/")
    outer = element = _in(parent, first)
    for name in inner:
        element = _in(element, name)
    element.text = text
    return outer
