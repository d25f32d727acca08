"""Parts of an open item in the ledger's currency, and what of them falls due. Pure.

Where tax arises on receipt, what becomes due of an invoice by all its receipts is exactly the tax that was booked with it: each receipt
takes the difference of what is due after it and before it, both converted as a whole (section 16 (6) UStG).
"""

import dataclasses
from collections.abc import Callable, Sequence
from decimal import Decimal

from contor.documents import treatment
from contor.documents.treatment import TaxPart
from contor.documents.types import DocumentType
from contor.kernel.money import ZERO, round_amount
from contor.openitems.types import Case, DecisionType, Matter, Movement, MovementKind


def taxed_by(case: Case, settles: Decimal) -> tuple[TaxPart, ...]:
    """What a receipt of `settles` taxes, where tax arises on receipt."""
    # all of the balance is all that is open, but for rounding, as long as what came in is taxed
    as_paid = case.matter is None or case.money == _gross(treatment.less(case.settled, case.reduced))
    is_last = settles == _gross(treatment.less(case.groups, case.settled)) or (as_paid and settles == case.balance)
    # what credits took back is an open item of its own: money pays the rows that are left, also what was received for the others before
    owed = _gross(treatment.less(case.uncredited, case.settled)) if case.uncredited else ZERO
    paid, found = min(settles, owed) if owed > 0 else ZERO, tuple[TaxPart, ...]()
    if paid:
        found = treatment.of_receipt(case.uncredited, case.settled, paid, case.currency, is_last=paid == owed)
    if beyond := settles - paid:
        settled = treatment.plus(case.settled, found)
        found = treatment.plus(found, treatment.of_receipt(case.groups, settled, beyond, case.currency, is_last=is_last))
    if case.matter is None or not (rest := settles - _gross(found)) > 0:
        return found
    return treatment.plus(found, of_rows_left(case.matter, treatment.plus(case.matter.taxed, found), rest, case.currency))


def of_rows_left(matter: Matter, taxed: tuple[TaxPart, ...], amount: Decimal, currency: str) -> tuple[TaxPart, ...]:
    """What `amount` taxes of the matter beyond what is `taxed`: of the rows that credits have left, then of the others."""
    of = matter.owed if _gross(treatment.less(matter.owed, taxed)) >= amount else matter.asked
    return treatment.of_receipt(of, taxed, amount, currency, is_last=amount == _gross(treatment.less(of, taxed)))


def parallel(case: Case, parts: tuple[TaxPart, ...]) -> tuple[TaxPart, ...]:
    """Parallel to the groups of the case, which may have got those of its matter since."""
    return parts if len(parts) in (0, len(case.groups)) else treatment.along(case.groups, parts)


def in_ledger(case: Case, found: tuple[TaxPart, ...], ledger_gross: Decimal) -> tuple[TaxPart, ...]:
    """`found`, parallel to the groups of the case, in the ledger's currency: together exactly `ledger_gross`."""
    if case.currency == case.ledger_currency or not found:
        return found
    converted = treatment.converted(found, ledger_gross, case.ledger_currency)
    if len(case.ledger_tax) != len(found):
        return converted
    return treatment.with_tax_due(
        converted, case.ledger_tax, case.groups, treatment.plus(case.settled, found), case.booked, case.ledger_currency
    )


def reduced_on_receipt(case: Case, decision: DecisionType, settles: Decimal, ledger_settles: Decimal) -> Movement:
    """A decision that reduces what is owed where tax arises on receipt: by the groups of the document, as where it does not, and out of the
    tax that is not due. Where more is given up of a group than was open of it (deposits paid for it, the other rows were credited), what
    was received of it pays the others; where nothing stays open no receipt will come that takes the last cent."""
    found = treatment.along(case.groups, treatment.of_decision(case.reducible, settles, case.currency))
    in_books = in_ledger(case, found, ledger_settles)
    after = dataclasses.replace(case, settled=treatment.plus(case.settled, found), booked=treatment.plus(case.booked, in_books))
    due = treatment.of_receipt(after.groups, after.settled, ZERO, case.currency, is_last=settles == case.balance)
    if case.uncredited and case.matter is not None:
        left, taxed = treatment.less(case.matter.owed, found), treatment.plus(case.matter.taxed, due)
        due = treatment.plus(due, treatment.to_rows_left(left, taxed, case.currency))
    if not any(part.gross or part.tax for part in due):
        due = ()
    return Movement(
        kind=MovementKind.DECISION,
        amount=-settles,
        ledger_amount=-ledger_settles,
        parts=found,
        ledger_parts=in_books,
        decision=decision,
        due=due,
        ledger_due=in_ledger(after, due, ZERO),
    )


def ledger_share(case: Case, settles: Decimal) -> Decimal:
    """What `settles` of the balance is worth on the customer's account; the whole balance takes all of it."""
    if not settles:
        return ZERO
    if settles == case.balance:
        return case.ledger_balance  # no cent of rounding stays on the account
    if beyond := owed_beyond(case):
        first = min(settles, beyond)
        worth = (case.ledger_balance - ledger_value(case, case.balance - beyond)) * first / beyond
        return round_amount(worth, case.ledger_currency) + ledger_value(case, settles - first)
    return round_amount(case.ledger_balance * settles / case.balance, case.ledger_currency)


def of_credit_used(case: Case, amount: Decimal) -> tuple[tuple[TaxPart, ...], tuple[TaxPart, ...]]:
    """What of a deposit's groups a correction took back and `amount`, which leaves the customer's credit (paid out, kept), is of; in both
    currencies, nothing for any other case. What he paid beyond the deposit goes first. It is received no more: no final invoice takes it
    over."""
    credit = -case.balance
    if not case.is_deposit or amount <= 0 or credit <= 0:
        return (), ()
    corrected = sum((part.gross for part in treatment.less(case.groups, case.settled)), ZERO)
    used = min(corrected, min(amount, credit) - max(ZERO, credit - corrected))
    if used <= 0:
        return (), ()
    off = treatment.of_receipt(case.groups, case.settled, used, case.currency, is_last=used == corrected)
    return off, treatment.converted(off, -ledger_share(case, -used), case.ledger_currency)


def returned_in_ledger(case: Case, returned: tuple[TaxPart, ...], ledger_gross: Decimal) -> tuple[TaxPart, ...]:
    """What goes back of a received deposit, in the ledger's currency; the last of it takes what is booked, to the cent."""
    if case.booked and returned == treatment.negated(case.settled):
        return treatment.negated(case.booked)
    return in_ledger(case, returned, ledger_gross)


def received_back(case: Case, amount: Decimal) -> Decimal:
    """What of `amount`, which goes out, had been received on a deposit invoice: first goes what stands to the customer's credit there."""
    if not case.is_deposit or amount <= 0:
        return ZERO
    return min(sum((part.gross for part in case.settled), ZERO), max(ZERO, amount + min(case.balance, ZERO)))


def paid_back(case: Case, amount: Decimal, ledger_amount: Decimal, back: Decimal) -> Movement:
    """Money goes out that had been received on a deposit invoice: it is received no more, and its tax falls away (section 17 (2) no. 2
    UStG, posting table row 14). It is owed again, at the rate of the document."""
    credit = min(case.balance, ZERO)
    parts = treatment.of_return(case.settled, back, case.currency)
    in_books = returned_in_ledger(case, parts, -ledger_value(case, back))
    beyond = amount - credit + back  # below zero where more goes out than there was
    off, off_booked = of_credit_used(case, -credit)
    return Movement(
        kind=MovementKind.PAYMENT,
        amount=-amount,
        ledger_amount=-(
            ledger_share(case, credit)
            + sum((part.gross for part in in_books), ZERO)
            + round_amount(ledger_amount * beyond / amount, case.ledger_currency)
        ),
        parts=parts,
        ledger_parts=in_books,
        closed=off,
        ledger_closed=off_booked,
    )


def ledger_value(case: Case, amount: Decimal) -> Decimal:
    """What `amount` of the document is worth at the rate at which it was booked."""
    if case.currency == case.ledger_currency:
        return amount  # also where vouchers paid all of it on issuing, so that nothing was opened
    return round_amount(case.ledger_opening * amount / case.opening, case.ledger_currency)


# --- the whole matter, where tax arises on receipt ----------------------------------------------------------------------------


def padded(case: Case, cases: Sequence[Case]) -> Case:
    """The case with the tax groups of all `cases`, what it lacks at nothing: what goes back by one may have been taxed by another."""
    own = {_key(part) for part in case.groups}
    more = {_key(part): part for one in cases for part in one.groups if _key(part) not in own}
    if not more:
        return case
    groups = (*case.groups, *(dataclasses.replace(part, net=ZERO, tax=ZERO, gross=ZERO) for part in more.values()))

    def wider(parts: tuple[TaxPart, ...]) -> tuple[TaxPart, ...]:
        return treatment.along(groups, parts) if parts else ()

    return dataclasses.replace(
        case,
        groups=groups,
        ledger_tax=(*case.ledger_tax, *(ZERO for _ in more)) if case.ledger_tax else (),
        reducible=wider(case.reducible),
        settled=wider(case.settled),
        booked=wider(case.booked),
        reduced=wider(case.reduced),
        reduced_booked=wider(case.reduced_booked),
        deducted=wider(case.deducted),
        deducted_booked=wider(case.deducted_booked),
    )


def in_matter(case: Case, cases: Sequence[Case]) -> Case:
    """The case, `padded`, with what stands of its matter; `cases`: all of it, with the case."""
    groups = case.groups

    def total(of: Callable[[Case], tuple[TaxPart, ...]], among: Sequence[Case] = cases) -> tuple[TaxPart, ...]:
        found = treatment.less(groups, groups)
        for one in among:
            found = treatment.plus(found, treatment.along(groups, of(one)))
        return found

    owed_tax: tuple[Decimal, ...] = ()
    if all(len(one.ledger_tax) == len(one.groups) for one in cases):
        taxes = total(
            lambda one: treatment.plus(
                treatment.less(_with_tax(one.groups, one.ledger_tax), one.reduced_booked), one.deducted_booked
            )
        )
        owed_tax = tuple(part.tax for part in taxes)
    asking = [one for one in cases if one.document_type is DocumentType.INVOICE and not one.replaced]
    matter = Matter(
        owed=total(lambda one: treatment.plus(treatment.less(one.groups, one.reduced), one.deducted)),
        owed_tax=owed_tax,
        asked=total(
            lambda one: treatment.plus(treatment.less(one.groups, one.reduced), one.deducted),
            asking,
        ),
        taxed=total(lambda one: treatment.plus(treatment.less(one.settled, one.reduced), one.deducted)),
        booked=total(lambda one: treatment.plus(treatment.less(one.booked, one.reduced_booked), one.deducted_booked)),
        money=sum((one.money + _gross(one.deducted) for one in cases), ZERO),
        rounded=sum((one.rounded for one in cases), ZERO),
        asked_rounded=sum((one.rounded for one in asking), ZERO),
        documents=len(cases),
    )
    return dataclasses.replace(case, matter=matter)


def given_back(case: Case, amount: Decimal) -> tuple[tuple[TaxPart, ...], tuple[TaxPart, ...]]:
    """What is taxed no more when `amount` goes out of the matter, negative, in both currencies: what is taxed beyond the money that stays;
    first of what the documents do not say any more."""
    matter = case.matter
    if matter is None:
        return (), ()
    whole = _gross(matter.taxed)
    back = whole - max(ZERO, matter.money - amount)
    if back <= 0:
        return (), ()
    beyond = taxed_beyond(matter)
    nothing = treatment.less(beyond, beyond)
    first = min(back, _gross(beyond))
    if back >= whole:
        return treatment.negated(matter.taxed), treatment.negated(matter.booked)
    found = treatment.of_receipt(beyond, nothing, first, case.currency, is_last=first == _gross(beyond)) if first else nothing
    if back > first:
        rest = treatment.less(matter.taxed, beyond)
        found = treatment.plus(found, treatment.of_receipt(rest, nothing, back - first, case.currency, is_last=False))
    if case.currency == case.ledger_currency:
        return treatment.negated(found), treatment.negated(found)
    return treatment.negated(found), treatment.negated(_as_booked(case, matter, found))


def taxed_beyond(matter: Matter) -> tuple[TaxPart, ...]:
    """What is taxed of rows that the documents do not say any more."""
    return tuple(
        part if part.gross > 0 else dataclasses.replace(part, net=ZERO, tax=ZERO, gross=ZERO)
        for part in treatment.less(matter.taxed, matter.owed)
    )


def _as_booked(case: Case, matter: Matter, found: tuple[TaxPart, ...]) -> tuple[TaxPart, ...]:
    result = []
    for at, (part, taxed, booked) in enumerate(zip(found, matter.taxed, matter.booked, strict=True)):
        share = part.gross / taxed.gross if taxed.gross else ZERO
        gross = round_amount(booked.gross * share, case.ledger_currency)
        tax = round_amount(booked.tax * share, case.ledger_currency)
        if part == taxed:
            gross, tax = booked.gross, booked.tax
        elif matter.owed_tax and part.gross and taxed.gross - part.gross == matter.owed[at].gross:
            tax = booked.tax - matter.owed_tax[at]  # what stays is all that the documents say
        result.append(dataclasses.replace(part, net=gross - tax, tax=tax, gross=gross))
    return tuple(result)


def room(case: Case, amount: Decimal) -> Decimal:
    """How much of `amount`, which comes in, is taxed: what went back before without being received is made good first, and what is paid
    beyond what was asked for is the customer's."""
    matter = case.matter
    if matter is not None:
        return max(ZERO, min(matter.money + amount, _gross(matter.asked)) - _gross(matter.taxed))
    if not case.is_deposit:
        return amount
    asked = _gross(case.groups) if case.balance > 0 else _gross(case.settled)  # a credit is not asked for any more
    return max(ZERO, asked - max(ZERO, case.balance - amount) - _gross(case.settled))


def ledger_closed(case: Case, unpaid: Decimal) -> Decimal:
    """What a correction closes of a deposit, as it was booked with it: of what is owed beyond nothing."""
    if not owed_beyond(case):
        return ledger_share(case, unpaid)
    return ledger_value(case, case.balance) - ledger_value(case, case.balance - unpaid)


def owed_beyond(case: Case) -> Decimal:
    """What is owed on a deposit beyond what it asks for, because more went back than was there. It is made good first."""
    return max(ZERO, case.balance - _gross(case.groups)) if case.is_deposit else ZERO


def _with_tax(groups: Sequence[TaxPart], taxes: Sequence[Decimal]) -> tuple[TaxPart, ...]:
    return tuple(dataclasses.replace(part, tax=tax) for part, tax in zip(groups, taxes, strict=True))


def _gross(parts: Sequence[TaxPart]) -> Decimal:
    return sum((part.gross for part in parts), ZERO)


def _key(part: TaxPart) -> tuple[object, ...]:
    return part.treatment, part.category_code, part.rate, part.country
