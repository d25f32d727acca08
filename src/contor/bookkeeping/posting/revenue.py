"""The supply lines of a document: net by account and cost centre, deducted deposits, and the tax of each group. Pure.

Everything comes from the frozen tax groups: their base and tax are booked to the cent, rows only say where the base belongs.
In a foreign currency gross and each tax are converted, revenue is the rest (section 16 (6) UStG; worked example 10).
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping.entries import entry_lines
from contor.bookkeeping.posting.days import on_days
from contor.bookkeeping.roles import Role, deposits_role, reduction_role, revenue_role
from contor.bookkeeping.types import Account, Accounts, Line, Side
from contor.documents.amounts import GroupAmounts, ledger_groups
from contor.documents.treatment import (
    Days,
    GroupShares,
    ShareKey,
    Treated,
    Treatment,
    by_treatment,
    days_by_treatment,
    days_supplied,
    deducted,
    group_shares,
    has_several_days,
    main_of_deposits,
    nets_by_day,
    row_rule,
    weights_of,
)
from contor.documents.types import Document, LedgerCurrency, LedgerGroup, TaxGroup
from contor.kernel.money import ZERO, round_amount, split
from contor.kernel.shapes import replace

Carried = dict[tuple[str, Decimal], tuple[Decimal, Decimal]]
"""Ledger net and tax at which received deposits stand on their account, by (category, rate). Only a document in foreign currency
needs it: the deposits were converted at their own receipt's rate."""
RoleOf = Callable[[Treatment, Decimal], Role]
OPPOSITE: dict[Side, Side] = {"D": "C", "C": "D"}


class Booked(NamedTuple):
    """A tax group in the ledger's currency, and as it stands in the document where that is another."""

    shares: GroupShares
    foreign: GroupShares | None


class Direction(NamedTuple):
    """How the supply is posted: side of the net, sign (-1: Generalumkehr), and the accounts' roles."""

    side: Side
    sign: int
    net_role: RoleOf
    tax_role: RoleOf


def supply_lines(document: Document, accounts: Accounts, direction: Direction, carried: Carried | None = None) -> list[Line]:
    """Net, deposit and tax lines of the document; with the customer's gross they balance. Rows of several days are in the VAT period of
    their own."""
    lines: list[Line] = []
    chart, currency = accounts.chart, accounts.currency
    side, sign, net_role, _ = direction
    several = has_several_days(document)
    for shares, foreign in booked_groups(document, carried):
        group, nets, deposits = shares
        rate, country = group.rate, group.country
        days = nets_by_day(document, foreign or shares) if several else {}
        of: dict[Treatment, Account] = {}  # a few, for perhaps many cost centres
        for (treatment, centre), net in nets.items():
            if not (net or days):  # less than the ledger's smallest unit
                continue
            if treatment not in of:
                of[treatment] = chart[net_role(treatment, rate)]
            account, amount = of[treatment], net if sign > 0 else -net
            key = account.tax_key
            if key is None and net_role is reduction_role:  # an account for all kinds of supplies says nothing of VAT
                key = chart[revenue_role(treatment, rate)].tax_key
            line = Line(account.number, side, amount, currency, key, None, rate, None, centre, country)
            if foreign is not None:
                before = sign * foreign.nets[treatment, centre]
                line = line._replace(foreign_amount=before, foreign_currency=document.currency)
            if days:
                lines += on_days(line, days[treatment, centre], document)
            else:
                lines.append(line)
        if deposits:
            lines += _deposit_lines(document, accounts, direction, shares)
        taxed = days_by_treatment(days)
        if several and not days:  # a deposit of a rate that no row has
            taxed = {main_of_deposits(document, group): days_supplied(document, group.category_code, group.rate)}
        if group.amount or days or (group.base and group.rate):
            lines += _tax_lines(document, accounts, direction, Booked(shares, foreign), taxed)
    return list(entry_lines(lines)) if several else lines


def _deposit_lines(document: Document, accounts: Accounts, direction: Direction, shares: GroupShares) -> Iterator[Line]:
    """The liability of deducted deposits (method REMAINDER) is relieved where it stands."""
    group, _, deposits = shares
    taken = deducted(document, group)
    weights = [abs(it.net) for it in taken.values()]
    for (treatment, _), net in zip(taken, split(-deposits, weights, accounts.currency), strict=True):
        account = accounts.chart[deposits_role(treatment, group.rate)]
        side, amount = OPPOSITE[direction.side], net * direction.sign
        yield Line(account.number, side, amount, accounts.currency, account.tax_key, None, group.rate, accounts.party)


def _tax_lines(
    document: Document, accounts: Accounts, direction: Direction, booked: Booked, days: dict[Treatment, Days]
) -> Iterator[Line]:
    side, sign, _, tax_role = direction
    (shares, foreign), group = booked, booked.shares.group
    for (treatment, country), base, tax in taxes_by_treatment(document, shares, foreign, accounts.currency):
        if not (tax or days or (base and group.rate)):
            continue
        account = accounts.chart[tax_role(treatment, group.rate)]
        line = Line(
            account.number,
            side,
            sign * tax,
            accounts.currency,
            account.tax_key,
            sign * base,
            group.rate,
            None,
            None,
            country,
            None if foreign is None else split(sign * foreign.group.amount, [tax, group.amount - tax], document.currency)[0],
            None if foreign is None else document.currency,
        )
        yield from on_days(line, days[treatment], document) if treatment in days else (line,)


def taxes_by_treatment(
    document: Document, shares: GroupShares, foreign: GroupShares | None, currency: str
) -> list[tuple[Treated, Decimal, Decimal]]:
    """(treatment and country, base, tax) of a group. Deposits that were treated otherwise than its rows go back where they were taxed; the
    rest is divided where the rows have several treatments (one-stop shop: goods and services), in the proportion of the document's own
    currency."""
    group, nets = shares.group, by_treatment(foreign or shares)
    of_rows = {(treatment, group.country) for treatment in nets}
    apart: dict[Treated, GroupAmounts] = {}
    if of_rows and shares.deposits and foreign is None:
        apart = {of: it for of, it in deducted(document, group).items() if of not in of_rows}
    base = group.base + sum((it.net for it in apart.values()), ZERO)
    amount = group.amount + sum((it.tax for it in apart.values()), ZERO)
    gone = [(of, -it.net, -it.tax) for of, it in apart.items()]
    if len(nets) < 2:
        main = next(iter(nets), None) or main_of_deposits(document, group)
        return [((main, group.country), base, amount), *gone]
    weights = weights_of(nets)
    bases, taxes = split(base, weights, currency), split(amount, weights, currency)
    return [((it, group.country), of, tax) for it, of, tax in zip(nets, bases, taxes, strict=True)] + gone


def turnover_lines(document: Document, accounts: Accounts, net_role: RoleOf) -> list[Line]:
    """A document of 0.00 in every respect still is a fact: what was supplied and what takes it back, per account (example 12)."""
    lines: list[Line] = []
    rate = None if document.ledger is None else document.ledger.exchange_rate.rate
    for group, nets, _ in group_shares(document):
        rule = row_rule(document, group, document.items)
        supplied: dict[ShareKey, Decimal] = dict.fromkeys(nets, ZERO)
        for item in document.items:
            key = (rule(item), item.cost_centre)
            if item.total.net > 0 and item.category_code == group.category_code and item.rate == group.rate and key in supplied:
                supplied[key] += item.total.net
        for (treatment, centre), amount in supplied.items():
            account = accounts.chart[net_role(treatment, group.rate)]
            booked = amount if rate is None else round_amount(amount / rate, accounts.currency)
            line = Line(account.number, "C", booked, accounts.currency, account.tax_key, rate=group.rate, cost_centre=centre)
            lines += [line, line._replace(amount=-booked)] if booked else []
    return lines


# --- foreign currency ---------------------------------------------------------------------------------------------------------


def booked_groups(document: Document, carried: Carried | None = None) -> list[Booked]:
    """Each tax group with the net of its rows, as `supply_lines` books them."""
    groups = group_shares(document)
    ledger = document.ledger
    if ledger is None:
        return [Booked(entry, None) for entry in groups]
    if len(groups) == len(document.taxes):
        in_ledger = ledger_groups(document, ledger)
    else:  # several taxes on one base, posted as one
        in_ledger = (LedgerGroup(tax=ledger.tax, gross=ledger.gross),)
    return [
        Booked(_converted(entry, booked.gross, booked.tax, ledger, carried or {}), entry)
        for entry, booked in zip(groups, in_ledger, strict=True)
    ]


def _converted(entry: GroupShares, gross: Decimal, tax: Decimal, ledger: LedgerCurrency, carried: Carried) -> GroupShares:
    """A group in the ledger's currency: `gross` and `tax` are given, deposits stand at their own value, revenue is the rest."""
    group, nets, deposits = entry
    rate, currency = ledger.exchange_rate.rate, ledger.currency
    # each receipt was converted at its own rate; without one known, the document's
    net_carried, _ = carried.get((group.category_code, group.rate), (round_amount(-deposits / rate, currency), ZERO))
    if ledger.deposits:
        same = (group.category_code, group.rate)
        parts = [part for deposit in ledger.deposits for part in deposit.groups if (part.category_code, part.rate) == same]
        net_carried = sum((part.net for part in parts), ZERO)
    booked_deposits = -net_carried if deposits else ZERO
    booked = {key: round_amount(net / rate, currency) for key, net in nets.items()}
    rest = gross - tax - booked_deposits - sum(booked.values(), ZERO)
    if rest and booked:
        for key, part in zip(booked, split(rest, [abs(net) for net in nets.values()], currency), strict=True):
            booked[key] += part
    in_ledger: TaxGroup = replace(group, base=gross - tax, amount=tax, gross=gross)
    return GroupShares(in_ledger, booked, booked_deposits)
