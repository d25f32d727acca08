"""A year of business by the test clock, the same for the same seed."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from tests.factories.staff import Staff, a_company
from tests.factories.tenants import Tenant

from contor.contracts.amend import ChangeContract, change_contract
from contor.contracts.change import IdentList, cancel_batch, terminate, terminate_extraordinarily, update_contract
from contor.contracts.change.change import CancelContracts, PatchBody, TerminateContract, UpdateContract
from contor.contracts.terms import ChangeBody
from contor.contracts.types import Termination
from contor.kernel.errors import Refused
from contor.runtime.execute import validated

FIRST = dt.date(2026, 1, 1)
PLANS_OF_ONE_KIND = ("monthly", "quarterly", "trial")
"""They count days alike."""


def at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), dt.UTC)


class Year:
    """The same year for the same seed, in whatever tenant."""

    def __init__(self, tenant: Tenant, contracts: int, seed: int = 7) -> None:
        self.tenant, self.random = tenant, random.Random(seed)
        tenant.turn_clock(at(FIRST))
        self.staff: Staff = a_company(tenant)
        starts = sorted(FIRST + dt.timedelta(days=self.random.randrange(-40, 330)) for _ in range(contracts))
        self.waiting = [(day, f"v-{number:05}") for number, day in enumerate(starts)]
        self.running: list[str] = []
        self.changes = self.amended = 0
        self.changed: set[str] = set()
        """Contracts whose price or quantity is not that of their beginning."""
        self.moved: set[str] = set()
        """Those of another plan."""

    def live(self, day: dt.date) -> None:
        """What people do on a day."""
        self.tenant.turn_clock(at(day))
        while self.waiting and self.waiting[0][0] <= day:
            start, ident = self.waiting.pop(0)
            self.staff.sign(ident, start, self.random)
            self.running.append(ident)
        if (day - FIRST).days == 60:
            self.staff.correct_late_usages()
        if day.day % 5 == 0:
            self.staff.take_back(self.random)
        if day.day % 3 == 0:
            consumers = self.random.sample(self.running, min(20, len(self.running)))
            self.staff.consume(day, consumers, self.random)
            self.staff.send_messages(day, consumers, self.random)
        for _ in range(2):
            if self.running and self.random.random() < 0.5:
                self._change(self.random.choice(self.running), day)

    def _change(self, ident: str, day: dt.date) -> None:
        kind = self.random.random()
        body = TerminateContract(contract_ident=ident, body=Termination())
        try:
            if kind < 0.35:
                self.tenant.execute(terminate, body)
            elif kind < 0.6:
                self.tenant.execute(terminate_extraordinarily, body)
            elif kind < 0.65:
                self.tenant.execute(cancel_batch, CancelContracts(body=IdentList(idents=(ident,))))
            elif kind < 0.9:
                self._amend(ident, day)
                self.changed.add(ident)
            else:
                number, plan = self.staff.numbers[ident]
                price = {"option_ident": f"{plan}-fee", "prices": [{"price": self.random.randrange(500, 5000) / Decimal(100)}]}
                later = (day + dt.timedelta(days=self.random.randrange(40, 90))).isoformat()
                modifiers = [{"option_prices": [price], "effective_from": later}]
                patch = validated(PatchBody, {"plan_modifiers": modifiers})
                self.tenant.execute(update_contract, UpdateContract(contract_id=number, body=patch))
                self.changed.add(ident)
            self.changes += 1
        except Refused:
            pass  # ended already, or its prices have been used: people are told and leave it

    def _amend(self, ident: str, day: dt.date) -> None:
        """Other quantities, prices or another plan, from a day on: billed already, this one, or to come."""
        _, plan = self.staff.numbers[ident]
        fee, kind, when = f"{plan}-fee", self.random.random(), self.random.random()
        body: dict[str, Any] = {}
        if kind < 0.5 or (kind >= 0.8 and plan == "metered"):  # its usages have no place in another plan
            body["option_quantities"] = [{"option_ident": fee, "quantity": self.random.randrange(1, 6)}]
        elif kind < 0.8:
            price = {"price": self.random.randrange(500, 5000) / Decimal(100)}
            body["option_prices"] = [{"option_ident": fee, "prices": [price]}]
        else:
            other = self.random.choice(PLANS_OF_ONE_KIND)
            body |= {"plan_ident": other, "option_mappings": [{"option_ident": fee, "becomes": f"{other}-fee"}]}
        if when < 0.4:
            body["effective_date"] = (day + dt.timedelta(days=self.random.randrange(-60, 30))).isoformat()
        elif when < 0.6:
            body["timing"] = "END_OF_PERIOD"
        self.tenant.execute(change_contract, ChangeContract(contract_ident=ident, body=validated(ChangeBody, body)))
        if "plan_ident" in body:
            self.staff.numbers[ident] = (self.staff.numbers[ident][0], body["plan_ident"])
            self.moved.add(ident)
        self.amended += 1
