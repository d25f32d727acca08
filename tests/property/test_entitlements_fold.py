"""What a contract gives at an instant is what all changes until then make of it, whatever was changed since; and what was answered then is
answered again. A second book folds the changes day by day, from what the contract's view shows, and knows of no spans."""

import datetime as dt
import random
from typing import Any, NamedTuple

import pytest
from tests.factories.catalogue import OPTION, OPTIONS
from tests.factories.contracts import CONTRACTS, TERM
from tests.factories.desks import Desk

STEPS = 40
DAY = dt.timedelta(days=1)
GIVEN = {"basic": {"seats": "5"}, "big": {"seats": "50", "sso": "true"}}
V1 = f"{CONTRACTS}/v-1"


class Changed(NamedTuple):
    """After a change: the contract's view, what its sources gave it, and what was said of it alone, in the order in which it was said."""

    at: dt.datetime
    view: dict[str, Any]
    copied: dict[str, dict[str, str]]
    overrides: list[dict[str, Any]]

    def given(self, at: dt.datetime) -> dict[str, str]:
        day = (at + dt.timedelta(hours=2)).date()  # summer in Berlin; noon and evening are of one day in winter, too
        if not self._runs(day):
            return {}
        found = dict(self.copied.get(self._plan(day), {}))
        if any(one["optionIdent"] == "premium" for phase in self.view["optionQuantities"] for one in phase["optionQuantity"]):
            found |= self.copied.get("premium", {})
        for one in sorted(self.overrides, key=lambda one: one["validFrom"]):
            if one["validFrom"] <= str(day) <= one.get("validTo", "9999"):
                found.pop(one["featureIdent"], None)
                if "value" in one:
                    found[one["featureIdent"]] = one["value"]
        return found

    def _plan(self, day: dt.date) -> str:
        return str(self.view["planIdent"])

    def _runs(self, day: dt.date) -> bool:
        view, said = self.view, str(day)
        if not view["startDate"] <= said <= view.get("endDate", "9999"):
            return False
        if any(one["endDate"] < said < one["restartDate"] for one in view["formerEnds"]):
            return False
        return not any(one["fromDate"] <= said < one.get("resumeDate", "9999") for one in view["pauses"])


class Holder:
    """A contract that changes at random, and the second book."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.random, self.now = desk, random.Random(seed), dt.datetime(2026, 4, 10, 10, tzinfo=dt.UTC)
        self.assigned: dict[str, dict[str, str]] = {name: dict(values) for name, values in GIVEN.items()}
        self.assigned["premium"] = {"support": "phone"}
        self.copied: dict[str, dict[str, str]] = {}
        self.overrides: list[dict[str, Any]] = []
        self.seen: list[Changed] = []
        self.answered: list[tuple[dt.datetime, dict[str, str]]] = []
        self.count = 0

    def open(self) -> None:
        desk = self.desk
        self.turn()
        for ident, price in (("basic", "10.00"), ("big", "20.00")):
            desk.plan(price, ident=ident, phase=TERM)
        desk.call("POST", OPTIONS, {**OPTION, "optionIdent": "premium", "status": "FINAL"}, 201)
        for plan in ("basic", "big"):
            desk.call("POST", f"/v2/plans/{plan}/phases/p-1/options", {"optionIdent": "premium", "minimum": 0}, 201)
        for body in (
            {"ident": "seats", "name": "Seats", "type": "QUANTITY"},
            {"ident": "sso", "name": "Sign-on", "type": "SWITCH"},
            {"ident": "support", "name": "Support", "type": "SELECTION", "choices": [{"value": "mail"}, {"value": "phone"}]},
        ):
            desk.call("POST", "/v2/features", body, 201)
            desk.call("POST", f"/v2/features/{body['ident']}/actions/activate", None)
        for source, values in self.assigned.items():
            for feature, value in values.items():
                kind = "options" if source == "premium" else "plans"
                named = {"optionIdent" if kind == "options" else "planIdent": source}
                desk.call("POST", f"/v2/features/{feature}/{kind}", {**named, "value": value}, 201)
        desk.contract(startDate="2026-04-05")
        self.write()

    def turn(self) -> None:
        self.desk.clock(self.now.strftime("%Y-%m-%dT%H:%M"))

    def write(self) -> None:
        """What was changed just now."""
        view = self.desk.call("GET", f"{CONTRACTS}/pageable?search=contractIdent==v-1")["_embedded"][0]
        had = {one["optionIdent"] for phase in view["optionQuantities"] for one in phase["optionQuantity"]}
        for source in (view["planIdent"], *(had & {"premium"})):
            self.copied.setdefault(source, dict(self.assigned[source]))
        self.seen.append(Changed(self.now, view, dict(self.copied), [dict(one) for one in self.overrides]))

    def expected(self, at: dt.datetime) -> dict[str, str]:
        until = [seen for seen in self.seen if seen.at <= at]
        return until[-1].given(at) if until else {}

    def asked(self, at: dt.datetime | None = None) -> dict[str, str]:
        said = "" if at is None else f"?at={at:%Y-%m-%dT%H:%M:%SZ}"
        return {one["featureIdent"]: one["value"] for one in self.desk.call("GET", f"{V1}/entitlements{said}")["entitlements"]}

    def tried(self, action: str, body: Any) -> None:
        answer = self.desk.client.post(f"{V1}/actions/{action}", json=body, headers=self.desk.headers)
        assert answer.status_code in (200, 400, 409), answer.text
        if answer.status_code == 200:
            self.write()

    def step(self) -> None:
        self.now += dt.timedelta(days=self.random.choice((0, 0, 1, 3, 9)), hours=self.random.choice((0, 0, 2)), seconds=60)
        if self.now.hour > 18:  # not between two days of Berlin
            self.now = self.now.replace(hour=10) + DAY
        self.turn()
        ahead = str(self.now.date() + self.random.choice((0, 1, 5, 20)) * DAY)
        past = str(self.now.date() - self.random.choice((1, 5)) * DAY)
        match self.random.choice(
            ("pause", "pause", "resume", "end", "go on", "begin", "plan", "option", "over", "over", "gone", "give")
        ):
            case "pause":
                self.tried("pause", {"resumeDate": str(self.now.date() + 25 * DAY)} if self.random.random() < 0.5 else {})
            case "resume":
                self.tried("resume", {})
            case "end":
                self.tried("terminate-extraordinarily", {"terminationDate": self.random.choice((ahead, past))})
            case "go on":
                self.tried("withdraw-termination", None)
            case "begin":
                self.tried("reactivate", {"restartDate": ahead})
            case "plan":
                self.change_plan()
            case "option":
                quantities = [{"optionIdent": "premium", "quantity": self.random.choice((0, 1))}]
                self.tried("change", {"optionQuantities": quantities, "effectiveDate": str(self.now.date())})
            case "over":
                self.override(self.random.choice((ahead, past)), ahead)
            case "gone" if self.overrides:
                one = self.overrides.pop(self.random.randrange(len(self.overrides)))
                self.desk.call("DELETE", f"{V1}/entitlement-overrides/{one['ident']}", None, 204)
                self.write()
            case "give":  # changes no contract that has it
                value = str(self.random.randrange(100))
                self.desk.call("PUT", "/v2/features/seats/plans/big", {"value": value})
                self.assigned["big"]["seats"] = value

    def change_plan(self) -> None:
        old = self.seen[-1].view["planIdent"]
        new = "big" if old == "basic" else "basic"
        mapped = [{"optionIdent": f"{old}-fee", "becomes": f"{new}-fee"}]
        self.tried("change", {"planIdent": new, "effectiveDate": str(self.now.date()), "optionMappings": mapped})

    def override(self, since: str, until: str) -> None:
        self.count += 1
        feature, value = self.random.choice(
            (("seats", "7"), ("seats", "9"), ("sso", "false"), ("support", "mail"), ("seats", None))
        )
        body = {"ident": f"o-{self.count}", "featureIdent": feature, "validFrom": since}
        if value is not None:
            body["value"] = value
        if until >= since and self.random.random() < 0.4:
            body["validTo"] = until
        self.desk.call("POST", f"{V1}/entitlement-overrides", body, 201)
        self.overrides.append(body)
        self.write()


@pytest.mark.parametrize("seed", range(6))
def test_the_state_at_an_instant_is_the_fold_of_all_changes_until_then(desk: Desk, seed: int) -> None:
    holder = Holder(desk, seed)
    holder.open()
    for _ in range(STEPS):
        holder.step()
        now = holder.asked()
        assert now == holder.expected(holder.now)
        holder.answered.append((holder.now, now))
    last = dict(holder.answered)  # of one instant the last change counts
    for at, answered in last.items():
        assert holder.asked(at) == answered
    begin = holder.seen[0].at
    for hours in range(0, int((holder.now - begin) / dt.timedelta(hours=1)), 37):
        at = begin + dt.timedelta(hours=hours)
        if at.hour < 21:
            assert holder.asked(at) == holder.expected(at), at
    found = [str(one) for one in desk.tenant.broken() if one.check.startswith(("entitlements.", "contracts."))]
    assert found == []
