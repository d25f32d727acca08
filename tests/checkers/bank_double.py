"""A bank with books of its own: it takes files, executes what they order on its day, sends some of it back, and writes statements.

It knows nothing of Contor but the files that it is given, judges them by the schemas of the German banks where those are there, and refuses
what no bank takes: a file, a reference or a group that it has seen before, and sums that do not agree.
"""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lxml import etree
from tests.checkers.sepa_files import NAMED, SCHEMAS, judged, sums
from tests.factories.statements import BankLine, BankPaper
from tests.factories.status_reports import a_report

D = Decimal
ZERO, OPENING = D(0), D("5000.00")
CHARGES = D("3.00")
"""What the banks take for a debit that comes back."""
DELAYS = {"AM04": (1, 3), "AC04": (1, 3), "MS03": (1, 4), "MD06": (5, 40)}
"""Days after which it comes back, by the reason."""
FIXED = {(1, 1), (5, 1), (12, 25), (12, 26)}
EASTER = {dt.date(2025, 4, 18), dt.date(2025, 4, 21), dt.date(2026, 4, 3), dt.date(2026, 4, 6)}


def is_open(day: dt.date) -> bool:
    """Whether TARGET is."""
    return day.weekday() < 5 and (day.month, day.day) not in FIXED and day not in EASTER


@dataclass
class Order:
    """A debit or a transfer that was ordered by a file."""

    key: str
    amount: Decimal
    """Positive: it comes in."""
    on: dt.date
    name: str
    iban: str
    text: str
    group: str
    file: str
    batch: bool
    state: str = "ORDERED"
    """ORDERED, REJECTED, EXECUTED, RETURNED."""


@dataclass
class Booked:
    """A booking as the bank keeps it: a part of a collective one counts by itself."""

    day: dt.date
    amount: Decimal
    """Signed, without charges."""
    kind: str
    """DEBIT, RETURN, REFUND, PAID, FEE, PAYOUT."""
    key: str = ""
    customer: str = ""
    text: str = ""
    charges: Decimal = ZERO
    name: str = ""
    iban: str = ""
    reason: str = ""
    reference: str = ""


@dataclass
class Bank:
    """The account of one company at its bank."""

    iban: str
    chance: random.Random
    owners: dict[str, str] = field(default_factory=dict)
    """IBAN of a customer: who that is."""
    opening: Decimal = OPENING
    return_share: float = 0.08
    orders: dict[str, Order] = field(default_factory=dict)
    booked: list[Booked] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    senders: dict[str, str] = field(default_factory=dict)
    """By the reference of a transfer: the customer who sent it."""
    _coming: dict[dt.date, list[Booked]] = field(default_factory=lambda: defaultdict(list))
    _numbers: int = 0

    def __post_init__(self) -> None:
        self.balance = self.opening

    # --- files ---

    def take(self, content: bytes) -> str:
        """A file of orders; its name (MsgId)."""
        root = etree.fromstring(content)
        version = etree.QName(root).namespace.rpartition(":")[2]
        if (SCHEMAS / NAMED[version]).is_file():
            judged(content, version)
        sums(root)
        name = root.findtext(".//{*}GrpHdr/{*}MsgId")
        assert name not in self.files, f"the file {name} was given before"
        self.files.add(name)
        for group in root.findall(".//{*}PmtInf"):
            number = group.findtext("{*}PmtInfId")
            assert number not in self.groups, f"the group {number} was given before"
            self.groups.add(number)
            for one in (*group.findall("{*}DrctDbtTxInf"), *group.findall("{*}CdtTrfTxInf")):
                self._order(one, group, name)
        return str(name)

    def _order(self, one: Any, group: Any, file: str) -> None:
        is_debit = etree.QName(one).localname == "DrctDbtTxInf"
        side, other = ("Dbtr", "ReqdColltnDt") if is_debit else ("Cdtr", "ReqdExctnDt/{*}Dt")
        amount = D(one.findtext(".//{*}InstdAmt"))
        made = Order(
            key=one.findtext("{*}PmtId/{*}EndToEndId"),
            amount=amount if is_debit else -amount,
            on=dt.date.fromisoformat(group.findtext(f"{{*}}{other}")),
            name=one.findtext(f"{{*}}{side}/{{*}}Nm"),
            iban=one.findtext(f"{{*}}{side}Acct/{{*}}Id/{{*}}IBAN"),
            text=one.findtext("{*}RmtInf/{*}Ustrd"),
            group=group.findtext("{*}PmtInfId"),
            file=file,
            batch=group.findtext("{*}BtchBookg") == "true",
        )
        assert made.key not in self.orders, f"{made.key} was ordered before"
        assert is_open(made.on) or not is_debit, f"{made.key} on {made.on}, when TARGET is closed"
        assert made.iban in self.owners, f"{made.key} is for an account that is nobody's"
        self.orders[made.key] = made

    def reject(self, file: str, share: float) -> bytes | None:
        """What it says of the file (pain.002), where it refuses some of it."""
        refused = [one for one in self.orders.values() if one.file == file and self.chance.random() < share]
        if not refused:
            return None
        for one in refused:
            one.state = "REJECTED"
        about = [(one.key, "RJCT", "AC04") for one in refused if one.group == refused[0].group]
        for one in refused:
            if one.group != refused[0].group:
                one.state = "ORDERED"
        return a_report(f"S-{file}"[:35], file, group=refused[0].group, group_status="PART", transactions=about)

    # --- money of others ---

    def pays(self, customer: str, iban: str, name: str, amount: Decimal, text: str, day: dt.date) -> None:
        """A transfer of a customer."""
        self._numbers += 1
        key = f"CT{self._numbers:07}"
        self.senders[key] = customer
        self._coming[day].append(Booked(day, amount, "PAID", key, customer, text, name=name, iban=iban))

    def moves(self, amount: Decimal, text: str, day: dt.date, kind: str) -> None:
        """A fee, or the payout of a provider."""
        self._numbers += 1
        self._coming[day].append(Booked(day, amount, kind, text=f"{text} B{self._numbers:07}"))

    # --- days ---

    def day(self, day: dt.date) -> "Day | None":
        """What is booked on a day on which it is open: its statement."""
        if not is_open(day):
            return None
        made: list[Booked] = []
        for due in sorted(it for it in self._coming if it <= day):
            for one in self._coming.pop(due):
                one.day = day
                made.append(one)
        groups: dict[str, list[Booked]] = defaultdict(list)
        for order in self.orders.values():
            if order.state == "ORDERED" and order.on <= day:
                one = self._execute(order, day)
                if order.batch:
                    groups[order.group].append(one)
                else:
                    made.append(one)
        lines = [self._line(one) for one in made]
        lines += [self._batch(group, parts) for group, parts in groups.items()]
        for parts in groups.values():
            made += parts
        self.booked += made
        self.chance.shuffle(lines)
        opening, self.balance = self.balance, self.balance + sum((line.amount for line in lines), D(0))
        assert self.balance == self.opening + sum((one.amount - one.charges for one in self.booked), D(0))
        return Day(BankPaper(opening, day, lines, iban=self.iban, number=len(self.booked)), bool(groups)) if lines else None

    def _execute(self, order: Order, day: dt.date) -> Booked:
        order.state = "EXECUTED"
        customer = self.owners[order.iban]
        kind = "DEBIT" if order.amount > 0 else "REFUND"
        if kind == "DEBIT" and self.chance.random() < self.return_share:
            reason = self.chance.choices(list(DELAYS), (4, 2, 2, 2))[0]
            back = day + dt.timedelta(days=self.chance.randint(*DELAYS[reason]))
            charges = CHARGES if self.chance.random() < 0.8 else D(0)
            self._coming[back].append(
                Booked(back, -order.amount, "RETURN", order.key, customer, "RETOURE", charges, order.name, order.iban, reason)
            )
        if kind == "REFUND" and self.chance.random() < 0.2:
            back = Booked(
                day, -order.amount, "RETURN", order.key, customer, "RUECKGABE", name=order.name, iban=order.iban, reason="AC01"
            )
            self._coming[day + dt.timedelta(days=2)].append(back)
        return Booked(day, order.amount, kind, order.key, customer, order.text, name=order.name, iban=order.iban)

    def _line(self, one: Booked) -> BankLine:
        if one.kind == "RETURN":
            self.orders[one.key].state = "RETURNED"
        self._numbers += 1
        one.reference = f"BK{self._numbers:09}" if self.chance.random() < 0.8 else ""
        return BankLine(
            one.amount - one.charges,
            one.day,
            one.text,
            one.name,
            one.iban,
            end_to_end=one.key,
            reference=one.reference,
            charges=one.charges,
            reason=one.reason,
        )

    def _batch(self, group: str, parts: Sequence[Booked]) -> BankLine:
        """With its parts, or with the name of our group alone."""
        self._numbers += 1
        total, reference = sum((one.amount for one in parts), D(0)), f"BK{self._numbers:09}"
        if len(parts) == 1 or self.chance.random() < 0.5:
            lines = [BankLine(one.amount, one.day, one.text, one.name, one.iban, end_to_end=one.key) for one in parts]
            return BankLine(total, parts[0].day, reference=reference, parts=lines)
        return BankLine(total, parts[0].day, name="", reference=reference, group=group, many=len(parts))

    def to_be_drawn(self) -> set[str]:
        """Texts of debits that are ordered and not executed."""
        return {one.text for one in self.orders.values() if one.state == "ORDERED" and one.amount > 0}

    @property
    def in_transit(self) -> Decimal:
        """Payouts of the provider that are on their way."""
        return sum((one.amount for ones in self._coming.values() for one in ones if one.kind == "PAYOUT"), D(0))


@dataclass
class Day:
    """What the bank says of a day, in a format by chance."""

    paper: BankPaper
    has_batches: bool

    def messages(self, chance: random.Random, before: dt.date) -> list[bytes]:
        """In the order in which the bank sends them; `before`: the day of the statement before."""
        kind = chance.choice(("camt.053.001.08", "camt.053.001.02", "swift", "noon"))
        if kind == "swift" and not self.has_batches:
            return [self.paper.swift(before=before)]
        if kind != "noon" or not self.paper.lines:
            return [self.paper.camt("camt.053.001.08" if kind in ("swift", "noon") else kind)]
        some = [line for line in self.paper.lines if line.reference and chance.random() < 0.6]
        noon = BankPaper(self.paper.opening, self.paper.day, some, iban=self.paper.iban, number=self.paper.number)
        message = chance.choice(("camt.052.001.08", "camt.054.001.08"))
        return [*([noon.camt(message, balances=False)] if some else []), self.paper.camt()]
