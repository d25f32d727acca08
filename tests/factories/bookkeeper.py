"""A bookkeeper who works through Contor and keeps a second set of books by hand, from the law alone.

Nothing of Contor's own rules is used for what is expected: amounts, open items, accounts and numbers are computed here again, as
plainly as possible, and compared with the whole of what is stored.
"""

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tests.factories.second_book import (
    CLEARING,
    DEBTOR,
    REVENUE,
    SERIES,
    TAX,
    ZERO,
    Group,
    Paper,
    Request,
    Row,
    Verdict,
    World,
    credited_tax,
    tax_of,
)
from tests.factories.tenants import Tenant

from contor.commands.demo import GROUP_DATA, master_data
from contor.documents.issue.issuing import IssueWaiting, issue_waiting
from contor.documents.request import RequestDocument, request_document
from contor.documents.types import DocumentRequest, DocumentType
from contor.kernel.errors import Kind, Refused
from contor.organizations.clock import TurnClock, turn_clock
from contor.runtime.execute import validated
from contor.settings.groups import CreateGroup, GroupCreation, create_group

TODAY = dt.datetime(2027, 5, 3, 10, tzinfo=dt.UTC)
_ENDS = (
    "SELECT r.request_id, CASE WHEN d.id IS NOT NULL THEN 'COMPLETED' WHEN f.request_id IS NOT NULL THEN 'FAILED' ELSE 'RECEIVED' END"
    " AS status FROM document_request r LEFT JOIN document d ON d.request_id = r.request_id"
    " LEFT JOIN document_refusal f ON f.request_id = r.request_id"
)
"""What became of each request."""


@dataclass
class Bookkeeper:
    """One tenant, its own requests, and the world as it should be."""

    tenant: Tenant
    waiting: list[Request] = field(default_factory=list)
    papers: dict[str, Paper] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    accounts: dict[int, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    drawn: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    reduced: list[Verdict] = field(default_factory=list)
    """Decisions that took something off an invoice."""
    further: int = 0
    """Entries that are of no document."""

    @classmethod
    def of(cls, tenant: Tenant) -> "Bookkeeper":
        """A new tenant furnished like the demo, with a billing group whose deposits are receivables; its clock stands still."""
        tenant.execute(turn_clock, TurnClock(instant=TODAY))
        master_data(tenant.runtime, tenant.caller())
        segment = [{"segment_ident": "advance", "name": "Advance"}]
        advance = {
            **GROUP_DATA,
            "billing_group_ident": "advance",
            "deposit_receivable_relevant": True,
            "business_segments": segment,
        }
        tenant.execute(create_group, CreateGroup(validated(GroupCreation, advance)))
        return cls(tenant)

    # what the bookkeeper does

    def bill(self, kind: str, basis: str, rows: Sequence[tuple[Decimal, Decimal]], customer: str = "muster-handel") -> None:
        """Ask for an invoice or deposit invoice over rows of (rate, agreed amount)."""
        named = tuple(Row(f"i-{number}", rate, agreed) for number, (rate, agreed) in enumerate(rows, 1))
        self._ask(Request(self._next_id(), kind, basis, named), None if customer == "muster-handel" else Kind.INVALID, customer)

    def credit(self, ident: str, parts: Sequence[tuple[str, Decimal]]) -> None:
        """Ask for a credit memo, or the correction of a deposit invoice, over parts of rows: (row, agreed amount)."""
        paper = self.papers[ident]
        rows = tuple(Row(row, paper.rows[row].rate, agreed) for row, agreed in parts)
        kind = "CREDIT_MEMO" if paper.kind == "INVOICE" else "DEPOSIT_INVOICE_CORRECTION"
        request = Request(self._next_id(), kind, paper.basis, rows, ident)
        self._ask(request, None if self._fits(request) else Kind.INVALID)

    def ask_again(self, request_id: str) -> None:
        """Repeat a request id with another content."""
        self._ask(Request(request_id, "INVOICE", "NET", (Row("i-1", Decimal(19), Decimal(1)),)), Kind.CONFLICT)

    def issue(self, limit: int = 100) -> None:
        """Let the worker take a batch."""
        taken, self.waiting = self.waiting[:limit], self.waiting[limit:]
        for request in taken:
            fits = self._fits(request)
            self.statuses[request.request_id] = "COMPLETED" if fits else "FAILED"
            if fits:
                self._issued(request)
        outcome = self.tenant.execute(issue_waiting, IssueWaiting(limit=limit))
        assert [*outcome.completed, *outcome.failed] == [
            *[r.request_id for r in taken if self.statuses[r.request_id] == "COMPLETED"],
            *[r.request_id for r in taken if self.statuses[r.request_id] == "FAILED"],
        ]

    def _ask(self, request: Request, refused: Kind | None, customer: str = "muster-handel") -> None:
        command = RequestDocument(document_type=DocumentType(request.kind), request=_body(request, customer))
        found = None
        try:
            self.tenant.execute(request_document, command)
        except Refused as refusal:
            found = refusal.kind
        assert found == refused, f"{request}: expected {refused}, found {found}"
        if refused is None:
            self.waiting.append(request)
            self.statuses[request.request_id] = "RECEIVED"

    def _next_id(self) -> str:
        return f"r-{len(self.statuses) + 1}"

    def _fits(self, request: Request) -> bool:
        """A credit takes at most what is left of each row."""
        left = self.papers[request.credits].left if request.credits else {}
        return all(row.agreed <= left.get(row.ident, row.agreed) and row.agreed > 0 for row in request.rows)

    # what should follow

    def _issued(self, request: Request) -> None:
        agreed: dict[Decimal, Decimal] = defaultdict(lambda: ZERO)
        for row in request.rows:
            agreed[row.rate] += row.agreed
        original = self.papers[request.credits] if request.credits else None
        taxes: dict[Decimal, tuple[Decimal, Decimal]] = {}
        for rate, amount in agreed.items():
            tax = (
                credited_tax(original.groups[rate], amount, rate, original.basis)
                if original
                else tax_of(amount, rate, request.basis)
            )
            taxes[rate] = (amount if request.basis == "NET" else amount - tax, tax)
        letters = SERIES[request.kind]
        self.drawn[letters] += 1
        paper = Paper(
            ident=f"{letters}-2027-{self.drawn[letters]:06d}",
            kind=request.kind,
            request_id=request.request_id,
            basis=request.basis,
            net=sum((net for net, _ in taxes.values()), ZERO),
            tax=sum((tax for _, tax in taxes.values()), ZERO),
            taxes=taxes,
            rows={row.ident: row for row in request.rows},
            left={row.ident: row.agreed for row in request.rows},
            groups={rate: Group(amount, taxes[rate][1]) for rate, amount in agreed.items()},
        )
        self.papers[paper.ident] = paper
        if original:
            for row in request.rows:
                original.left[row.ident] -= row.agreed
            for rate, amount in agreed.items():
                original.groups[rate].agreed -= amount
                original.groups[rate].tax -= taxes[rate][1]
        self._booked(paper, original)

    def _booked(self, paper: Paper, original: Paper | None) -> None:
        """Open item and accounts, in the debit direction."""
        match paper.kind:
            case "INVOICE" | "CREDIT_MEMO":
                sign = 1 if paper.kind == "INVOICE" else -1
                paper.opening = sign * paper.gross
                self.accounts[DEBTOR] += sign * paper.gross
                for rate, (net, tax) in paper.taxes.items():
                    self.accounts[REVENUE[rate]] -= sign * net
                    self.accounts[TAX[rate]] -= sign * tax
            case "DEPOSIT_INVOICE":
                paper.opening = paper.gross
                self.accounts[DEBTOR] += paper.gross
                self.accounts[CLEARING] -= paper.gross
            case _:
                assert original is not None
                original.moved -= paper.gross
                self.accounts[DEBTOR] -= paper.gross
                self.accounts[CLEARING] += paper.gross

    # what is there

    def differences(self) -> list[str]:
        """Where what is stored is not what should be."""
        expected = dataclasses.asdict(self._expected())
        found = dataclasses.asdict(self._found())
        return [f"{name}: expected {expected[name]}, found {found[name]}" for name in expected if expected[name] != found[name]]

    def _expected(self) -> World:
        papers = self.papers.values()
        return World(
            requests=dict(self.statuses),
            documents={
                p.ident: (p.kind, p.request_id, p.net, p.tax, p.gross, p.moved if p.opening < 0 else -p.moved) for p in papers
            },
            cases={
                p.ident: (p.opening, p.opening + p.moved, "OPEN" if p.opening + p.moved else "CLOSED")
                for p in papers
                if p.kind != "DEPOSIT_INVOICE_CORRECTION"
            },
            accounts={account: balance for account, balance in self.accounts.items() if balance},
            entries=len(self.papers) + self.further,
        )

    def _found(self) -> World:
        rows = self.tenant.rows
        signed = "sum(CASE side WHEN 'D' THEN amount ELSE -amount END)"
        return World(
            requests={r.request_id: r.status for r in rows(_ENDS)},
            documents={
                r.ident: tuple(r)[1:]
                for r in rows("SELECT ident, document_type, request_id, net, tax, gross, settled FROM document ORDER BY id")
            },
            cases={r.ident: tuple(r)[1:] for r in rows("SELECT ident, opening, balance, status FROM opos_case")},
            accounts={
                r.account: r.balance
                for r in rows(f"SELECT account, {signed} AS balance FROM journal_line GROUP BY account")
                if r.balance
            },
            entries=rows("SELECT count(*) AS n FROM journal_entry")[0].n,
        )


def _body(request: Request, customer: str) -> DocumentRequest:
    side = request.basis.lower()
    items = [
        {
            "ident": row.ident,
            "category": "SERVICE",
            "name": f"Service {row.ident}",
            "quantity": 1,
            "quantity_type": "PC",
            "prices": {name: {side: str(row.agreed)} for name in ("unit", "original_total", "total")},
            "tax_detail": {"taxes": [{"rate": str(row.rate), "category_code": "S"}], "calculation_basis": request.basis},
            "performance_location": {"country": "DE"},
        }
        for row in request.rows
    ]
    content = {
        "request_id": request.request_id,
        "billing_group_ident": "advance" if request.kind.startswith("DEPOSIT") else "external",
        "currency": "EUR",
        "customer_detail": {"customer_ident": customer, "invoice_address_ident": "zentrale"},
        "items": items,
        **({"related_document_ident": request.credits} if request.credits else {}),
    }
    made: DocumentRequest = validated(DocumentRequest, content)
    return made
