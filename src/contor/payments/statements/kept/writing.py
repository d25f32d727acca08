"""What a bank's statements add to the stored bookings, in as few statements as it takes, however many bookings there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contor.kernel.errors import Problem
from contor.kernel.shapes import Fields
from contor.payments.exchange import Rates, ledger_rates, missing_rates
from contor.payments.receiving import day_problems, payment_problems, store_received
from contor.payments.statements import tables
from contor.payments.statements.judged import Booking, Plan
from contor.payments.statements.kept.bodies import Made, payments_of
from contor.payments.statements.kept.names import keep_names
from contor.payments.statements.kept.replace import replace_payments, replaceable
from contor.payments.statements.kept.resolve import sent_transfers
from contor.payments.types import Incoming
from contor.runtime.uow import Uow


@dataclass(slots=True)
class Payments:
    """The payments that a plan makes, by the ident of their booking."""

    made: dict[str, Made] = field(default_factory=dict)
    better: dict[str, Made] = field(default_factory=dict)
    """Of known bookings, in the place of those that are there."""
    told: list[tuple[Booking, Made]] = field(default_factory=list)
    """Of known bookings that are named again, as they would be made of what is told of them now."""
    rates: Rates = field(default_factory=lambda: Rates("", {}))

    @property
    def incoming(self) -> list[Incoming]:
        return [one for made in (*self.made.values(), *self.better.values()) for one in made.incoming]


def payments_for(uow: Uow, account: Fields, plan: Plan) -> Payments:
    """Pure but for what is asked of the files that we sent, and of exchange rates."""
    found = Payments()
    resolved = sent_transfers(uow, [(one.ident or "", entry) for one, entry in (*plan.fresh, *plan.richer, *plan.told)])
    for one, entry in plan.fresh:
        ident = one.ident or ""
        if one.payment is None:
            found.made[ident] = payments_of(ident, entry, resolved.get(ident))
    for one, entry in plan.richer:
        ident = one.ident or ""
        found.better[ident] = payments_of(ident, entry, resolved.get(ident), one.payments)
    for one, entry in plan.told:
        ident = one.ident or ""
        found.told.append((one, payments_of(ident, entry, resolved.get(ident))))
    found.rates = ledger_rates(uow, account["currency"], {one.body.booking_date for one in found.incoming})
    return found


def payment_findings(uow: Uow, account: Fields, payments: Payments) -> list[Problem]:
    """What is wrong with them: a day that is too far back or lies ahead, a rate that is missing, an account that is not active."""
    bodies = [one.body for one in payments.incoming]
    problems = [problem for body in bodies for problem in payment_problems(body, account, payments.rates.ledger)]
    return problems + day_problems(uow, bodies, by_bank=True) + missing_rates(payments.rates)


def store(uow: Uow, account: Fields, file_ident: str, plan: Plan, payments: Payments) -> dict[str, int]:
    """Write it all, and let the payments be received; how many of each there are."""
    now = uow.ctx.now()
    uow.insert(
        tables.bank_statement,
        [
            {
                "account_ident": account["ident"],
                "position": proved.position,
                "file_ident": file_ident,
                "number": statement.number,
                "currency": account["currency"],
                "booking_account": account["booking_account"],
                "from_amount": proved.from_amount,
                "to_amount": proved.to_amount,
                "from_day": proved.from_day,
                "to_day": proved.to_day,
                "forced": proved.forced,
                "created_at": now,
            }
            for proved, statement in plan.proofs
        ],
    )
    entries = [_entry(one, payments.made.get(one.ident or ""), account["ident"], file_ident) for one, _ in plan.fresh]
    uow.insert(tables.bank_entry, [{**entry, "created_at": now} for entry in entries])
    incoming = [one for made in payments.made.values() for one in made.incoming]
    replaced = _replaced(uow, account, plan, payments)
    incoming += [one for ident in replaced for one in payments.better[ident].incoming]
    _known_better(uow, plan, payments, replaced)
    store_received(uow, account, incoming, payments.rates)
    keep_names(uow, account, [(one, made) for one, made in payments.told if one.ident not in replaced])
    listed = sum(made.is_listed for made in payments.made.values())
    return {"payments": len(incoming), "unresolved": listed, "enriched": len(plan.richer)}


def _entry(one: Booking, made: Made | None, account: str, file_ident: str) -> dict[str, object]:
    """`made`: None where it is a payment that was given."""
    return {
        "ident": one.ident,
        "account_ident": account,
        "file_ident": file_ident,
        "booked_on": one.booked_on,
        "valued_on": one.valued_on,
        "amount": one.amount,
        "ordinal": one.ordinal,
        "family": one.family,
        "reference": one.reference,
        "end_to_end_ident": one.end_to_end,
        "iban_key": one.iban_key,
        "statement_position": one.position,
        "parts": one.parts,
        "detail": one.detail,
        "listed": made is not None and made.is_listed,
        "payments": len(made.incoming) if made is not None else one.payments,
        "payment_ident": one.payment,
    }


def _replaced(uow: Uow, account: Fields, plan: Plan, payments: Payments) -> list[str]:
    """The known bookings whose payments give place to better ones: those of which nothing is assigned yet."""
    if not plan.richer:
        return []
    found = replaceable(uow, [one for one, _ in plan.richer])
    replace_payments(uow, account, [row for rows in found.values() for row in rows])
    return [ident for ident in payments.better if ident in found]


def _known_better(uow: Uow, plan: Plan, payments: Payments, replaced: Sequence[str]) -> None:
    """What is known of known bookings now: which statement proves them, what else was told of them."""
    told: Mapping[str, Made] = payments.better
    changed = {one.ident or "": one for one in (*plan.proved, *plan.learned, *(known for known, _ in plan.richer))}
    if not changed:
        return
    rows = [
        (
            ident,
            one.position,
            one.reference,
            one.end_to_end,
            one.iban_key,
            one.parts,
            one.detail,
            one.payments + (len(told[ident].incoming) if ident in replaced else 0),
            told[ident].is_listed if ident in replaced else None,
        )
        for ident, one in sorted(changed.items())
    ]
    uow.run(
        "UPDATE bank_entry AS e SET statement_position = n.position, reference = n.reference, end_to_end_ident = n.end_to_end,"
        " iban_key = n.iban_key, parts = n.parts, detail = n.detail, payments = n.payments, listed = coalesce(n.listed, e.listed)"
        " FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::int[], %s::int[], %s::int[], %s::boolean[])"
        " AS n(ident, position, reference, end_to_end, iban_key, parts, detail, payments, listed) WHERE e.ident = n.ident",
        tuple([row[place] for row in rows] for place in range(9)),
    )
    for ident, one in sorted(changed.items()):
        uow.audit("bank_entry", ident, {"statement": one.position, "detail": one.detail})
