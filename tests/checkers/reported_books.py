"""Reports of closed months against the journal: every one of them ties to the cent. By SKR03."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from tests.checkers.posted_lines import Posting, balances, control, summed
from tests.factories.year_accountant import Accountant, Row

D, ZERO = Decimal, Decimal(0)
VAT = frozenset((1776, 1775, 1771, 1773, 1770, 1767, 1728, 1768, 1766, 1761, 1760, 1783, 1787, 1576, 1571, 1570, 1577))
OSS = frozenset((1767, 1728, 1768))
DEFERRED, FORMER_YEARS = 990, 9000
RECEIVABLE = (1400, 1460, 1600)
INPUT = ("66", "67")
"""Numbers of the return under which tax is deducted."""
NO_TAX_OF_THEIRS = ("50", "83")
EC = ("41", "21", "42")
STATEMENT, OWN = "Meldung", "Erklärung"
RETURN, LATE = "Voranmeldung", "Nachtrag zu früherem Zeitraum"


def amount(text: str) -> Decimal:
    return D(text.replace(",", ".")) if text else ZERO


def total(rows: Iterable[Row], column: str) -> Decimal:
    return sum((amount(row[column]) for row in rows), ZERO)


def differences(keeper: Accountant, journal: Sequence[Posting]) -> Iterator[str]:
    """What reports say otherwise than the journal; of each month that was closed."""
    until: list[Posting] = []
    for month in keeper.closed:
        mine = [it for it in journal if it.month == month]
        until += mine
        balance = keeper.of_closing("TRIAL_BALANCE", month)
        said = [
            *_journal(keeper.of_closing("JOURNAL", month), mine),
            *_trial_balance(balance, mine, until, month[:4]),
            *_open_items(keeper, month, until),
            *_revenue(keeper.of_closing("REVENUE", month), mine),
            *_deferred(keeper.of_closing("DEFERRED_INCOME", month), balance),
            *_taxes(keeper, month, journal),
        ]
        yield from (f"{month}, {it}" for it in said)


def _journal(rows: Sequence[Row], mine: Sequence[Posting]) -> Iterator[str]:
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[int(row["Konto"])] += amount(row["Soll"]) - amount(row["Haben"])
    if len(rows) != len(mine):
        yield f"the journal has {len(rows)} lines of {len(mine)}"
    yield from _unlike("journal", {number: it for number, it in sums.items() if it}, summed(mine))


def _trial_balance(rows: Sequence[Row], mine: Sequence[Posting], until: Sequence[Posting], year: str) -> Iterator[str]:
    moved = {int(row["Konto"]): amount(row["Soll"]) - amount(row["Haben"]) for row in rows}
    closing = closings(rows)
    yield from _unlike("turnover", {number: it for number, it in moved.items() if it}, balances(mine))
    standing = balances(it for it in until if it.account < 2000 or control(it.account) != it.account)
    earned = balances(it for it in until if it.month[:4] == year and 2000 <= it.account < 9000)
    former = sum((it.amount for it in until if it.month[:4] < year and 2000 <= it.account < 9000), ZERO)
    expected = standing | earned | ({FORMER_YEARS: former} if former else {})
    yield from _unlike("balance", {number: it for number, it in closing.items() if it}, expected)
    for row in rows:
        opening, end = amount(row["Eröffnung (Soll positiv)"]), amount(row["Saldo (Soll positiv)"])
        if opening + amount(row["Soll"]) - amount(row["Haben"]) != end:
            yield f"account {row['Konto']} does not go from {opening} to {end}"
    if sum(closing.values()):
        yield "the trial balance is not even"


def closings(rows: Sequence[Row]) -> dict[int, Decimal]:
    return {int(row["Konto"]): amount(row["Saldo (Soll positiv)"]) for row in rows}


def _open_items(keeper: Accountant, month: str, until: Sequence[Posting]) -> Iterator[str]:
    """Customer by customer, at the end of the month."""
    items, ages = keeper.of_closing("OPEN_ITEMS", month), keeper.of_closing("AGEING", month)
    booked: dict[str, Decimal] = defaultdict(Decimal)
    for it in until:
        if control(it.account) in RECEIVABLE:
            booked[it.party] += it.amount
    said: dict[str, Decimal] = defaultdict(Decimal)
    for row in items:
        said[row["Kunde"]] += amount(row["Offen in Buchwährung"])
    for party in sorted({*said, *booked}):
        if said[party] != booked[party]:
            mine = [f"{row['Beleg']} {row['Offen in Buchwährung']}" for row in items if row["Kunde"] == party]
            yield f"open items of {party} {said[party]} ({', '.join(mine)}), receivables and payables {booked[party]}"
    if (aged := total(ages, "Offen")) != sum(said.values()):
        yield f"open items {sum(said.values())}, by age {aged}"
    columns = ("Nicht fällig", "1-30 Tage", "31-60 Tage", "61-90 Tage", "Über 90 Tage")
    if sum((total(ages, column) for column in columns), ZERO) != aged:
        yield "the columns of ageing are not what is open"


def _revenue(rows: Sequence[Row], mine: Sequence[Posting]) -> Iterator[str]:
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[int(row["Konto"])] -= amount(row["Umsatz netto"])
    booked = summed(it for it in mine if 8000 <= it.account < 9000)
    yield from _unlike("revenue", {number: it for number, it in sums.items() if it}, booked)


def _deferred(rows: Sequence[Row], balance: Sequence[Row]) -> Iterator[str]:
    said, booked = total(rows, "Rest"), -closings(balance).get(DEFERRED, ZERO)
    if said != booked:
        yield f"deferred income {said}, booked {booked}"


def _taxes(keeper: Accountant, month: str, journal: Sequence[Posting]) -> Iterator[str]:
    """By tax date, with all that came late; and what came late by the month in which it was posted."""
    returned = keeper.anew("VAT", month)
    of_month = [row for row in returned if row["Abschnitt"] == RETURN]
    late = [row for row in returned if row["Abschnitt"] == LATE]
    booked = -sum((it.amount for it in journal if it.account in VAT and it.taxed_in == month), ZERO)
    if (said := _tax(of_month)) != booked:
        yield f"VAT {said} in the return, {booked} on the accounts"
    came_late = -sum((it.amount for it in journal if it.account in VAT and it.month == month > it.taxed_in), ZERO)
    if (said := _tax(late)) != came_late:
        yield f"VAT {said} for earlier returns, {came_late} on the accounts"
    bases = {row["Kz"]: amount(row["Bemessungsgrundlage laut Büchern"]) for row in of_month}
    listed = keeper.anew("EC_SALES", month)
    stated = total([row for row in listed if row["Abschnitt"] == STATEMENT], "Bemessungsgrundlage laut Büchern")
    supplied = sum((bases[key] for key in EC), ZERO)
    if stated != supplied:
        yield f"EC sales {stated}, {supplied} in the return"
    corrected = total([row for row in listed if row["Abschnitt"] != STATEMENT], "Bemessungsgrundlage laut Büchern")
    supplied = total([row for row in late if row["Kz"] in EC], "Bemessungsgrundlage laut Büchern")
    if corrected != supplied:
        yield f"EC sales of {corrected} correct earlier statements, {supplied} came late for earlier returns"
    shops = keeper.anew("OSS", month)
    for is_late in (False, True):
        months = [
            it for it in journal if it.account in OSS and (it.month == month > it.taxed_in if is_late else it.taxed_in == month)
        ]
        shop = -sum((it.amount for it in months), ZERO)
        if (said := total([row for row in shops if (row["Abschnitt"] != OWN) is is_late], "Steuer")) != shop:
            yield f"one-stop shop {said}{', late' if is_late else ''}, {shop} on the accounts"


def _tax(rows: Iterable[Row]) -> Decimal:
    found = ((row["Kz"], amount(row["Steuer laut Büchern"])) for row in rows)
    return sum((-tax if key in INPUT else tax for key, tax in found if key not in NO_TAX_OF_THEIRS), ZERO)


def _unlike(what: str, said: dict[int, Decimal], booked: dict[int, Decimal]) -> Iterator[str]:
    for number in sorted({*said, *booked}):
        if said.get(number, ZERO) != booked.get(number, ZERO):
            yield f"{what} of account {number}: {said.get(number, ZERO)}, posted {booked.get(number, ZERO)}"
