"""What lies between a document's gross and its payable amount, when it is issued: posting table rows 5, 6, 13 and 29. Pure."""

from decimal import Decimal

from contor.bookkeeping.entries import account_line, entry_lines
from contor.bookkeeping.posting.book import Book, exchange_lines, line_of_supply, tax_due_lines
from contor.bookkeeping.posting.days import on_days
from contor.bookkeeping.posting.revenue import Carried
from contor.bookkeeping.roles import REDUCED_BY, Role, deposits_role, tax_role
from contor.bookkeeping.types import Entry, EntryKind, Line
from contor.documents.amounts import NOTHING, GroupAmounts, covered_by_deposits, group_key
from contor.documents.treatment import (
    Treated,
    Treatment,
    days_supplied,
    deposit_treated,
    due_on_issue,
    negated,
    settled_at_issue,
    tax_parts,
)
from contor.kernel.money import ZERO, round_amount

Amounts = dict[str, tuple[Decimal, Decimal]]
"""`settled_at_issue`."""
CONTRA = {
    "VOUCHERS": (Role.VOUCHERS, EntryKind.VOUCHER_REDEEMED, "Gutschein eingelöst"),
    "PREPAID": (Role.PAYMENTS_UNASSIGNED, EntryKind.PREPAYMENT_APPLIED, "Vorauszahlung"),
}
"""What pays on issuing, and where it comes from: the liability of vouchers sold, the money that waited for its document."""


def post_settled(book: Book, carried: Carried | None, sign: int) -> list[Entry]:
    """What lies between the gross and the payable amount: rows 5, 13 and 29, prepayments, and the tax that falls due by it."""
    document, accounts = book.document, book.accounts
    amounts = settled_at_issue(document)
    entries: list[Entry] = []
    if "DEPOSITS" in amounts:
        entries.append(deposits_applied(book, amounts["DEPOSITS"], carried or {}))
    for key, (role, kind, what) in CONTRA.items():
        if key in amounts:
            foreign, amount = amounts[key]
            line = account_line(accounts, accounts.chart[role], "D", sign * amount)
            entries.append(book.entry(kind, what, [line, book.personal("C", sign * amount, sign * foreign)], taxed=False))
    if "DISCOUNTS" in amounts:
        entries += _discounts_taken_back(book)
    entries += post_rounding(book, amounts, sign)
    if "EXCHANGE" in amounts:
        entries.append(_exchange_difference(book, sign * amounts["EXCHANGE"][1]))
    if accounts.cash_taxation:
        entries += _tax_due_on_issue(book, amounts, sign)
    return entries


def _discounts_taken_back(book: Book) -> list[Entry]:
    """Row 19 (of a loss row 23), negative: what was decided off the rows that a credit takes back (Generalumkehr)."""
    document, accounts = book.document, book.accounts
    entries = []
    for decision, role_of in REDUCED_BY.items():
        of_decision = [it for it in document.discounts if it.decision == decision]
        lines: list[Line] = []
        for it in of_decision:
            treatment, net = Treatment(it.treatment), it.ledger_gross - it.ledger_tax
            lines.append(line_of_supply(accounts, role_of(treatment, it.rate), "D", -net, treatment, it.rate, it.country))
            line = account_line(accounts, accounts.chart[book.tax_role()(treatment, it.rate)], "D", -it.ledger_tax)
            lines.append(line._replace(tax_base=-net, rate=it.rate, country=it.country))
        if not lines:
            continue
        gross, in_ledger = sum((it.gross for it in of_decision), ZERO), sum((it.ledger_gross for it in of_decision), ZERO)
        booked = entry_lines([*lines, book.personal("C", -in_ledger, -gross)])
        if booked:
            entries.append(book.entry(EntryKind(decision), "Minderung zurückgenommen", list(booked)))
    return entries


def post_rounding(book: Book, amounts: Amounts, sign: int) -> list[Entry]:
    """Row 29: agreed rounding of the payable sum (BT-114)."""
    if "ROUNDING" not in amounts:
        return []
    accounts = book.accounts
    # what is settled lowers the payable sum, so to round up is negative there
    foreign, amount = amounts["ROUNDING"][0] * -sign, amounts["ROUNDING"][1] * -sign
    if amount > 0:
        lines = [book.personal("D", amount, foreign), account_line(accounts, accounts.chart[Role.OTHER_INCOME], "C", amount)]
    else:
        loss = account_line(accounts, accounts.chart[Role.ROUNDING_LOSS], "D", -amount)
        lines = [loss, book.personal("C", -amount, -foreign)]
    return [book.entry(EntryKind.ROUNDING, "Rundung", lines, taxed=False)] if amount else []


def _exchange_difference(book: Book, difference: Decimal) -> Entry:
    """Row 28: of a document of which nothing is payable nothing stands in the ledger either."""
    customer = book.personal("C", difference, ZERO) if difference > 0 else book.personal("D", -difference, ZERO)
    lines = [*exchange_lines(book.accounts, -difference), customer]
    return book.entry(EntryKind.EXCHANGE_DIFFERENCE, "Kursdifferenz", sorted(lines, key=lambda line: line.side == "C"), taxed=False)


def deposits_applied(book: Book, received: tuple[Decimal, Decimal], carried: Carried) -> Entry:
    """Row 13: the received deposits leave their liability, their tax is taken back, the customer is relieved of their gross."""
    document, accounts = book.document, book.accounts
    rate = None if document.ledger is None else document.ledger.exchange_rate.rate
    sums: dict[tuple[str, Decimal, Treated], tuple[Decimal, Decimal]] = {}
    frozen = document.ledger.deposits if document.ledger is not None else ()
    for deposit in frozen or document.deposits:
        for part in deposit.groups:
            of = (part.category_code, part.rate, deposit_treated(document, deposit.ident, part.category_code, part.rate))
            net, tax = sums.get(of, (ZERO, ZERO))
            sums[of] = (net + part.net, tax + part.tax)
    covered = covered_by_deposits(document)[1]
    lines: list[Line] = []
    for (category, its_rate, (treatment, country)), (foreign_net, foreign_tax) in sums.items():
        key = (category, its_rate)
        net, tax = foreign_net, foreign_tax
        if rate is not None and not frozen:
            in_ledger = (round_amount(net / rate, accounts.currency), round_amount(tax / rate, accounts.currency))
            net, tax = carried.get(key, in_ledger)
        liability = accounts.chart[deposits_role(treatment, key[1])]
        line = account_line(accounts, liability, "D", net)
        lines.append(line._replace(party=accounts.party, rate=key[1], country=country))
        # under section 20 UStG the supply of the same rate is not due yet; what pays another one fell due when it came, and goes back there
        own = (
            covered.pop(group_key(*key, None, None, False), NOTHING)
            if accounts.cash_taxation
            else GroupAmounts(net, tax, net + tax)
        )
        parts = [(book.tax_role(), own.tax, own.net), (tax_role, tax - own.tax, net - own.net)]
        for role_of, taken_off, base in parts if (tax, net) != (own.tax, own.net) else parts[:1]:
            line = account_line(accounts, accounts.chart[role_of(treatment, key[1])], "D", taken_off)
            line = line._replace(tax_base=base, rate=key[1], country=country)
            days = days_supplied(document, *key)  # it paid for all of them
            lines += on_days(line, days, document) if days else [line]
    foreign, gross = received
    lines.append(book.personal("C", gross, foreign))
    # deposits stand at the rates of their receipts, the customer is relieved at the document's
    difference = sum((line.amount if line.side == "D" else -line.amount for line in lines), ZERO)
    lines += exchange_lines(accounts, difference)
    return book.entry(EntryKind.DEPOSIT_APPLIED, "Anzahlung verrechnet", list(entry_lines(lines)))


def _tax_due_on_issue(book: Book, amounts: Amounts, sign: int) -> list[Entry]:
    """Row 6: what vouchers, prepayments and moved deposits pay is received, its tax is due at once; all of it where nothing stays
    payable."""
    found = due_on_issue(book.document, tax_parts(book.document), amounts).due_booked
    lines = tax_due_lines(book.accounts, found if sign > 0 else negated(found))
    return [book.entry(EntryKind.TAX_DUE, "Steuer fällig", lines)] if lines else []
