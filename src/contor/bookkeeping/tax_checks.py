"""What must hold of tax that arises on receipt (section 20 UStG)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping.chart import chart_of
from contor.bookkeeping.roles import Role, tax_role
from contor.bookkeeping.types import Chart, EntryKind
from contor.documents.matters import joined_by_credits
from contor.documents.treatment import TaxPart
from contor.kernel.checks import check
from contor.kernel.money import ZERO, worded
from contor.openitems.cases import cases_again
from contor.openitems.rules import open_case
from contor.openitems.types import Case, StoredCase
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings

_BATCH = 1000
_NOT_DUE = (Role.TAX_NOT_DUE_19, Role.TAX_NOT_DUE_7, Role.TAX_NOT_DUE_OTHER)
_TAX = (
    *_NOT_DUE,
    Role.TAX_19,
    Role.TAX_16,
    Role.TAX_7,
    Role.TAX_5,
    Role.TAX_OTHER,
    Role.TAX_OSS_GOODS,
    Role.TAX_OSS_DIGITAL,
    Role.TAX_OSS_SERVICE,
)


class _Booked(NamedTuple):
    document_id: int
    account: int
    amount: Decimal


@check("bookkeeping.tax_on_receipt_is_due_or_not_due_or_given_up")
def on_receipt(uow: Uow) -> Iterable[str]:
    """Of each invoice that is taxed on receipt, with its credits, rate by rate: its tax is due as far as it is settled, was given up with a
    reduction, or is not due; once all of them are closed none is."""
    chart, currency = chart_of(uow), tenant_settings(uow).ledger_currency
    not_due = sorted({chart[role].number for role in _NOT_DUE})
    ids = uow.column(
        int,
        "SELECT DISTINCT e.document_id FROM journal_line l JOIN journal_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id"
        " WHERE l.account = ANY (%s) AND e.document_id IS NOT NULL ORDER BY 1",
        (not_due,),
    )
    for at in range(0, len(ids), _BATCH):
        matters = joined_by_credits(uow, ids[at : at + _BATCH])
        cases = cases_again(uow, sorted({*ids[at : at + _BATCH], *(number for matter in matters.values() for number in matter)}))
        booked = _booked(uow, chart, list(cases))
        # one that is issued anew takes its tax along without an entry: only together they are what is booked
        whole = {min(together): together for together in (matters.get(number, {number}) for number in ids[at : at + _BATCH])}
        for first, together in whole.items():
            name, stored = cases[first].case.ident, [cases[number] for number in sorted(together)]
            for account, expected in _expected(chart, stored).items():
                found = sum((booked[number, account] for number in together), ZERO)
                if found != expected and (account in not_due or not any(map(_due_elsewhere, stored))):
                    said = f"{worded(found, currency)} booked, {worded(expected, currency)} by its open item"
                    yield f"document {name}: tax on account {account}: {said}"
            for account in not_due:
                left = sum((booked[number, account] for number in together), ZERO)
                if left and all(it.case.is_closed for it in stored):
                    said = f"{worded(left, currency)} are not due on account {account}"
                    yield f"document {name}: all of its matter is closed, and {said}"


def _booked(uow: Uow, chart: Chart, ids: list[int]) -> Mapping[tuple[int, int], Decimal]:
    rows = uow.all(
        _Booked,
        "SELECT e.document_id, l.account, sum(CASE l.side WHEN 'D' THEN l.amount ELSE -l.amount END) AS amount FROM journal_entry e"
        " JOIN journal_line l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id WHERE e.document_id = ANY (%s)"
        # an overpayment that is kept is no consideration for the document's own rows (UStAE 10.1 (3))
        " AND l.account = ANY (%s) AND e.kind <> %s GROUP BY e.document_id, l.account",
        (ids, sorted({chart[role].number for role in _TAX}), EntryKind.OTHER_REVENUE.value),
    )
    return defaultdict(Decimal, {(row.document_id, row.account): row.amount for row in rows})


def _expected(chart: Chart, matter: Sequence[StoredCase]) -> Mapping[int, Decimal]:
    """By account, debit less credit: credits of what is due or not due."""
    found = dict[int, Decimal]()
    for stored in matter:
        if stored.case.taxed_on_receipt:
            _add(found, chart, stored.case, _paid_elsewhere(stored))
    return found


def _paid_elsewhere(stored: StoredCase) -> Sequence[TaxPart]:
    """Of what another system issued, the tax that fell due there, by group."""
    began = open_case(stored.document, cash_taxation=True) if stored.document.taken_over else None
    return began.booked if began is not None else ()


def _add(found: dict[int, Decimal], chart: Chart, case: Case, before: Sequence[TaxPart]) -> None:
    for at, group in enumerate(case.groups):
        due, not_due = (chart[tax_role(group.treatment, group.rate, not_due=it)].number for it in (False, True))
        whole = case.ledger_tax[at] if case.ledger_tax else group.tax
        settled, given_up = (parts[at].tax if parts else ZERO for parts in (case.booked, case.reduced_booked))
        elsewhere = before[at].tax if before else ZERO
        if due == not_due:  # not of section 20 UStG: due when it was supplied
            settled = whole
        found[not_due] = found.get(not_due, ZERO) - (whole - settled)
        found[due] = found.get(due, ZERO) - (settled - elsewhere - given_up)


def _due_elsewhere(stored: StoredCase) -> bool:
    """Whether something of its tax falls due without a receipt: with deposits, before it was there; or when it was supplied."""
    document = stored.document
    deducts = bool(document.deposits) or any(item.deposit_ident is not None for item in document.items)
    return deducts or not stored.case.taxed_on_receipt
