"""A link to a bank begins, is confirmed, and ends. The bank is spoken to before the transaction: it is not held for so long."""

import base64
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.payments.accounts import ACCOUNTS
from contor.payments.open_banking import tables
from contor.payments.open_banking.banks import Access, Asked, BankRefused, Linked, Unreachable, bank_of
from contor.payments.open_banking.stored import (
    LinkSecrets,
    OneLink,
    access_of,
    one_view,
    require_link,
    sealed,
    unsealed,
)
from contor.payments.open_banking.sync import SYNC
from contor.payments.open_banking.types import CONSENT, ConfirmBody, ConnectBody, LinkView
from contor.runtime.execute import Runtime
from contor.runtime.outbound import Allowed, why_not_called
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class ConnectLink:
    body: ConnectBody


@dataclass(frozen=True, slots=True)
class ConfirmLink:
    open_banking_account_ident: str
    body: ConfirmBody


class Said(NamedTuple):
    """What a bank said, and what it was asked with."""

    access: Access
    answer: Linked | Asked | BankRefused
    secrets: str | None = None
    """As they were stored when it was asked."""


def ask_to_link(runtime: Runtime, command: ConnectLink, caller: Caller) -> Said:
    """Ask the bank whether it lets the account be read. Raises `Refused` for what is wrong with the body, and where the bank refuses."""
    with runtime.transaction(caller, reads=True) as uow:
        access, tenant_id = _access(uow, command.body), uow.ctx.tenant_id
    bank = bank_of(runtime, tenant_id, command.body.provider)
    if bank is None:
        return Said(access, Linked(""))
    try:
        return Said(access, bank.link(access))
    except BankRefused as refused:
        raise Refused(Kind.INVALID, Problem(refused.code, refused.message)) from None
    except Unreachable as error:
        raise Refused(Kind.UNAVAILABLE, Problem("bank_unreachable", str(error))) from None


@operation("open_banking_account.connect", permission="payments.write", asks=ask_to_link)
def connect_link(uow: Uow, command: ConnectLink) -> LinkView:
    """Let a bank be asked for an account of ours, or, where it is already, ask to be allowed to anew. Where the bank wants a TAN the link
    is PENDING, and says what for."""
    said, body = _brought(uow), command.body
    uow.lock("open_banking", [body.merchant_payment_account_ident])
    sql = "SELECT ident FROM open_banking_account WHERE account_ident = %s"
    ident = uow.scalar(str, sql, (body.merchant_payment_account_ident,))
    row: Fields = {
        "account_ident": body.merchant_payment_account_ident,
        "provider": body.provider,
        "alias": body.alias,
        "url": body.url,
        "user_name": body.user_name,
        "tan_method": body.tan_method,
        "tan_medium": body.tan_medium,
        "bank_name": "",
    }
    if ident is None:
        ident = body.ident or str(uow.new_uuid())
        made = {**row, "ident": ident, "id": uow.next_id(), "status": "PENDING", "created_at": uow.ctx.now()}
        if not uow.insert_once(tables.open_banking_account, {**made, "last_modified_at": uow.ctx.now()}):
            message = f"An open banking account {ident!r} of another account exists already."
            raise Refused(Kind.CONFLICT, Problem("open_banking_account_exists", message, "ident", ident))
    elif body.ident not in (None, ident):
        message = f"The account is linked as {ident!r} already."
        raise Refused(Kind.CONFLICT, Problem("account_linked", message, "ident", body.ident))
    else:
        _put(uow, ident, row)
    _answered(uow, ident, said)
    return one_view(uow, ident)


def ask_to_confirm(runtime: Runtime, command: ConfirmLink, caller: Caller) -> Said:
    """Say the TAN to the bank, or ask whether it was confirmed elsewhere. Raises `Refused` where nothing waits for it."""
    with runtime.transaction(caller, reads=True) as uow:
        row = require_link(uow, command.open_banking_account_ident)
        if row.status != "PENDING":
            raise _nothing_waits()
        if command.body.tan is None and not (row.challenge or {}).get("decoupled"):
            raise Refused(Kind.INVALID, Problem("tan_missing", "is required: the bank asks for a TAN", "tan"))
        access, dialog = access_of(uow, row), base64.b64decode(unsealed(uow, row).dialog)
        tenant_id = uow.ctx.tenant_id
    bank = bank_of(runtime, tenant_id, row.provider)
    if bank is None:
        raise _nothing_waits()
    try:
        return Said(access, bank.confirm(access, dialog, command.body.tan or ""), row.secrets)
    except BankRefused as refused:
        return Said(access, refused, row.secrets)
    except Unreachable as error:
        raise Refused(Kind.UNAVAILABLE, Problem("bank_unreachable", str(error))) from None


@operation("open_banking_account.confirm", permission="payments.write", asks=ask_to_confirm)
def confirm_link(uow: Uow, command: ConfirmLink) -> LinkView:
    """What the bank asked for. Where it does not accept that the link FAILED, and is to be connected again."""
    said, ident = _brought(uow), command.open_banking_account_ident
    row = require_link(uow, ident, lock=True)
    if row.status != "PENDING" or row.secrets != said.secrets:
        raise _nothing_waits()  # somebody else confirmed it, or began anew, meanwhile
    _answered(uow, ident, said)
    return one_view(uow, ident)


@operation("open_banking_account.disable", permission="payments.write")
def disable_link(uow: Uow, command: OneLink) -> LinkView:
    """The bank is asked no more; what it is asked with is forgotten. What it told stays."""
    ident = command.open_banking_account_ident
    row = require_link(uow, ident, lock=True)
    if row.status != "DISABLED":
        _put(uow, ident, {"status": "DISABLED", "secrets": None, "challenge": None, "asked_at": None, "valid_until": None})
    return one_view(uow, ident)


@operation("open_banking_account.sync", permission="payments.write")
def sync_link(uow: Uow, command: OneLink) -> LinkView:
    """Ask the bank now, whenever it was asked last; a worker does it, and `lastAccessedAt` says when."""
    ident = command.open_banking_account_ident
    row = require_link(uow, ident, lock=True)
    if row.status != "LINKED":
        message = f"The bank is not asked: the account is {row.status}. Connect it again."
        raise Refused(Kind.ILLEGAL_STATE, Problem("account_not_linked", message))
    _put(uow, ident, {"asked_at": uow.ctx.now()})
    uow.mark(SYNC)
    return one_view(uow, ident)


def _brought(uow: Uow) -> Said:
    said = uow.brought
    if not isinstance(said, Said):
        raise AssertionError("the bank is asked before")
    return said


def _answered(uow: Uow, ident: str, said: Said) -> None:
    """Write down what the bank said."""
    access, answer, now = said.access, said.answer, uow.ctx.now()
    is_asked_later = require_link(uow, ident).provider == "FILES"
    if isinstance(answer, BankRefused):
        row: Fields = {"status": "FAILED", "secrets": None, "challenge": None, "problem": answer.message, "failing_since": now}
    elif isinstance(answer, Asked):
        kept = LinkSecrets(pin=access.pin, dialog=base64.b64encode(answer.dialog).decode())
        row = {"status": "PENDING", "secrets": sealed(uow, ident, kept), "challenge": msgspec.to_builtins(answer.challenge)}
    else:
        kept = LinkSecrets(pin=access.pin, known=base64.b64encode(answer.known).decode())
        row = {
            "status": "LINKED",
            "secrets": None if is_asked_later else sealed(uow, ident, kept),
            "challenge": None,
            "bank_name": (answer.bank_name or _bank_name(access.iban))[:255],
            "valid_until": None if is_asked_later else now + CONSENT,
            "last_informed_at": None,
            "asked_at": now,
            "problem": None,
            "failing_since": None,
        }
        uow.mark(SYNC)
    _put(uow, ident, row)


def _put(uow: Uow, ident: str, row: Fields) -> None:
    said = {**row, "last_modified_at": uow.ctx.now()}
    names = ", ".join(f"{name} = %s{'::jsonb' if name == 'challenge' else ''}" for name in said)
    values = [msgspec.json.encode(value).decode() if isinstance(value, dict) else value for value in said.values()]
    uow.run(f"UPDATE open_banking_account SET {names} WHERE ident = %s", (*values, ident))
    uow.audit("open_banking_account", ident, {name: value for name, value in row.items() if name not in ("secrets", "challenge")})


def _access(uow: Uow, body: ConnectBody) -> Access:
    """Raises `Refused` with all that is wrong."""
    account = ACCOUNTS.find(uow, (body.merchant_payment_account_ident,))
    problems = []
    iban = None if account is None else account["iban"]
    if iban is None:
        code, message = ("iban_missing", "has no IBAN, by which the bank knows it")
        if account is None:
            code, message = ("merchant_payment_account_unknown", "does not exist")
        problems.append(Problem(code, message, "merchantPaymentAccountIdent", body.merchant_payment_account_ident))
    if body.provider == "SIMULATED" and uow.ctx.environment != "TEST":
        problems.append(Problem("simulated_bank_refused", "is for tenants of TEST", "provider", body.provider))
    said = {"url": body.url, "userName": body.user_name, "pin": body.pin}
    if body.provider == "FINTS":
        problems += [Problem("field_required", "is required of FINTS", name) for name, one in said.items() if one is None]
        if iban is not None and not iban.startswith("DE"):
            message = "is not at a German bank, and others do not speak FinTS"
            problems.append(
                Problem("fints_not_spoken", message, "merchantPaymentAccountIdent", body.merchant_payment_account_ident)
            )
        if body.url is not None and (why := why_not_called(body.url, Allowed.of_calls(uow.runtime.config))) is not None:
            problems.append(Problem("url_refused", why, "url", body.url))
    elif body.url is not None:
        problems.append(Problem("field_unused", "belongs to FINTS", "url", body.url))
    if body.provider == "FILES":
        problems += [Problem("field_unused", "belongs to a bank that is asked", name) for name in ("userName", "pin") if said[name]]
    if problems:
        raise Refused(Kind.INVALID, *problems)
    assert iban is not None
    return Access(
        account_ident=body.merchant_payment_account_ident,
        iban=iban,
        url=body.url or "",
        user_name=body.user_name or "",
        pin=body.pin or "",
        tan_method=body.tan_method,
        tan_medium=body.tan_medium,
    )


def _bank_name(iban: str) -> str:
    from schwifty import IBAN

    bank = IBAN(iban, allow_invalid=True).bank
    return str(getattr(bank, "name", None) or "Bank")


def _nothing_waits() -> Refused:
    return Refused(Kind.ILLEGAL_STATE, Problem("confirmation_not_asked", "The bank waits for no confirmation of this account."))
