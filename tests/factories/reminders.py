"""A company at random that invoices, is paid in parts, reminds, gives up and takes back; and a second book of what it may ask for."""

import datetime as dt
import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import holidays
from tests.factories.reminding import CLAIMS, LETTERS, RUNS, Reminding

D, ZERO, DAY = Decimal, Decimal(0), dt.timedelta(days=1)
FEES = (D("2.50"), D("5.00"), D("7.50"))
GAP, TERM = 9, 6
SWITCHES = {"combine": False, "firstLevelFrom": "DUE_DATE", "deliveryDays": 2}
_FREE = (holidays.country_holidays("DE"), holidays.financial_holidays("ECB"))
"""Each by itself: they fill when they are asked, and `|` of two that were never asked is empty."""


def working(day: dt.date) -> dt.date:
    while day.weekday() > 4 or any(day in free for free in _FREE):
        day += DAY
    return day


@dataclass
class Owed:
    """An invoice as the second book has it: letters (day, level, fee of the level), and what stands of the fees."""

    dated: dt.date
    due: dt.date
    rest: Decimal
    letters: list[tuple[dt.date, int, Decimal]] = field(default_factory=list)
    fees: Decimal = ZERO
    claimed: Decimal = ZERO
    """Fees of letters that stand, and those that were paid for letters that were withdrawn: nobody claims them again."""

    def is_in_default(self, day: dt.date) -> bool:
        begins = [working(max(self.due, self.dated + 2 * DAY) + 30 * DAY) + DAY]
        begins += [max(self.letters[0][0] + 2 * DAY, working(self.due)) + DAY] if self.letters else []
        return day >= min(begins)

    def is_due(self, day: dt.date) -> bool:
        level = len(self.letters)
        if self.rest <= 0 or day <= working(self.due) or level == len(FEES):
            return False
        if not level:
            return day >= self.due + GAP * DAY
        last = self.letters[-1][0]
        return day > working(working(last + TERM * DAY)) and day >= last + GAP * DAY


class Reminder:
    """What its people do, day after day; `differences` says where the company is not as the second book has it."""

    def __init__(self, company: Reminding, seed: int) -> None:
        self.company, self.random, self.book = company, random.Random(seed), dict[str, Owed]()
        company.open_bank()
        company.take_parts()
        company.duns([{"daysAfter": GAP, "daysToPay": TERM, "fee": str(fee)} for fee in FEES], **SWITCHES)

    def step(self) -> None:
        verbs = [
            self.invoice,
            self.pass_days,
            self.pass_days,
            self.remind,
            self.remind,
            self.pay,
            self.waive,
            self.withdraw,
            self.pay_fee,
            self.pay_letter,
        ]
        self.random.choice(verbs)()

    def invoice(self) -> None:
        net, term = D(self.random.randint(100, 50_000)) / 100, self.random.choice([0, 7, 14])
        ident = self.company.document(net=str(net), paymentTerm={"periodInDays": term})
        total = self.company.case(ident)["balance"]
        self.book[ident] = Owed(self.company.day, self.company.day + term * DAY, D(str(total)))

    def pass_days(self) -> None:
        self.company.turn((self.company.day + self.random.randint(1, 12) * DAY).isoformat())

    def remind(self) -> None:
        run, day = self.company.previewed(), self.company.day
        meanwhile = self._some(lambda owed: owed.rest > 0 and self.random.random() < 0.2)
        for ident in meanwhile:
            self._pay(ident, D("0.01"))  # between preview and approval: no letter
        self.company.call("POST", f"{RUNS}/{run['runIdent']}/actions/approve")
        self.company.look()
        for ident, owed in self.book.items():
            if ident not in meanwhile and owed.is_due(day):
                fee = FEES[len(owed.letters)] if owed.is_in_default(day) else ZERO
                owed.letters.append((day, len(owed.letters) + 1, fee))
                new = max(ZERO, sum((of for _, _, of in owed.letters), ZERO) - owed.claimed)
                owed.claimed += new
                owed.fees += new

    def pay(self) -> None:
        for ident in self._some(lambda owed: owed.rest > 0)[:1]:
            rest = self.book[ident].rest
            self._pay(ident, self.random.choice([rest, min(rest, D("1.00"))]))

    def pay_letter(self) -> None:
        """A letter is paid by its number: what its invoice owes still, and the fees up to it."""
        letters = self.company.letters()
        if not letters:
            return
        letter = self.random.choice(letters)
        (item,) = letter["items"]
        owed = self.book[item["documentIdent"]]
        later = [one["letterIdent"] for one in letters if one["items"][0]["documentIdent"] == item["documentIdent"]]
        later = later[later.index(letter["letterIdent"]) + 1 :]
        of_document = [one for one in self.company.claims() if one["documentIdent"] == item["documentIdent"]]
        fees = sum((D(str(one["openAmount"])) for one in of_document if one["letterIdent"] not in later), ZERO)
        if owed.rest + fees > 0:
            self.company.paid(str(owed.rest + fees), f"Mahnung {letter['letterIdent']}")
            owed.rest, owed.fees = ZERO, owed.fees - fees

    def pay_fee(self) -> None:
        for claim in self._claims()[:1]:
            payment = self.company.paid("100.00", "Gebühr")
            body = {"paymentIdent": payment["paymentIdent"]}
            self.company.call("POST", f"{CLAIMS}/{claim['claimIdent']}/actions/pay", body)
            self.book[claim["documentIdent"]].fees -= D(str(claim["openAmount"]))

    def waive(self) -> None:
        for claim in self._claims()[:1]:
            self.company.call("POST", f"{CLAIMS}/{claim['claimIdent']}/actions/waive", {})
            self.book[claim["documentIdent"]].fees -= D(str(claim["openAmount"]))

    def withdraw(self) -> None:
        letters = self.company.letters()
        if not letters:
            return
        letter = self.random.choice(letters)
        (item,) = letter["items"]
        owed = self.book[item["documentIdent"]]
        is_last = owed.letters[-1][1] == letter["level"]
        claims = [one for one in self.company.claims() if one["letterIdent"] == letter["letterIdent"]]
        self.company.call("POST", f"{LETTERS}/{letter['letterIdent']}/actions/withdraw", status=200 if is_last else 409)
        if is_last:
            owed.letters.pop()
            owed.fees -= sum((D(str(one["openAmount"])) for one in claims), ZERO)
            owed.claimed -= sum((D(str(one["amount"])) for one in claims if one["status"] != "PAID"), ZERO)

    # what is there

    def differences(self) -> list[str]:
        fees = dict.fromkeys(self.book, ZERO)
        for claim in self.company.claims():
            fees[claim["documentIdent"]] += D(str(claim["openAmount"]))
        found = []
        for ident, owed in self.book.items():
            case = self.company.case(ident)
            stored = (D(str(case["balance"])), case["dunningLevel"], fees[ident])
            wanted = (owed.rest, len(owed.letters), owed.fees)
            if stored != wanted:
                found.append(f"{ident}: stored {stored}, wanted {wanted}")
        return found

    def _claims(self) -> list[Any]:
        found = [one for one in self.company.claims() if one["status"] == "OPEN"]
        self.random.shuffle(found)
        return found

    def _some(self, which: Any) -> list[str]:
        found = [ident for ident, owed in self.book.items() if which(owed)]
        self.random.shuffle(found)
        return found

    def _pay(self, ident: str, amount: Decimal) -> None:
        self.company.paid(str(amount), ident)
        self.book[ident].rest -= amount
