"""Who is dunned, for what, at which level, and why who is not. Pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from contor.dunning.rules.default import Begun, default_begins, term_ends
from contor.dunning.rules.interest import BUSINESS, CONSUMER, Rates, interest_of, why_no_rate
from contor.dunning.rules.types import Debtor, DunningConfiguration, Level, OpenItem, Outcome, Proposal, ProposedLetter, ProposedRow
from contor.kernel.money import CENT, ZERO

_DAY = dt.timedelta(days=1)
FLAT = Decimal(40)
"""Section 288 (5) BGB, in EUR."""
CLAIMED_IN = "EUR"
"""Fees and interest are claimed on what is owed in the currency of the books alone."""


def propose(debtor: Debtor, configuration: DunningConfiguration, rates: Rates, today: dt.date) -> Proposal:
    """The letters to a customer, and what becomes of the items that are on none."""
    others, groups = list[ProposedRow](), defaultdict[tuple[object, ...], list[ProposedRow]](list)
    for item in debtor.items:
        row = ProposedRow(item, _outcome(item, debtor, configuration, today), item.level, note=item.collecting)
        if row.outcome in (Outcome.DUNNED, Outcome.TERM_RUNNING, Outcome.CREDIT):
            groups[_key(item, configuration)].append(row)
        else:
            others.append(row)
    letters = list[ProposedLetter]()
    for key in sorted(groups, key=str):
        rows = groups[key]
        if (why := _why_no_letter(rows, configuration)) is not None:
            others += [replace(row, outcome=why) if row.outcome is Outcome.DUNNED else row for row in rows]
        else:
            letters.append(_letter(debtor, rows, configuration, rates, today))
    return Proposal(debtor.customer_ident, tuple(letters), tuple(others))


def _key(item: OpenItem, configuration: DunningConfiguration) -> tuple[object, ...]:
    return (item.currency, item.company, "" if configuration.combine else item.document_id)


def _outcome(item: OpenItem, debtor: Debtor, configuration: DunningConfiguration, today: dt.date) -> Outcome:
    """Of one item alone; the first reason against it that a person would look at first."""
    if item.is_memo:
        return Outcome.NO_RECEIVABLE
    if item.balance < 0:
        # what is being paid out to the customer pays nothing of what he owes
        return Outcome.PREBOOKED if item.is_prebooked else Outcome.CREDIT
    if item.document_date > today:
        return Outcome.FUTURE_DATE
    if today <= term_ends(item.due_date, item.country, item.state):
        return Outcome.NOT_DUE
    reasons = (
        (item.is_doubtful, Outcome.DECIDED),
        (item.is_handed_over, Outcome.HANDED_OVER),
        (item.is_blocked, Outcome.BLOCKED),
        (item.is_prebooked, Outcome.PREBOOKED),
        (item.is_collected, Outcome.COLLECTION_PENDING),
        (dict(debtor.unassigned).get(item.currency, ZERO) >= item.balance, Outcome.UNASSIGNED_PAYMENT),
    )
    return next((outcome for holds, outcome in reasons if holds), None) or _next_step(item, configuration, today)


def _next_step(item: OpenItem, configuration: DunningConfiguration, today: dt.date) -> Outcome:
    """The next level only when the term of the one before has passed."""
    if item.pay_until is not None and today <= term_ends(item.pay_until, item.country, item.state):
        return Outcome.TERM_RUNNING
    level, last = _next_level(item, configuration), _last_level(configuration)
    if configuration.collection_after_level is not None and 0 < last <= item.level and not item.is_taken_back:
        return Outcome.HAND_OVER
    if level is None:
        return Outcome.LAST_LEVEL
    begins = item.letter_date
    if begins is None:
        begins = item.created_on if configuration.first_level_from == "INVOICE_CREATION" else item.due_date
    is_time = today >= begins + dt.timedelta(days=configuration.levels[level - 1].days_after)
    return Outcome.DUNNED if is_time else Outcome.TERM_RUNNING


def _next_level(item: OpenItem, configuration: DunningConfiguration) -> int | None:
    """The level that its next letter has: what was taken back from collection has its last one again. None: there is no further one."""
    last = _last_level(configuration)
    further = (at for at, level in enumerate(configuration.levels, 1) if level.enabled and at > item.level)
    return next(further, last if last and item.is_taken_back else None)


def _last_level(configuration: DunningConfiguration) -> int:
    """0: none is enabled."""
    return max((at for at, level in enumerate(configuration.levels, 1) if level.enabled), default=0)


def _why_no_letter(rows: Sequence[ProposedRow], configuration: DunningConfiguration) -> Outcome | None:
    owed = sum((row.item.balance for row in rows), ZERO)
    if not any(row.outcome is Outcome.DUNNED for row in rows):
        return Outcome.CREDIT  # of nothing that is dunned: no row changes its outcome
    if owed <= 0:
        return Outcome.COVERED_BY_CREDITS
    return Outcome.BELOW_MINIMUM if owed < configuration.minimum_amount else None


def _letter(
    debtor: Debtor, rows: Sequence[ProposedRow], configuration: DunningConfiguration, rates: Rates, today: dt.date
) -> ProposedLetter:
    dunned = [row.item for row in rows if row.outcome is Outcome.DUNNED]
    first = max(dunned, key=lambda item: (item.level, -item.due_date.toordinal(), -item.document_id))
    reached = _next_level(first, configuration) or first.level
    level = configuration.levels[reached - 1]
    made = list[ProposedRow]()
    bearer = _bearer(debtor, dunned, configuration, today)
    for row in rows:
        if row.outcome is not Outcome.DUNNED:
            made.append(row)
            continue
        fee = level.fee if row.item is bearer and not debtor.pays_no_fees else ZERO
        step = _next_level(row.item, configuration) or row.item.level
        made.append(_claimed(debtor, replace(row, level=step), fee, configuration, rates, today))
    return ProposedLetter(
        customer_ident=debtor.customer_ident,
        currency=first.currency,
        company=first.company,
        level=reached,
        letter_date=today,
        pay_until=term_ends(today + dt.timedelta(days=level.days_to_pay), first.country, first.state),
        rows=tuple(made),
        outstanding=sum((row.item.balance for row in made), ZERO),
        costs=sum((row.earlier.costs + row.fee + row.flat for row in made), ZERO),
        interest=sum((row.earlier.interest + row.interest for row in made), ZERO),
    )


def _bearer(debtor: Debtor, dunned: Sequence[OpenItem], configuration: DunningConfiguration, today: dt.date) -> OpenItem | None:
    """The item that the letter's one fee belongs to: the furthest of those that are in default without this letter."""
    late = [item for item in dunned if item.currency == CLAIMED_IN and _since(debtor, item, configuration, today)]
    return max(late, key=lambda item: (item.level, -item.due_date.toordinal(), -item.document_id), default=None)


def _since(debtor: Debtor, item: OpenItem, configuration: DunningConfiguration, today: dt.date) -> Begun | None:
    begun = default_begins(item, configuration, is_consumer=debtor.is_consumer)
    return begun if begun is not None and begun.day <= today else None


def _claimed(
    debtor: Debtor, row: ProposedRow, fee: Decimal, configuration: DunningConfiguration, rates: Rates, today: dt.date
) -> ProposedRow:
    """The row with what its letter claims anew. The letter that starts default claims nothing."""
    item = row.item
    begun = _since(debtor, item, configuration, today)
    if begun is None or item.currency != CLAIMED_IN:
        return row
    flat, own = _costs(item, fee, has_flat=configuration.flat_charge and not (debtor.is_consumer or debtor.pays_no_fees))
    row = replace(row, charged=fee, fee=own, flat=flat)
    level: Level = configuration.levels[row.level - 1]
    return _with_interest(row, begun.day, rates, today, is_consumer=debtor.is_consumer) if level.interest else row


def _costs(item: OpenItem, fee: Decimal, *, has_flat: bool) -> tuple[Decimal, Decimal]:
    """(of the flat charge, of fees) that are claimed anew: in all the larger of 40 EUR and the fees, never both (section 288 (5) BGB)."""
    fees = item.charged + fee
    new = max(ZERO, max(fees, FLAT if has_flat else ZERO) - item.costs)
    flat = max(ZERO, min(new, FLAT - item.costs)) if has_flat else ZERO
    return flat, new - flat


def _with_interest(row: ProposedRow, begun: dt.date, rates: Rates, today: dt.date, *, is_consumer: bool) -> ProposedRow:
    """All of the interest since default began, rounded once, less what letters before claimed of it. That is the interest of the days since
    the last one that was claimed; but where those before have changed by now (a payment with an earlier value day), it is of all days."""
    item = row.item
    if (missing := why_no_rate(rates, begun, today)) is not None:
        said = f"BASE_RATE_MISSING {missing}"
        return replace(row, note=f"{row.note}; {said}" if row.note else said)
    points = CONSUMER if is_consumer else BUSINESS
    whole = interest_of(item.opening, item.moved, (begun, today), rates, points, item.currency)
    new = max(ZERO, whole - item.interest)
    if not new:
        return row
    row = replace(row, interest=new, interest_from=begun, interest_until=today - _DAY, interest_deducted=item.interest)
    since = begun if item.claimed_until is None else max(begun, item.claimed_until + _DAY)
    if since < today:
        part = interest_of(item.opening, item.moved, (since, today), rates, points, item.currency)
        if abs(part - new) <= CENT:  # by the rounding of the whole
            return replace(row, interest_from=since, interest_deducted=ZERO)
    return row
