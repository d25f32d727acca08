"""Set-ups: written before the provider is called, and moved on by what it answers. Between the two lies a commit, so that whoever dies
leaves a key by which the provider is asked."""

import datetime as dt
from collections.abc import Iterable

import msgspec

from contor.kernel.events import on
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.payments.gateways import providers_by_id
from contor.payments.intents import ProviderCalled
from contor.payments.providers import SetupOutcome
from contor.payments.setups import tables
from contor.payments.setups.types import AGAIN, LASTS, NewSetup, Setup, SetupEnded
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

SETTING_UP = "payment_setups"
"""The work that asks for them."""
_SETUP = f"SELECT {columns(Setup)} FROM payment_setup WHERE "
_OPEN = "state IN ('BEGUN', 'WAITING')"


def begin_setup(uow: Uow, new: NewSetup) -> None:
    """Write it down; who was killed before the provider answered is made up for by the worker."""
    now = uow.ctx.now()
    said = new._asdict()
    until = said.pop("until")
    row = {
        **said,
        "key": uow.new_uuid().hex,
        "state": "BEGUN",
        "ask_at": now + AGAIN,
        "expires_at": now + LASTS if until is None else min(now + LASTS, until),
        "created_at": now,
        "last_modified_at": now,
    }
    uow.insert(tables.payment_setup, [row])
    uow.audit("payment_setup", new.ident, {"created": {"provider": new.provider}})
    uow.mark(SETTING_UP)


def setups_of(uow: Uow, idents: Iterable[str]) -> dict[str, Setup]:
    """Those that exist, by ident."""
    rows = uow.all(Setup, _SETUP + "ident = ANY (%s)", (sorted(set(idents)),))
    return {row.ident: row for row in rows}


def setup_of_cart(uow: Uow, cart: str) -> Setup | None:
    """By which the cart is to be paid: the latest of those that did not fail, else the latest."""
    return uow.first(Setup, _SETUP + "cart_ident = %s ORDER BY state = 'FAILED', expires_at DESC, ident LIMIT 1", (cart,))


def belongs_to(uow: Uow, ident: str, customer: str) -> None:
    """Who ordered is this customer: what the provider calls him is known from now on."""
    uow.run(
        "UPDATE payment_setup SET customer_ident = %s, last_modified_at = %s WHERE ident = %s", (customer, uow.ctx.now(), ident)
    )
    uow.audit("payment_setup", ident, {"customer_ident": customer})


def known_at_provider(uow: Uow, customer: str, provider_id: int) -> str | None:
    """What the provider calls this customer since an earlier set-up; None: it does not know him by one."""
    sql = (
        "SELECT customer_reference FROM payment_setup WHERE customer_ident = %s AND provider_id = %s AND customer_reference IS NOT NULL"
        " ORDER BY created_at DESC LIMIT 1"
    )
    return uow.scalar(str, sql, (customer, provider_id))


def shown_key(uow: Uow, provider_id: int) -> tuple[str | None, str | None]:
    """By what a customer's browser talks to the provider: the publishable key, and the connected account."""
    found = providers_by_id(uow, [provider_id]).get(provider_id)
    known = found.credentials if found is not None else {}
    return known.get("publishableKey"), known.get("accountId")


def give_up_setup(uow: Uow, ident: str) -> None:
    """Nothing is to come of it any more: the provider is told soon."""
    _give_up(uow, "ident", ident)


def give_up_setups_of_cart(uow: Uow, cart: str) -> None:
    """It is paid otherwise."""
    _give_up(uow, "cart_ident", cart)


def _give_up(uow: Uow, column: str, value: str) -> None:
    sql = f"UPDATE payment_setup SET expires_at = %s, ask_at = %s, last_modified_at = %s WHERE {column} = %s AND {_OPEN} RETURNING ident"
    now = uow.ctx.now()
    for ident in uow.column(str, sql, (now, now, now, value)):
        uow.audit("payment_setup", ident, {"given_up": True})
        uow.mark(SETTING_UP)


def wish_default(uow: Uow, ident: str) -> None:
    """What names no method is paid by it once it is there."""
    uow.run("UPDATE payment_setup SET is_default = true, last_modified_at = %s WHERE ident = %s", (uow.ctx.now(), ident))
    uow.audit("payment_setup", ident, {"is_default": True})


@shape
class KeepSetup:
    """What a provider said of a set-up."""

    ident: str
    outcome: SetupOutcome
    reference: str | None = None
    account: str | None = None
    method: str | None = None
    card: dict[str, str | int | None] | None = None
    reason: str | None = None
    ask_in: int | None = None


@operation("payment_setup.keep", permission="payments.write")
def keep_setup(uow: Uow, command: KeepSetup) -> None:
    """Write down what the provider said. Heard twice it changes nothing more."""
    known = uow.first(Setup, _SETUP + f"ident = %s AND {_OPEN} FOR UPDATE", (command.ident,))
    if known is None or (known.reference is not None and command.reference not in (None, known.reference)):
        return
    state = {"ACTION": "WAITING", "DONE": "DONE", "FAILED": "FAILED"}[command.outcome]
    if command.outcome == "ACTION" and command.reference is None and known.reference is None:
        state = "BEGUN"  # it did not answer
    now = uow.ctx.now()
    again: dt.datetime | None = None
    if command.outcome == "ACTION":
        again = now + dt.timedelta(seconds=command.ask_in or 3600)
        if known.expires_at > now:  # of one that is over, the provider that does not answer is asked a minute later, not at once
            again = min(again, known.expires_at)
    card = {name: value for name, value in (command.card or {}).items() if value is not None}
    uow.run(
        "UPDATE payment_setup SET state = %s, reference = coalesce(%s, reference), customer_reference = coalesce(%s, customer_reference),"
        " method_reference = %s, card = %s::jsonb, reason = %s, ask_at = %s, last_modified_at = %s WHERE ident = %s",
        (
            state,
            command.reference,
            command.account,
            command.method,
            msgspec.json.encode(card).decode() if card else None,
            command.reason,
            again,
            now,
            command.ident,
        ),
    )
    uow.audit("payment_setup", command.ident, {"state": state, "reason": command.reason})
    if command.outcome == "ACTION":
        uow.mark(SETTING_UP)
    else:
        uow.emit(SetupEnded(ident=command.ident, done=command.outcome == "DONE"))


@on(ProviderCalled)
def ask_soon(uow: Uow, fact: ProviderCalled) -> None:
    """A provider calls about it, which is only a hint: it is asked for soon."""
    names = list(fact.names)
    sql = (
        f"UPDATE payment_setup SET ask_at = %s WHERE {_OPEN} AND ident IN (SELECT ident FROM payment_setup WHERE key = ANY (%s)"
        " UNION SELECT ident FROM payment_setup WHERE reference = ANY (%s)) RETURNING ident"
    )
    found = uow.column(str, sql, (uow.ctx.now(), names, names))
    for ident in found:
        uow.audit("payment_setup", ident, {"called": True})
    if found:
        uow.mark(SETTING_UP)
