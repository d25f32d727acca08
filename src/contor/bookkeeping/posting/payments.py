"""What money puts into the books: posting table rows 10, 14 to 18, 24 and 28. Pure.

A payment that no case is known for waits on the interim account; an assignment relieves the customer. A received deposit is taxed
at once; so is every receipt under cash taxation. Differences of exchange are results of their own and never touch the VAT.
"""

from decimal import Decimal

from contor.bookkeeping.entries import account_line, entry_lines, personal_line
from contor.bookkeeping.posting.book import deposit_lines, exchange_lines, tax_due_lines
from contor.bookkeeping.posting.decisions import post_release, recovered_lines
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import Accounts, Entry, EntryKind, Line, Payment
from contor.documents.treatment import TaxPart
from contor.kernel.money import HUNDRED, ZERO, round_amount
from contor.openitems.types import Case, Movement

RETURNED = "Anzahlung zurückgezahlt"


def post_unassigned(payment: Payment, accounts: Accounts) -> list[Entry]:
    """Row 15: money without a case waits on the interim account. `accounts.party` may be empty: the payer is not known."""
    interim = account_line(accounts, accounts.chart[Role.PAYMENTS_UNASSIGNED], "C", payment.ledger_amount)
    lines = _balanced_sides([_money_line(payment, accounts), interim])
    return _entry(EntryKind.PAYMENT_UNASSIGNED, "Zahlung ungeklärt", payment, None, lines)


def post_met(payment: Payment, exchanged: Decimal, accounts: Accounts) -> list[Entry]:
    """Row 28: what waited of a payment was worth something else when it came than when it went back by `payment`."""
    interim = account_line(accounts, accounts.chart[Role.PAYMENTS_UNASSIGNED], "D", exchanged)
    lines = _balanced_sides([interim, *exchange_lines(accounts, exchanged)])
    return _entry(EntryKind.EXCHANGE_DIFFERENCE, "Kursdifferenz", payment, None, lines)


def post_payment(
    case: Case,
    movement: Movement,
    payment: Payment,
    accounts: Accounts,
    *,
    from_unassigned: bool = False,
    recovered: Movement | None = None,
    exchanged: Decimal = ZERO,
) -> list[Entry]:
    """Rows 10, 15, 17, 18, 24 and 28: `movement` is `openitems.rules.pay(case, payment.amount, payment.ledger_amount)`.

    `recovered`: what of a receivable that was written off the payment brings back, so that `case` had it again; of a return its opposite.
    `exchanged`: of a return, the difference of exchange of what it takes back, which goes back with it: what is left beside it is that of
    the two payments.

    `from_unassigned`: the payment was posted before, it comes from the interim account. Money that goes out (refund, payout,
    chargeback) has a negative amount. To take an assignment back, reverse its entries (`entries.reversed_entry`).
    """
    money = _money_line(payment, accounts)
    if from_unassigned:
        money = account_line(accounts, accounts.chart[Role.PAYMENTS_UNASSIGNED], "D", payment.ledger_amount)
    relieved = -movement.ledger_amount
    taxed = movement.ledger_parts
    deposit = ZERO
    lines: list[Line] = [money]
    if case.is_memo and taxed:  # row 10 without receivable: the customer's account was never charged
        deposit = sum((part.gross for part in taxed), ZERO)
        lines += deposit_lines(accounts, taxed)
    # of a memo only what exceeds it: a credit of the customer
    rest, foreign = relieved - deposit, -movement.amount
    if recovered is not None:
        lines += recovered_lines(case, recovered, accounts)
        rest, foreign = rest - recovered.ledger_amount, foreign - recovered.amount
    if rest:
        lines.append(_customer_line(case, accounts, rest, foreign))
    lines += [line._replace(amount=-line.amount) for line in exchange_lines(accounts, exchanged)]
    lines += exchange_lines(accounts, payment.ledger_amount - relieved + exchanged)
    kind, what = (EntryKind.PAYMENT, "Zahlung") if payment.amount > 0 else (EntryKind.PAYMENT_OUT, "Auszahlung")
    if deposit:
        kind = EntryKind.DEPOSIT_RECEIVED if deposit > 0 else EntryKind.DEPOSIT_RETURNED
    is_taxed = bool(deposit) or recovered is not None
    entries = _entry(kind, what, payment, case, _balanced_sides(lines), taxed=is_taxed)
    if taxed and not case.is_memo:
        entries += _taxed_on_receipt(case, taxed, payment, accounts)
    return entries + post_release(case, movement, payment.booked_on, payment.ident, accounts)


def _taxed_on_receipt(case: Case, taxed: tuple[TaxPart, ...], payment: Payment, accounts: Accounts) -> list[Entry]:
    if not case.is_deposit:
        lines = tax_due_lines(accounts, taxed)
        return _entry(EntryKind.TAX_DUE, "Steuer fällig", payment, case, lines, taxed=True)
    gross = sum((part.gross for part in taxed), ZERO)
    clearing = account_line(accounts, accounts.chart[Role.DEPOSIT_CLEARING], "D", gross)
    lines = [clearing._replace(party=accounts.party), *deposit_lines(accounts, taxed)]
    kind, what = (EntryKind.DEPOSIT_RECEIVED, "Anzahlung erhalten") if gross > 0 else (EntryKind.DEPOSIT_RETURNED, RETURNED)
    return _entry(kind, what, payment, case, _balanced_sides(lines), taxed=True)


def post_deposit_returned(case: Case, movement: Movement, payment: Payment, accounts: Accounts) -> list[Entry]:
    """Row 14: the deposit goes back, there is no supply. `movement` is `openitems.deposits.return_deposit`; `payment` is negative."""
    given_back = tuple(movement.ledger_parts)
    lines = [
        # what is given back is negative: to return a deposit is a fact of its own, so it turns to the other side
        line._replace(side="D", amount=-line.amount, tax_base=_negated(line.tax_base))
        for line in deposit_lines(accounts, given_back)
    ]
    booked = sum((line.amount for line in lines), ZERO)
    lines += [_money_line(payment, accounts), *exchange_lines(accounts, payment.ledger_amount + booked)]
    return _entry(EntryKind.DEPOSIT_RETURNED, RETURNED, payment, case, _balanced_sides(lines), taxed=True)


def post_payment_cost(payment: Payment, accounts: Accounts) -> list[Entry]:
    """Rows 16 and 17: a fee of the bank or payment provider, taken from its account; `payment` is negative."""
    fee = account_line(accounts, accounts.chart[Role.BANK_FEES], "D", -payment.ledger_amount)
    return _entry(EntryKind.PAYMENT_COST, "Gebühr", payment, None, _balanced_sides([fee, _money_line(payment, accounts)]))


def post_reverse_charge(payment: Payment, accounts: Accounts, country: str, rate: Decimal, *, deducted: bool) -> list[Entry]:
    """Row 16: the tax that we owe on the fee of a provider in another country, at our `rate` (section 13b UStG), and deduct at once; or,
    not `deducted`, a part of the cost (section 19 UStG). `payment` as in `post_payment_cost`."""
    base = -payment.ledger_amount
    tax = round_amount(base * rate / HUNDRED, accounts.currency)
    owed = account_line(accounts, accounts.chart[Role.TAX_REVERSE_CHARGE], "C", tax)
    lines = [
        owed._replace(tax_base=base, rate=rate, country=country),
        account_line(accounts, accounts.chart[Role.BANK_FEES], "D", tax),
    ]
    if deducted:
        deducting = account_line(accounts, accounts.chart[Role.INPUT_TAX_REVERSE_CHARGE], "D", tax)
        lines[1] = deducting._replace(tax_base=base, rate=rate, country=country)
    return _entry(EntryKind.REVERSE_CHARGE, "Steuer nach § 13b UStG", payment, None, _balanced_sides(lines), taxed=True)


def post_payout(payment: Payment, accounts: Accounts, bank_account: int | None = None) -> list[Entry]:
    """Row 16: the payment provider transfers to the bank. `payment` leaves the provider's account, so it is negative; it is positive where
    it arrives at the bank's and comes from `bank_account`, on which it waited."""
    bank = bank_account or accounts.chart[Role.BANK].number
    received = Line(bank, "D", -payment.ledger_amount, accounts.currency)
    return _entry(
        EntryKind.PAYOUT,
        "Auszahlung Zahlungsdienst",
        payment,
        None,
        _balanced_sides([received, _money_line(payment, accounts)]),
    )


def _money_line(payment: Payment, accounts: Accounts) -> Line:
    number = accounts.chart[Role.BANK].number if payment.account is None else payment.account
    line = Line(number, "D", payment.ledger_amount, accounts.currency)
    if payment.currency in (None, accounts.currency):
        return line
    return line._replace(foreign_amount=payment.amount, foreign_currency=payment.currency)


def _customer_line(case: Case, accounts: Accounts, relieved: Decimal, foreign: Decimal) -> Line:
    if case.doubtful:
        return account_line(accounts, accounts.chart[Role.DOUBTFUL], "C", relieved)._replace(party=accounts.party)
    if case.currency == case.ledger_currency:
        return personal_line(accounts, "C", relieved, payable=case.is_payable)
    return personal_line(accounts, "C", relieved, payable=case.is_payable, foreign=foreign, foreign_currency=case.currency)


def _balanced_sides(lines: list[Line]) -> list[Line]:
    """Money that goes out is a fact of its own, not a reversal: a negative amount turns to the other side. Debits come first."""
    turned = [line if line.amount >= 0 else _turned(line) for line in lines]
    return sorted(turned, key=lambda line: line.side == "C")


def _turned(line: Line) -> Line:
    return line._replace(
        side="C" if line.side == "D" else "D",
        amount=-line.amount,
        tax_base=_negated(line.tax_base),
        foreign_amount=_negated(line.foreign_amount),
    )


def _negated(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else -amount


def _entry(
    kind: EntryKind, what: str, payment: Payment, case: Case | None, lines: list[Line], *, taxed: bool = False
) -> list[Entry]:
    """One entry; none where everything is less than the ledger's smallest unit."""
    document_ident = case.document_ident if case is not None else None
    booked = entry_lines(lines)
    if not booked:
        return []
    text = f"{what} {document_ident or payment.ident}"
    tax_date = payment.booked_on if taxed else None
    return [Entry(kind, text, payment.booked_on, payment.booked_on, tax_date, document_ident, booked, payment.ident)]
