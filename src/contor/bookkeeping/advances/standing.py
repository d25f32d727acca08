"""How the tax of invoices stands that are, or were, to be supplied later: by the journal, and by the money that came."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from contor.bookkeeping.advances.shares import Amounts, Group, Matter, Money, Of, Owed
from contor.bookkeeping.chart import chart_of
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import EntryKind
from contor.documents.after import in_place_of
from contor.documents.matters import joined_by_credits
from contor.documents.queries import documents_by_id
from contor.documents.treatment import settled_at_issue
from contor.documents.types import REISSUED, Document, DocumentType
from contor.kernel.money import ZERO
from contor.kernel.places import EU_COUNTRIES
from contor.openitems.standing import MoneyMoved, began, money_moved
from contor.runtime.uow import Uow
from contor.settings.queries import home, tenant_settings

TAXED: Final = (Role.TAX_19, Role.TAX_7, Role.TAX_16, Role.TAX_5, Role.TAX_OTHER)
"""The one-stop shop is not among them: its tax arises with the supply alone (section 13 (1) no. 1 lit. f and g UStG)."""
_MONEY: Final = frozenset({"PREPAID", "VOUCHERS", "MOVED"})
"""What pays on issuing. What deposits paid was taxed when it came, and they are deducted with the supply."""
_SUPPLIES: Final = [EntryKind.INVOICE.value, EntryKind.DEPOSIT_APPLIED.value]


class Standing(NamedTuple):
    """A matter, with where its tax is booked."""

    documents: frozenset[int]
    matter: Matter
    booked_for: Mapping[Of, int]
    """The document under which the tax of a supply stands."""
    tax_keys: Mapping[Of, str | None]
    idents: Mapping[int, str]


class _Line(NamedTuple):
    """Lines of tax that are alike, credit less debit."""

    document_id: int
    is_moved: bool
    is_supply: bool
    account: int
    tax_key: str | None
    rate: Decimal | None
    country: str | None
    day: dt.date
    tax: Decimal
    base: Decimal


def with_advances(uow: Uow, matters: Iterable[frozenset[int]]) -> set[frozenset[int]]:
    """Those of which something is, or was, declared before its supply; or was billed before it, for a deposit may go back."""
    wanted = list(matters)
    ids = sorted({number for matter in wanted for number in matter})
    sql = "SELECT DISTINCT document_id FROM journal_entry WHERE document_id = ANY (%s) AND (kind = %s OR tax_date > posting_date)"
    there = set(uow.column(int, sql, (ids, EntryKind.TAXED_BEFORE_SUPPLY.value))) if ids else set()
    return {matter for matter in wanted if not there.isdisjoint(matter)}


def matters_of(uow: Uow, ids: Collection[int]) -> dict[int, frozenset[int]]:
    """The documents of the matter of each of these, itself too."""
    return {number: frozenset(matter) for number, matter in joined_by_credits(uow, ids).items()}


def standing_of(uow: Uow, matters: Collection[frozenset[int]]) -> Iterator[Standing]:
    """How these stand now; of those whose site taxes in advance."""
    ids = sorted({number for matter in matters for number in matter})
    ours = home(uow)
    if not ids or (ours is not None and ours.country not in EU_COUNTRIES):
        return
    documents, replaced = documents_by_id(uow, ids), in_place_of(uow, ids)
    lines: dict[int, list[_Line]] = {}
    for line in _lines(uow, ids):
        lines.setdefault(line.document_id, []).append(line)
    openings = {it.document_id: Owed(it.opening, it.ledger_opening) for it in began(uow, ids)}
    moved: dict[int, list[MoneyMoved]] = {}
    for it in money_moved(uow, ids):
        moved.setdefault(it.document_id, []).append(it)
    currency = tenant_settings(uow).ledger_currency
    for matter in sorted(matters, key=min):
        made = _Made(currency)
        for number in sorted(matter, key=lambda it: (it in replaced, it)):
            if number in openings:
                made.add(number, documents[number], openings[number], moved.get(number, []), lines.get(number, []))
        yield made.standing(matter, {number: documents[number].ident for number in matter})


def _lines(uow: Uow, ids: Collection[int]) -> list[_Line]:
    """What is kept of an overpayment is no part of the supply (UStAE 10.1 (3)); what is taxed elsewhere follows its own law."""
    chart = chart_of(uow)
    sql = (
        "SELECT document_id, is_moved, is_supply, account, max(tax_key) AS tax_key, rate, country, day, sum(tax) AS tax, sum(base) AS base"
        " FROM (SELECT e.document_id, e.kind = %(moved)s AS is_moved, e.kind = ANY (%(supplies)s) AS is_supply, l.account, l.tax_key,"
        " trim_scale(l.tax_rate) AS rate, l.country, coalesce(l.tax_date, e.tax_date, e.posting_date) AS day,"
        " CASE l.side WHEN 'C' THEN l.amount ELSE -l.amount END AS tax,"
        " CASE l.side WHEN 'C' THEN l.tax_base ELSE -l.tax_base END AS base FROM unnest(%(ids)s::bigint[]) k(id)"
        # document by document, entry by entry: a planner without statistics would walk through every line of an account of tax
        " CROSS JOIN LATERAL (SELECT tenant_id, id, document_id, kind, tax_date, posting_date FROM journal_entry"
        " WHERE document_id = k.id OFFSET 0) e CROSS JOIN LATERAL (SELECT account, side, amount, tax_key, tax_base, tax_rate, country,"
        " tax_date FROM journal_line WHERE tenant_id = e.tenant_id AND entry_id = e.id OFFSET 0) l WHERE l.account = ANY (%(accounts)s)"
        # of what moved, what stands on the day of the supply
        " AND e.kind <> %(kept)s AND (e.kind <> %(moved)s OR l.tax_date IS NOT NULL) AND l.tax_base IS NOT NULL"
        " AND (l.country IS NULL OR l.country = ANY (%(countries)s))) x"
        " GROUP BY document_id, is_moved, is_supply, account, rate, country, day ORDER BY day, account, rate, country, document_id"
    )
    wanted = {
        "ids": sorted(ids),
        "accounts": sorted({chart[role].number for role in TAXED}),
        "moved": EntryKind.TAXED_BEFORE_SUPPLY.value,
        "supplies": _SUPPLIES,
        "kept": EntryKind.OTHER_REVENUE.value,
        "countries": sorted(EU_COUNTRIES),
    }
    return uow.all(_Line, sql, wanted)


class _Made:
    """A matter, as its documents are added up."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.left, self.asked = Owed(ZERO, ZERO), Owed(ZERO, ZERO)
        self.money: list[Money] = []
        self.deducts = False
        self.of: dict[Of, tuple[Amounts, Amounts, Amounts]] = {}
        self.supplies: set[Of] = set()
        self.changed_on = dt.date.min
        self.booked_for: dict[Of, int] = {}
        self.tax_keys: dict[Of, str | None] = {}

    def add(self, number: int, document: Document, opening: Owed, moved: Iterable[MoneyMoved], lines: Iterable[_Line]) -> None:
        """A document; those that stand for themselves before those that were issued anew."""
        self.deducts = self.deducts or bool(document.deposits)
        is_credit = document.document_type is DocumentType.CREDIT_MEMO and REISSUED not in document.properties
        for key, (amount, in_ledger) in settled_at_issue(document).items():
            if key in _MONEY:
                self._owe(Owed(document.sign * amount, document.sign * in_ledger), is_credit=is_credit)
                self.money.append(Money(document.document_date, document.sign * amount))
        self._owe(opening, is_credit=is_credit)
        self.changed_on = max(self.changed_on, document.document_date)
        for it in moved:
            self.changed_on = max(self.changed_on, it.booked_on)
            if it.reduces:
                self._owe(Owed(it.amount, it.ledger_amount), is_credit=is_credit)
            else:
                self.money.append(Money(it.booked_on, -it.amount))
        for line in lines:
            of, amounts = Of(line.account, line.rate, line.country, line.day), Amounts(line.tax, line.base)
            left, asked, before = self.of.get(of, (Amounts(), Amounts(), Amounts()))
            if line.is_moved:
                self.of[of] = left, asked, before.less(amounts)
                continue
            self.of[of] = left.plus(amounts), asked if is_credit else asked.plus(amounts), before
            self.tax_keys[of] = line.tax_key
            if not is_credit:
                self.booked_for.setdefault(of, number)
            if line.is_supply:
                self.supplies.add(of)

    def _owe(self, more: Owed, *, is_credit: bool) -> None:
        self.left = Owed(self.left.amount + more.amount, self.left.in_ledger + more.in_ledger)
        if not is_credit:
            self.asked = Owed(self.asked.amount + more.amount, self.asked.in_ledger + more.in_ledger)

    def standing(self, documents: frozenset[int], idents: Mapping[int, str]) -> Standing:
        groups = [Group(of, *amounts, of in self.supplies) for of, amounts in self.of.items()]
        matter = Matter(self.currency, self.left, self.asked, groups, self.money, self.deducts, self.changed_on)
        return Standing(documents, matter, self.booked_for, self.tax_keys, idents)
