"""Signing mandates: a new one, an amended one, and what a mandate is told of when its account moves to another bank."""

from typing import NamedTuple

import msgspec
import schwifty

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.payments.customer_accounts import tables
from contor.payments.customer_accounts.mandates import MandateRow
from contor.payments.customer_accounts.signing import Creditor, KnownIban, amended_mandate, moved_account, new_mandate
from contor.payments.customer_accounts.stored import AccountRow, mandates_by_account
from contor.payments.customer_accounts.types import CustomerAccountBody, Mandate
from contor.payments.events import MandatesSigned
from contor.payments.gateways import accounts_by_gateway
from contor.payments.ibans import KeptIban, read_iban
from contor.runtime.uow import Uow

_JSON = ("holder_address", "amendment")


class _Sepa(NamedTuple):
    identifier: str | None
    name: str | None


def creditor_of(uow: Uow, body: CustomerAccountBody) -> Creditor:
    named = accounts_by_gateway(uow, [body.merchant_payment_gateway_ident], "EUR")
    sql = "SELECT sepa ->> 'creditor_identifier' AS identifier, sepa ->> 'holder_name' AS name FROM merchant_payment_account"
    row = uow.first(_Sepa, f"{sql} WHERE ident = ANY (%s)", (list(named.values()),))
    return Creditor(*row) if row is not None else Creditor()


def account_moved(uow: Uow, before: AccountRow, kept: KeptIban, mandate: MandateRow) -> None:
    if before.iban is None or before.iban_key is None:
        return
    former = KnownIban(before.iban, before.iban_key, _bank(read_iban(uow, before.iban, before.iban_key)))
    told = moved_account(mandate, former, KnownIban(kept.sealed, kept.key, _bank(read_iban(uow, kept.sealed, kept.key))))
    if told is not None:
        update_mandate(uow, mandate.key, told)
        uow.audit("sepa_mandate", mandate.reference, {"amendment": "of the account" if told["amendment_pending"] else "none"})


def put_mandate(uow: Uow, ident: str, body: CustomerAccountBody, sent: Mandate) -> None:
    """Sign, amend or repeat the mandate of an account."""
    before, now = mandates_by_account(uow, [ident]).get(ident), uow.ctx.now()
    creditor = creditor_of(uow, body)
    if before is None:
        insert_mandate(uow, new_mandate(sent, ident, creditor, uow.new_uuid().hex, now))
        return
    if sent.signed_on != before.signed_on:
        made, why = new_mandate(sent, ident, creditor, uow.new_uuid().hex, now), "a newer one was signed"
    else:
        amended = amended_mandate(sent, before, creditor, now)
        if amended is None:
            if sent.pre_notification_days != before.pre_notification_days:
                update_mandate(uow, before.key, {"pre_notification_days": sent.pre_notification_days})
                uow.audit("sepa_mandate", before.reference, {"pre_notification_days": sent.pre_notification_days})
            return
        made, why = amended, f"amended to {amended['reference']}"
    ended = {"status": "REVOKED", "status_reason": why} if before.status == "ACTIVE" else {}
    update_mandate(uow, before.key, {"is_current": False, **ended})
    uow.audit("sepa_mandate", before.reference, {"replaced": why})
    insert_mandate(uow, made)


def insert_mandate(uow: Uow, row: Fields) -> None:
    if not uow.insert_once(tables.sepa_mandate, row):
        message = "The creditor has a mandate with this reference already, and a reference is unique for ever."
        raise Refused(Kind.CONFLICT, Problem("mandate_exists", message, "mandate.reference", row["reference"]))
    said = ("reference", "creditor_identifier", "signed_on", "scheme", "kind")
    uow.audit("sepa_mandate", row["reference"], {"account": row["account_ident"], **{name: row[name] for name in said}})
    uow.emit(MandatesSigned(account_idents=(row["account_ident"],)))


def update_mandate(uow: Uow, key: str, row: Fields) -> None:
    names, values = assigned(row)
    uow.run(f"UPDATE sepa_mandate SET {names}, last_modified_at = %s WHERE key = %s", (*values, uow.ctx.now(), key))


def assigned(row: Fields) -> tuple[str, list[object]]:
    """What an UPDATE sets, and the values."""
    names = ", ".join(f"{name} = %s::jsonb" if name in _JSON else f"{name} = %s" for name in row)
    values = [
        None if value is None else msgspec.json.encode(value).decode() if name in _JSON else value for name, value in row.items()
    ]
    return names, values


def _bank(iban: str) -> str:
    known = schwifty.IBAN(iban, allow_invalid=True)
    return f"{known.country_code}{known.bank_code}"
