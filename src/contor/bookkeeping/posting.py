"""What an issued document puts into the books: posting table rows 1 to 9 and 11 to 13, 25 and 26.

`post_document` turns a frozen document into balanced entries. One entry per event: the supply itself, and beside it what was
settled on issuing (voucher redeemed, prepayment, deposit deducted, rounding).
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from contor.bookkeeping.entries import account_line, entry_lines, part_tax_line, personal_line
from contor.bookkeeping.revenue import Carried, Direction, supply_lines, turnover_lines
from contor.bookkeeping.roles import Role, deposits_role, reduction_role, revenue_role, tax_role
from contor.bookkeeping.self_billing import post_self_billing
from contor.bookkeeping.types import Accounts, Entry, EntryKind, Line, Side
from contor.documents.types import Document, DocumentType
from contor.kernel.money import ZERO, round_amount
from contor.openitems import parts
from contor.openitems.treatment import tax_parts, treatment_rule
from contor.openitems.types import Movement, TaxPart, Treatment

PRICE_REDUCTION_REASONS = frozenset({"GOODWILL", "WARRANTY", "PRICE_REDUCTION", "BONUS", "DISCOUNT", "CASH_DISCOUNT"})
"""Values of a credit memo's property `reason` that reduce the price of a supply that stands (row 8). Every other credit memo takes
rows of the document back: cancellation, return, billing error (row 7)."""


def post_document(
    document: Document,
    accounts: Accounts,
    *,
    posting_date: dt.date | None = None,
    correction: Movement | None = None,
    carried: Carried | None = None,
) -> list[Entry]:
    """The entries of an issued document; empty when it has no effect (deposit invoice without receivable, only free rows).

    `posting_date` defaults to the document date. `correction`: for a deposit invoice correction, what it does to the deposit's
    case (`openitems.rules.close_deposit`); without it, all of it is taken as unpaid. `carried`: see `revenue.Carried`.
    """
    book = _Book(document, accounts, posting_date or document.document_date)
    match document.document_type:
        case DocumentType.INVOICE:
            return _invoice(book, carried)
        case DocumentType.CREDIT_MEMO:
            return _price_reduction(book) if is_price_reduction(document) else _invoice(book, carried, sign=-1)
        case DocumentType.DEPOSIT_INVOICE:
            return _deposit_invoice(book)
        case DocumentType.DEPOSIT_INVOICE_CORRECTION:
            return _deposit_correction(book, correction)
        case _:
            return post_self_billing(document, accounts, book.posting_date)


def is_price_reduction(document: Document) -> bool:
    """Whether a credit memo reduces the price of a supply that stands (section 17 UStG), by its property `reason`."""
    return any(entry.key == "reason" and entry.value.upper() in PRICE_REDUCTION_REASONS for entry in document.properties)


class _Book:
    """A document on its way into entries."""

    __slots__ = ("accounts", "document", "posting_date", "tax_date")

    def __init__(self, document: Document, accounts: Accounts, posting_date: dt.date) -> None:
        self.document, self.accounts, self.posting_date = document, accounts, posting_date
        # A change of the consideration counts in the period in which it happens (section 17 (1) sentence 8 UStG).
        self.tax_date = document.tax_date if document.sign > 0 else document.document_date

    def entry(self, kind: EntryKind, what: str, lines: list[Line], *, taxed: bool = True) -> Entry:
        document = self.document
        return Entry(
            kind,
            f"{what} {document.ident}",
            self.posting_date,
            document.document_date,
            self.tax_date if taxed else None,
            document.ident,
            tuple(lines),
        )

    def personal(self, side: Side, amount: Decimal, foreign: Decimal) -> Line:
        if self.document.ledger is None:
            return personal_line(self.accounts, side, amount)
        return personal_line(self.accounts, side, amount, foreign=foreign, foreign_currency=self.document.currency)

    def tax_role(self) -> Callable[[Treatment, Decimal], Role]:
        return _not_due_role if self.accounts.cash_taxation else tax_role

    @property
    def gross(self) -> Decimal:
        """In the ledger's currency."""
        return self.document.totals.gross if self.document.ledger is None else self.document.ledger.gross


def _not_due_role(treatment: Treatment, rate: Decimal) -> Role:
    return tax_role(treatment, rate, not_due=True)


def _invoice(book: _Book, carried: Carried | None, sign: int = 1) -> list[Entry]:
    """Rows 1 to 6 and 12; with `sign` -1 row 7, the same entry negative."""
    document, accounts = book.document, book.accounts
    kind, what = (EntryKind.INVOICE, "Rechnung") if sign > 0 else (EntryKind.REVERSING_CREDIT, "Rechnungskorrektur")
    if not document.totals.gross and not any(group.amount or group.base for group in document.taxes):
        lines = turnover_lines(document, accounts, revenue_role)
        return [book.entry(kind, what, lines)] if lines else []
    lines = [book.personal("D", sign * book.gross, sign * document.totals.gross)] if book.gross else []
    lines += supply_lines(document, accounts, Direction("C", sign, revenue_role, book.tax_role()), carried)
    entries = [book.entry(kind, what, lines)]
    if document.totals.gross != document.totals.payable:
        entries += _settled(book, carried, sign)
    return entries


def _price_reduction(book: _Book) -> list[Entry]:
    """Row 8: the supply stands, its price falls."""
    lines = supply_lines(book.document, book.accounts, Direction("D", 1, reduction_role, book.tax_role()))
    lines.append(book.personal("C", book.gross, book.document.totals.gross))
    entries = [book.entry(EntryKind.PRICE_REDUCTION, "Preisnachlass", lines)]
    if book.document.totals.gross != book.document.totals.payable:
        entries += _settled(book, None, -1)
    return entries


# --- settled on issuing -------------------------------------------------------------------------------------------------------


def _settled(book: _Book, carried: Carried | None, sign: int) -> list[Entry]:
    """What lies between the gross and the payable amount: rows 5, 13 and 29, prepayments, and the tax that falls due by it."""
    document, accounts = book.document, book.accounts
    amounts = parts.settled_at_issue(document)
    entries: list[Entry] = []
    if "DEPOSITS" in amounts:
        entries.append(_deposits_applied(book, amounts["DEPOSITS"], carried or {}))
    contra = {
        "VOUCHERS": (Role.VOUCHERS, EntryKind.VOUCHER_REDEEMED, "Gutschein eingelöst"),
        "PREPAID": (Role.PAYMENTS_UNASSIGNED, EntryKind.PREPAYMENT_APPLIED, "Vorauszahlung"),
    }
    for key, (role, kind, what) in contra.items():
        if key in amounts:
            foreign, amount = amounts[key]
            line = account_line(accounts, accounts.chart[role], "D", sign * amount)
            entries.append(book.entry(kind, what, [line, book.personal("C", sign * amount, sign * foreign)], taxed=False))
    if "ROUNDING" in amounts:
        foreign, amount = amounts["ROUNDING"][0] * -sign, amounts["ROUNDING"][1] * -sign
        if amount > 0:
            lines = [book.personal("D", amount, foreign), account_line(accounts, accounts.chart[Role.OTHER_INCOME], "C", amount)]
        else:
            loss = account_line(accounts, accounts.chart[Role.ROUNDING_LOSS], "D", -amount)
            lines = [loss, book.personal("C", -amount, -foreign)]
        if amount:
            entries.append(book.entry(EntryKind.ROUNDING, "Rundung", lines, taxed=False))
    if accounts.cash_taxation:
        entries += _tax_due_on_issue(book, amounts, sign)
    return entries


def _deposits_applied(book: _Book, received: tuple[Decimal, Decimal], carried: Carried) -> Entry:
    """Row 13: the received deposits leave their liability, their tax is taken back, the customer is relieved of their gross."""
    document, accounts = book.document, book.accounts
    rate = None if document.ledger is None else document.ledger.exchange_rate.rate
    sums: dict[tuple[str, Decimal], tuple[Decimal, Decimal]] = {}
    for part in (part for deposit in document.deposits for part in deposit.groups):
        net, tax = sums.get((part.category_code, part.rate), (ZERO, ZERO))
        sums[part.category_code, part.rate] = (net + part.net, tax + part.tax)
    lines: list[Line] = []
    for key, (foreign_net, foreign_tax) in sums.items():
        net, tax = foreign_net, foreign_tax
        if rate is not None:
            converted = (round_amount(net / rate, accounts.currency), round_amount(tax / rate, accounts.currency))
            net, tax = carried.get(key, converted)
        treatment = _deposit_treatment(document, *key)
        liability = accounts.chart[deposits_role(treatment, key[1])]
        line = account_line(accounts, liability, "D", net)
        lines.append(line._replace(party=accounts.party, rate=key[1]))
        taxed = accounts.chart[book.tax_role()(treatment, key[1])]
        lines.append(account_line(accounts, taxed, "D", tax)._replace(tax_base=net, rate=key[1]))
    foreign, gross = received
    lines.append(book.personal("C", gross, foreign))
    difference = sum((line.amount if line.side == "D" else -line.amount for line in lines), ZERO)
    if difference > 0:
        lines.append(account_line(accounts, accounts.chart[Role.EXCHANGE_GAIN], "C", difference))
    elif difference < 0:
        lines.append(account_line(accounts, accounts.chart[Role.EXCHANGE_LOSS], "D", -difference))
    return book.entry(EntryKind.DEPOSIT_APPLIED, "Anzahlung verrechnet", list(entry_lines(lines)))


def _deposit_treatment(document: Document, category: str, rate: Decimal) -> Treatment:
    """A deposit is taxed like the supply it is for; its group may be of a rate that the final invoice does not have."""
    for group in document.taxes:
        if group.category_code == category and group.rate == rate:
            return treatment_rule(document, group, document.items)(document.items[0].category)
    for group in document.taxes:
        if group.category_code == category:
            return treatment_rule(document, group, document.items)(document.items[0].category)
    return Treatment.DOMESTIC if category == "S" else Treatment.EXEMPT


def _tax_due_on_issue(book: _Book, amounts: dict[str, tuple[Decimal, Decimal]], sign: int) -> list[Entry]:
    """Row 6: what vouchers, prepayments and moved deposits pay is received, its tax is due at once."""
    document, currency = book.document, book.document.currency
    groups = tax_parts(document)
    deposits = amounts.get("DEPOSITS", (ZERO, ZERO))[0]
    paid = sum((amounts[key][0] for key in ("VOUCHERS", "PREPAID", "MOVED") if key in amounts), ZERO)
    if not paid:
        return []
    before = parts.of_receipt(groups, (), deposits, currency, is_last=False) if deposits else ()
    found = parts.of_receipt(groups, before, paid, currency, is_last=not document.totals.payable)
    if document.ledger is not None:
        gross = round_amount(paid / document.ledger.exchange_rate.rate, book.accounts.currency)
        found = parts.converted(found, gross, book.accounts.currency)
    lines = tax_due_lines(book.accounts, found if sign > 0 else parts.negated(found))
    return [book.entry(EntryKind.TAX_DUE, "Steuer fällig", lines)] if lines else []


def tax_due_lines(accounts: Accounts, received: tuple[TaxPart, ...]) -> list[Line]:
    """Row 6: tax moves from "not due" to due, on the part paid. Supplies that section 20 UStG does not concern have no line."""
    lines: list[Line] = []
    for part in received:
        due = accounts.chart[tax_role(part.treatment, part.rate)]
        not_due = accounts.chart[tax_role(part.treatment, part.rate, not_due=True)]
        if part.tax and due.number != not_due.number:
            lines += [part_tax_line(accounts, not_due, "D", part), part_tax_line(accounts, due, "C", part)]
    return lines


# --- deposit invoices ---------------------------------------------------------------------------------------------------------


def _deposit_invoice(book: _Book) -> list[Entry]:
    """Row 9: a receivable against a clearing account, no tax before the money is there; without receivable no entry at all."""
    document, accounts = book.document, book.accounts
    if not document.deposit_receivable_relevant or not book.gross:
        return []
    amounts = parts.settled_at_issue(document)
    open_ledger = book.gross - sum((in_ledger for _, in_ledger in amounts.values()), ZERO)
    clearing = account_line(accounts, accounts.chart[Role.DEPOSIT_CLEARING], "C", open_ledger)
    lines = [book.personal("D", open_ledger, document.totals.payable), clearing._replace(party=accounts.party)]
    return [book.entry(EntryKind.DEPOSIT_INVOICE, "Anzahlungsrechnung", lines, taxed=False)] if open_ledger else []


def _deposit_correction(book: _Book, correction: Movement | None) -> list[Entry]:
    """Row 11 for what is unpaid; row 13's release for received money that moves to the final invoice (method REVERSAL)."""
    document, accounts = book.document, book.accounts
    returned = correction.ledger_parts if correction is not None else ()
    back = -sum((part.gross for part in returned), ZERO)
    unpaid = book.gross if correction is None else -correction.ledger_amount - back
    foreign_back = -sum((part.gross for part in correction.parts), ZERO) if correction is not None else ZERO
    foreign = document.totals.gross if correction is None else -correction.amount - foreign_back
    entries: list[Entry] = []
    if unpaid and document.deposit_receivable_relevant:
        clearing = account_line(accounts, accounts.chart[Role.DEPOSIT_CLEARING], "D", unpaid)
        lines = [clearing._replace(party=accounts.party), book.personal("C", unpaid, foreign)]
        entries.append(book.entry(EntryKind.DEPOSIT_CLOSED, "Anzahlungsrest geschlossen", lines, taxed=False))
    if back:
        lines = deposit_lines(accounts, parts.negated(returned), release=True)
        lines.append(book.personal("C", back, foreign_back))
        entries.append(book.entry(EntryKind.DEPOSIT_APPLIED, "Anzahlung umgebucht", lines))
    return entries


def deposit_lines(accounts: Accounts, received: tuple[TaxPart, ...], *, release: bool = False) -> list[Line]:
    """Rows 10, 13 and 14: the liability of a received deposit and its tax; `release` takes them off again."""
    lines: list[Line] = []
    side: Side = "D" if release else "C"
    for part in received:
        liability = accounts.chart[deposits_role(part.treatment, part.rate)]
        line = account_line(accounts, liability, side, part.net)
        lines.append(line._replace(party=accounts.party, rate=part.rate, country=part.country))
        lines.append(part_tax_line(accounts, accounts.chart[tax_role(part.treatment, part.rate)], side, part))
    return list(entry_lines(lines))
