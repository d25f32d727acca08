"""What else happens in a year: credit memos, reissues, money that was put wrong, decisions that are taken back, claims that are waived."""

import datetime as dt
import random
from typing import Any

from tests.factories.year_clerk import Clerk
from tests.factories.year_payers import german_iban
from tests.factories.year_treasurer import Treasurer


class Mishaps:
    """Of the company of `clerk`, by chance. `amid`: also to documents of which something is under way."""

    def __init__(self, clerk: Clerk, treasurer: Treasurer, chance: random.Random, *, amid: bool) -> None:
        self.clerk, self.treasurer, self.chance, self.amid = clerk, treasurer, chance, amid
        self.api = clerk.api
        self.counts: dict[str, int] = {}

    def happen(self, day: dt.date, share: float) -> None:
        """To about this share of the documents and customers."""
        recent = [it for it in self.clerk.issued.values() if it.gross > 0 and 0 <= (day - it.due).days + 14 < 60]
        self._each(recent, share, "credited", lambda it: self._is_calm(it.ident) and self.clerk.credit(it.ident))
        self.treasurer.hands.wait()
        self.clerk.learn()
        self._each(recent, share, "reissued", lambda it: self._is_calm(it.ident) and self.clerk.reissue(it.ident))
        self.clerk.learn()
        assignments = [it for it in self.treasurer.standing(day) if not it.get("returnsPaymentAssignmentIdent")]
        self._each(assignments, share / 2, "reversed", self._reverse)
        self._each(sorted(self.clerk.decided), share, "reverted", self._revert)
        claims = list(self.api.all("/v2/dunning-claims", "status==OPEN"))
        self._each(claims, share, "waived", self._waive)
        debtors = [it for it in self.clerk.payers.all if it.way == "DEBIT"]
        self._each(debtors, share, "moved", lambda it: self._move(it, day))

    def _each(self, things: list[Any], share: float, name: str, do: Any) -> None:
        for it in things:
            if self.chance.random() < share and do(it):
                self.counts[name] = self.counts.get(name, 0) + 1

    def _tried(self, path: str, body: Any) -> bool:
        return self.treasurer.tried("POST", path, body)

    def _is_calm(self, ident: str) -> bool:
        """Whether nothing is under way for it, and nothing will be by itself."""
        if self.amid:
            return True
        case = self.api.call("GET", f"/v2/opos-cases/{ident}")
        return not case["prebookedItems"] and not case["paymentCollectionEnabled"]

    def _reverse(self, it: Any) -> bool:
        return self._tried(f"/v2/payment-assignments/{it['paymentAssignmentIdent']}/actions/reverse", None)

    def _waive(self, it: Any) -> bool:
        return self._tried(f"/v2/dunning-claims/{it['claimIdent']}/actions/waive", {"note": "goodwill"})

    def _revert(self, key: tuple[str, str]) -> bool:
        ident, kind = key
        found = self.api.call("GET", f"/v2/opos-cases/{ident}/decisions")["_embedded"]
        standing = [
            it for it in found if it["type"] == kind and not it.get("revertedByIdent") and not it.get("reversionTargetIdent")
        ]
        if not standing or not self._tried(f"/v2/opos-cases/{ident}/decisions/{standing[0]['ident']}/actions/revert", None):
            return False
        self.clerk.decided[key] -= standing[0]["amount"]
        return True

    def _move(self, payer: Any, day: dt.date) -> bool:
        """The customer has another account at his bank: the mandate is amended."""
        path = f"/v2/customer-payment-accounts/acc-{payer.number:05}"
        if self.api.call("GET", path)["mandateStatus"] != "ACTIVE":
            return False
        payer.moved_to = german_iban(500_000 + 1_000 * len(self.clerk.bank.owners) + payer.number % 1_000)
        self.clerk.bank.owners[payer.iban] = payer.ident
        body = payer.account("")
        self.api.call("PUT", path, {name: value for name, value in body.items() if name != "ident"})
        return True
