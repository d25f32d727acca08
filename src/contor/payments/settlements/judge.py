"""What is wrong with a report and its items, before any of it is stored. Pure.

gross - fee = net, and opening balance + nets = closing balance, exactly. Signs say what a type may do: a payment comes in, a refund
goes out or is taken back, a fee has a cost.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from contor.kernel.errors import Problem
from contor.kernel.money import ZERO, is_amount, too_fine, worded
from contor.payments.settlements.types import FileFinding, ReadItem, ReadReport, SettlementItemBody


def item_problems(item: SettlementItemBody, currency: str) -> list[Problem]:
    """Everything that is wrong with an item that is sent alone; `currency`: that of the account."""
    problems = []
    if item.currency != currency:
        problems.append(Problem("currency_differs", f"The account is kept in {currency}.", "currency", item.currency))
    for name, value in (("gross", item.gross), ("fee", item.fee), ("net", item.net)):
        if not is_amount(value, currency):
            problems.append(Problem("amount_not_in_currency", too_fine(currency), name, value))
    for code, message, path, value in _findings(item.type, item.gross, item.fee, item.net, currency):
        problems.append(Problem(code, message, path, value))
    return problems


def report_findings(report: ReadReport, currency: str, opening: Decimal, closing: Decimal) -> list[FileFinding]:
    """Everything that is wrong with a report of a file."""
    findings = []
    if report.currency != currency:
        message = f"report {report.external_ident} is in {report.currency}, the account is kept in {currency}"
        return [FileFinding(code="currency_differs", message=message)]
    for item in report.items:
        for code, message, _, _ in _findings(item.type, item.gross, item.fee, item.net, currency):
            findings.append(FileFinding(code=code, message=message, row=item.row))
    moved = sum((item.net for item in report.items), ZERO)
    if opening + moved != closing:
        message = (
            f"report {report.external_ident}: {worded(opening, currency)} before and items of {worded(moved, currency)} come to"
            f" {worded(opening + moved, currency)}, it says {worded(closing, currency)}"
        )
        findings.append(FileFinding(code="settlement_balance_differs", message=message))
    return findings


def _findings(kind: str, gross: Decimal, fee: Decimal, net: Decimal, currency: str) -> Iterator[tuple[str, str, str, Decimal]]:
    """(code, message, field, value)"""
    if gross - fee != net:
        said = worded(gross, currency), worded(fee, currency), worded(net, currency)
        yield "settlement_net_differs", f"gross {said[0]} less fee {said[1]} is not net {said[2]}", "net", net
    if not gross and not net:
        yield "amount_zero", "An item moves the balance.", "gross", gross
    elif kind == "PAYMENT" and gross <= 0:
        yield "settlement_side_wrong", f"a payment comes in, but its gross is {worded(gross, currency)}", "gross", gross
    elif kind not in ("FEE", "PAYMENT") and not gross:
        yield "settlement_side_wrong", f"a {kind} has a gross amount; what costs alone is a FEE", "gross", gross


def repeated(items: Iterable[ReadItem], known: frozenset[str]) -> list[FileFinding]:
    """Items that the account has already, or that come twice."""
    seen, findings = set(known), []
    for item in items:
        if item.external_ident in seen:
            message = f"item {item.external_ident!r} is known already"
            findings.append(FileFinding(code="settlement_item_exists", message=message, row=item.row))
        seen.add(item.external_ident)
    return findings
