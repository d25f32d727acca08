"""The creditor of an account of ours is called otherwise, or has another identifier: the mandates that name it are amended, and the next
collection by each tells the bank (AT-M007 of the rulebooks)."""

from collections.abc import Sequence

import msgspec

from contor.kernel.events import on
from contor.kernel.shapes import Fields
from contor.payments.customer_accounts import tables
from contor.payments.customer_accounts.mandates import MandateRow, creditor_key
from contor.payments.customer_accounts.signing import Creditor, amended_mandate, renamed_creditor
from contor.payments.customer_accounts.types import Mandate
from contor.payments.events import CreditorChanged
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

_OF_CREDITOR = f"""
SELECT {columns(MandateRow)} FROM sepa_mandate WHERE is_current AND status = 'ACTIVE'
 AND substr(creditor_identifier, 1, 4) || substr(creditor_identifier, 8) = %(creditor)s
 AND account_ident IN (SELECT a.ident FROM customer_payment_account a JOIN gateway_account g
      ON g.tenant_id = a.tenant_id AND g.gateway_ident = a.merchant_payment_gateway_ident
      WHERE g.account_ident = %(account)s AND g.currency = 'EUR')
 ORDER BY key FOR UPDATE
"""


@on(CreditorChanged)
def amend_mandates(uow: Uow, fact: CreditorChanged) -> None:
    """Mandates of another creditor than the former one stay as they are, and so does one whose reference the new creditor has already:
    collections by it are refused by name, until somebody amends it."""
    values = {"creditor": creditor_key(fact.former_identifier), "account": fact.account_ident}
    mandates = uow.all(MandateRow, _OF_CREDITOR, values)
    if creditor_key(fact.identifier) == values["creditor"]:
        _rename(uow, mandates, fact.name)
    else:
        _replace(uow, mandates, Creditor(fact.identifier, fact.name))


def _replace(uow: Uow, mandates: Sequence[MandateRow], creditor: Creditor) -> None:
    now, made = uow.ctx.now(), dict[str, Fields]()
    for mandate in mandates:
        sent = Mandate(
            signed_on=mandate.signed_on,
            creditor_identifier=creditor.identifier,
            pre_notification_days=mandate.pre_notification_days,
        )
        row = amended_mandate(sent, mandate, creditor, now)
        if row is not None:
            made[mandate.key] = row
    keys = [str(row["key"]) for row in made.values()]
    there = set(uow.column(str, "SELECT key FROM sepa_mandate WHERE key = ANY (%s)", (keys,)))
    made = {key: row for key, row in made.items() if row["key"] not in there}
    why = f"amended to the creditor {creditor.identifier}"
    uow.run(
        "UPDATE sepa_mandate SET is_current = false, status = 'REVOKED', status_reason = %s, last_modified_at = %s WHERE key = ANY (%s)",
        (why, now, list(made)),
    )
    uow.insert(tables.sepa_mandate, list(made.values()))
    for mandate in mandates:
        if mandate.key in made:
            uow.audit("sepa_mandate", mandate.reference, {"replaced": why, "account": mandate.account_ident})


def _rename(uow: Uow, mandates: Sequence[MandateRow], name: str) -> None:
    changed = {mandate.key: renamed_creditor(mandate, name) for mandate in mandates}
    amendments = [None if row["amendment"] is None else msgspec.json.encode(row["amendment"]).decode() for row in changed.values()]
    uow.run(
        "UPDATE sepa_mandate SET creditor_name = %s, amendment = x.said::jsonb, amendment_pending = x.pending, last_modified_at = %s"
        " FROM unnest(%s::text[], %s::text[], %s::boolean[]) AS x(name, said, pending) WHERE key = x.name",
        (name, uow.ctx.now(), list(changed), amendments, [row["amendment_pending"] for row in changed.values()]),
    )
    for mandate in mandates:
        uow.audit("sepa_mandate", mandate.reference, {"creditor_name": name, "account": mandate.account_ident})
