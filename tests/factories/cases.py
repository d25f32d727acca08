"""What people do with open items, through the platform API, and what the books say of it."""

from typing import Any

from tests.factories.companies import Company

from contor.openitems.clearing.steps import look


def decide(company: Company, number: str, kind: str, status: int = 201, **more: Any) -> Any:
    return company.call("POST", f"/v2/opos-cases/{number}/decisions", {"type": kind, **more}, status)


def revert(company: Company, decision: Any, status: int = 200) -> Any:
    path = f"/v2/opos-cases/{decision['oposCaseIdent']}/decisions/{decision['ident']}/actions/revert"
    return company.call("POST", path, status=status)


def clearing(company: Company, **criteria: Any) -> Any:
    """A clearing run that was done."""
    made = company.call("POST", "/v2/opos-cases/clearing-runs", criteria, 201)
    assert made["status"] == "CREATED"
    look(company.tenant.runtime, company.tenant.id)
    return company.call("GET", f"/v2/opos-cases/clearing-runs/{made['ident']}")


def items_of(company: Company, run: Any) -> list[tuple[Any, ...]]:
    listed = company.call("GET", f"/v2/opos-cases/clearing-runs/{run['ident']}/items")["_embedded"]
    return [(it["oposCaseIdent"], it.get("counterCaseIdent"), float(it["amount"]), it["status"], it.get("reason")) for it in listed]


def said(refused: Any) -> str:
    """Every finding of a refusal."""
    return " ".join(it["error"] for it in refused["errors"])


def last(company: Company) -> int:
    """The last journal number."""
    return int(company.tenant.rows("SELECT coalesce(max(journal_number), 0) AS n FROM journal_entry")[0].n)


def entries(company: Company, since: int = 0) -> list[str]:
    """What was booked behind the journal number, one line per entry."""
    rows = company.tenant.rows(
        "SELECT e.journal_number AS n, e.kind, l.side, l.account, trim_scale(l.amount) AS amount FROM journal_entry e"
        " JOIN journal_line l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id WHERE e.journal_number > %s"
        " ORDER BY e.journal_number, l.position",
        (since,),
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.n, [f"{row.kind}:"]).append(f"{row.side} {row.account} {row.amount},")
    return [" ".join(words).rstrip(",") for words in found.values()]


def opposite(written: list[str]) -> list[str]:
    """The same entries with negative amounts."""

    def turned(word: str) -> str:
        return word[1:] if word.startswith("-") else f"-{word}"

    return [
        " ".join(turned(word) if at > 2 and at % 3 == 0 else word for at, word in enumerate(entry.split())) for entry in written
    ]


def tax_on_receipt(company: Company) -> None:
    """Section 20 UStG."""
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE operating_site SET taxation_mode = 'CASH'")
