"""An entry of the journal as rows of two accounts each, so that DATEV's own reading gives the entry's lines again, to the cent. Pure.

* An automatic account stands in its row with the gross amount, without key and without a row for the tax, where taking the tax out of that
  gives our net and our tax. Where it does not (the tax of a group is divided over several accounts, stands elsewhere, or there is none, as
  in deferral), its automatic is switched off by the key 40, and the tax has a row of its own.
* All rows of an entry have one account in common: the personal account, else that of money. Two automatic accounts never meet in a row, as
  DATEV refuses that. Where no other account is there, the interim account stands between them, and is even again.
* A line that is negative on its side becomes a row with Generalumkehr.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.kernel.money import HUNDRED, ZERO, quantum, round_amount, split
from contor.reports.datev.types import NO_AUTOMATIC, BatchRow, Books, Foreign, Posted

RATES: Final = {"S19": Decimal(19), "S16": Decimal(16), "S7": Decimal(7), "S5": Decimal(5)}
"""What automatic accounts of these keys take out."""
OSS: Final = frozenset({"OSS-G", "OSS-D", "OSS-S"})
"""They take out the rate that the row says."""
WITHOUT_TAX: Final = frozenset({"Z", "E", "E19", "AE-DE", "AE-EU", "AE-25B", "O", "O-3RD", "K", "G"})
WITH_VAT_ID: Final = frozenset({"AE-EU", "AE-25B", "K"})
"""The recapitulative statement needs the customer's VAT id."""
REVERSE_CHARGE: Final = "RC19"
KNOWN_KEYS: Final = frozenset({*RATES, *OSS, *WITHOUT_TAX, REVERSE_CHARGE})
"""Of these DATEV's automatic is known."""
_RC_RATE: Final = Decimal(19)
FIRST_PERSONAL: Final = 10_000


class _Of(NamedTuple):
    """What lines that become one leg have in common."""

    account: int
    cost_centre: str | None
    country: str | None
    rate: Decimal | None
    tax_date: dt.date | None


class _Group(NamedTuple):
    """What is taxed together: where the tax stands, at which rate, in which period."""

    tax_account: int
    rate: Decimal | None
    country: str | None
    tax_date: dt.date | None


class _Sum:
    """Lines added up. `effect`: debit less credit."""

    __slots__ = ("currency", "effect", "foreign", "is_foreign", "normal", "turned")

    def __init__(self) -> None:
        self.effect, self.foreign = ZERO, ZERO
        self.turned, self.normal = False, False
        self.currency: str | None = None
        self.is_foreign = True

    def add(self, line: Posted) -> None:
        is_debit = line.side == "D"
        self.effect += line.amount if is_debit else -line.amount
        if line.amount < 0:
            self.turned = True
        elif line.amount:  # of a tax of 0.00 nothing is turned
            self.normal = True
        if line.foreign_amount is None or line.foreign_currency is None or self.currency not in (None, line.foreign_currency):
            self.is_foreign = False
        else:
            self.currency = line.foreign_currency
            self.foreign += line.foreign_amount if is_debit else -line.foreign_amount

    @property
    def is_turned(self) -> bool:
        """Every line of it is negative on its side."""
        return self.turned and not self.normal


class _Leg(NamedTuple):
    """One side of a row: an account and by how much it moves."""

    of: _Of
    effect: Decimal
    is_turned: bool
    bu_key: str = ""
    foreign: Foreign | None = None


def extracted(gross: Decimal, rate: Decimal, currency: str) -> Decimal:
    """The tax that DATEV takes out of a gross amount."""
    return round_amount(gross * rate / (HUNDRED + rate), currency)


def taxes_to_extract(nets: Sequence[Decimal], tax: Decimal, rate: Decimal, currency: str) -> list[Decimal] | None:
    """The tax of each net, so that together they are `tax` and DATEV takes each out of its gross; None: there are none."""
    if len(nets) == 1:  # as nearly always
        return [tax] if extracted(nets[0] + tax, rate, currency) == tax else None
    unit, found, others = quantum(currency), list[Decimal](), list[list[Decimal]]()
    for net in nets:
        near = round_amount(net * rate / HUNDRED, currency)
        fitting = [it for it in (near, near + unit, near - unit) if extracted(net + it, rate, currency) == it]
        if not fitting:
            return None
        found.append(fitting[0])
        others.append(fitting[1:])
    missing = tax - sum(found, ZERO)
    for number, other in enumerate(others):
        for it in other if missing else ():
            if abs(missing - (it - found[number])) < abs(missing):
                missing -= it - found[number]
                found[number] = it
    return None if missing else found


class Reading:
    """How DATEV reads the accounts of a tenant: made once of its books, for all entries."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self._rates = {books.tax_accounts[key]: rate for key, rate in RATES.items()}
        """By account of domestic tax."""
        self._oss = frozenset(books.tax_accounts[key] for key in OSS)
        self._tax = frozenset({*books.tax_accounts.values(), *books.reverse_charge})

    def rows_of(self, lines: Sequence[Posted], vat_id: str | None = None) -> list[BatchRow]:
        """The rows of an entry; none where no account of it moves. `vat_id`: the customer's."""
        legs = [leg for leg in self._legs(lines) if leg.effect]
        if not legs:
            return []
        hub = self._hub(legs)
        return [_row(hub, leg, self.books, vat_id) for leg in legs if leg.of.account != hub]

    def _legs(self, lines: Iterable[Posted]) -> Iterator[_Leg]:
        books, plain = self.books, dict[_Of, _Sum]()
        nets: dict[_Group, dict[_Of, _Sum]] = {}
        taxes: dict[_Group, dict[_Of, _Sum]] = {}
        reverse: dict[dt.date | None, tuple[dict[_Of, _Sum], dict[_Of, _Sum]]] = {}
        for line in lines:
            number = line.account
            of = _Of(number, line.cost_centre, line.country, line.tax_rate, line.tax_date)
            key, into = books.automatic.get(number), plain
            if key in RATES:
                into = nets.setdefault(_Group(books.tax_accounts[key], _rate(line, RATES[key]), None, line.tax_date), {})
            elif key in OSS:
                into = nets.setdefault(_Group(books.tax_accounts[key], line.tax_rate, line.country, line.tax_date), {})
            elif number in self._rates:
                into = taxes.setdefault(_Group(number, _rate(line, self._rates[number]), None, line.tax_date), {})
            elif number in self._oss:
                into = taxes.setdefault(_Group(number, line.tax_rate, line.country, line.tax_date), {})
            elif key == REVERSE_CHARGE or number in books.reverse_charge:
                into = reverse.setdefault(line.tax_date, ({}, {}))[0 if key == REVERSE_CHARGE else 1]
            if (total := into.get(of)) is None:
                total = into[of] = _Sum()
            total.add(line)
        for group, of_group in nets.items():
            yield from self._taxed(group, of_group, taxes.pop(group, {}))
        for of_group in taxes.values():
            yield from _as_they_are(of_group)
        for net, tax in reverse.values():
            yield from _owed_by_us(net, tax, books)
        yield from _as_they_are(plain)

    def _taxed(self, group: _Group, nets: dict[_Of, _Sum], taxes: dict[_Of, _Sum]) -> Iterator[_Leg]:
        """Gross amounts where DATEV's automatic gives ours, else nets without it and the tax beside them."""
        rate, found = group.rate, None
        if rate is not None and rate == self._rates.get(group.tax_account, rate):
            tax = sum([it.effect for it in taxes.values()], ZERO)
            found = taxes_to_extract([it.effect for it in nets.values()], tax, rate, self.books.currency)
        if found is None:
            yield from _as_they_are(nets, NO_AUTOMATIC)
            yield from _as_they_are(taxes)
            return
        foreign = _foreign_taxes(list(nets.values()), list(taxes.values()), found)
        for (of, net), tax, abroad in zip(nets.items(), found, foreign, strict=True):
            said = None if abroad is None or net.currency is None else Foreign(net.foreign + abroad, net.currency)
            yield _Leg(of, net.effect + tax, net.is_turned, foreign=said)

    def _hub(self, legs: Sequence[_Leg]) -> int:
        """The account that all rows have in common: a personal one, else one that is of no tax, of equals the one that moves most."""
        best, most = self.books.interim, (0, ZERO)
        for leg in legs:
            number = leg.of.account
            if number in self.books.automatic:
                continue
            rank = 3 if number >= FIRST_PERSONAL else 1 if number in self._tax else 2
            if (fits := (rank, abs(leg.effect))) > most:
                best, most = number, fits
        return best


def _rate(line: Posted, usual: Decimal) -> Decimal:
    return usual if line.tax_rate is None else line.tax_rate


def _foreign_taxes(nets: Sequence[_Sum], taxes: Sequence[_Sum], found: Sequence[Decimal]) -> list[Decimal | None]:
    """The tax of each net in the document's currency; None: it is not all in one."""
    if any(it.currency is None for it in nets):
        return [None] * len(nets)
    currencies = {it.currency for it in (*nets, *taxes)}
    if len(currencies) != 1 or None in currencies or not all(it.is_foreign for it in (*nets, *taxes)):
        return [None] * len(nets)
    total = sum((it.foreign for it in taxes), ZERO)
    (currency,) = currencies
    if len(nets) == 1 or currency is None or not any(found):
        return [total, *[ZERO] * (len(nets) - 1)]
    return list(split(total, [abs(tax) for tax in found], currency))


def _owed_by_us(nets: dict[_Of, _Sum], taxes: dict[_Of, _Sum], books: Books) -> Iterator[_Leg]:
    """DATEV adds the tax that the recipient owes, and deducts it again, by itself."""
    deducted, owed = books.reverse_charge
    tax = sum((round_amount(it.effect * _RC_RATE / HUNDRED, books.currency) for it in nets.values()), ZERO)
    moved = {number: sum((it.effect for of, it in taxes.items() if of.account == number), ZERO) for number in (deducted, owed)}
    if nets and moved == {deducted: tax, owed: -tax}:
        yield from _as_they_are(nets)
        return
    yield from _as_they_are(nets, NO_AUTOMATIC)
    yield from _as_they_are(taxes)


def _as_they_are(sums: dict[_Of, _Sum], bu_key: str = "") -> Iterator[_Leg]:
    for of, it in sums.items():
        foreign = Foreign(it.foreign, it.currency) if it.is_foreign and it.currency is not None else None
        yield _Leg(of, it.effect, it.is_turned, bu_key, foreign)


def _row(hub: int, leg: _Leg, books: Books, vat_id: str | None) -> BatchRow:
    of, key = leg.of, books.automatic.get(leg.of.account)
    eu, eu_rate = None, None
    if key in OSS and not leg.bu_key:
        eu, eu_rate = of.country, of.rate
    elif key in WITH_VAT_ID:
        eu = vat_id
    foreign = leg.foreign
    if foreign is not None:
        foreign = Foreign(abs(foreign.amount), foreign.currency) if foreign.amount * leg.effect > 0 else None
    return BatchRow(
        amount=abs(leg.effect),
        side="S" if leg.effect < 0 else "H",
        account=hub,
        contra=of.account,
        bu_key=leg.bu_key,
        general_reversal=leg.is_turned,
        cost_centre=of.cost_centre,
        tax_date=of.tax_date,
        eu=eu,
        eu_rate=eu_rate,
        foreign=foreign,
    )
