"""To accept a request costs few round trips, and what is kept of the settings between two is never older than they are."""

import pytest
from tests.checkers.round_trips import counted
from tests.factories.tenants import Tenant

from contor.commands.demo import ADDRESS, CUSTOMER, GROUP
from contor.documents.request import RequestDocument, request_document
from contor.documents.request.master_data import master_data, settings_now
from contor.documents.types import DocumentRequest, DocumentType
from contor.kernel.errors import Kind, Refused
from contor.runtime.execute import validated

MOST = 2
"""What reads, what writes. What begins and ends a transaction goes another way."""


def asked(number: int, rows: int = 10) -> RequestDocument:
    item = {
        "category": "SERVICE",
        "name": "Service",
        "quantity": 1,
        "quantity_type": "PC",
        "prices": {"unit": {"net": "12.34"}, "original_total": {"net": "12.34"}, "total": {"net": "12.34"}},
        "tax_detail": {"taxes": [{"rate": 19, "category_code": "S"}]},
        "performance_location": {"country": "DE"},
        "delivery_date": "2026-03-01",
    }
    content = {
        "request_id": f"few-{number}",
        "billing_group_ident": GROUP,
        "currency": "EUR",
        "language": "de",
        "customer_detail": {"customer_ident": CUSTOMER, "invoice_address_ident": ADDRESS},
        "items": [{**item, "ident": f"i-{row}"} for row in range(rows)],
        "payment_term": {"period_in_days": 14},
    }
    return RequestDocument(document_type=DocumentType.INVOICE, request=validated(DocumentRequest, content))


def test_a_request_is_accepted_in_three_statements(furnished: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    furnished.execute(request_document, asked(0))
    with counted(monkeypatch) as said:
        furnished.execute(request_document, asked(1, rows=30))
    assert len(said) <= MOST, said


def test_a_repetition_is_refused_by_the_one_statement_that_writes(furnished: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    furnished.execute(request_document, asked(0))
    with counted(monkeypatch) as said, pytest.raises(Refused) as refused:
        furnished.execute(request_document, asked(0))
    assert (refused.value.kind, refused.value.problems[0].code) == (Kind.CONFLICT, "document_request_exists")
    assert len(said) <= MOST, said
    assert len(furnished.rows("SELECT id FROM document_queue")) == 1
    assert len(furnished.rows("SELECT id FROM audit_entry WHERE operation = 'document.request'")) == 1


CHANGES = (
    "DELETE FROM number_strategy",
    "UPDATE tenant_setting SET closed_through = '2026-12-31'",
    "UPDATE billing_group SET billing = 'NBX_BILLING'",
    "UPDATE operating_site SET vat_id = NULL",
    "UPDATE number_counter SET lower_limit = 7",
)


@pytest.mark.parametrize("change", CHANGES)
def test_what_another_process_changed_is_seen_at_once(furnished: Tenant, change: str) -> None:
    """By whatever statement: the next request is judged by what stands in the tables, as it would be by a process that just began."""
    with furnished.runtime.transaction(furnished.caller(), reads=True) as uow:
        before = master_data(uow, []).master
        assert master_data(uow, []).master is before
    with furnished.runtime.transaction(furnished.caller()) as uow:
        uow.run(change)
        within = master_data(uow, []).master
        assert within != before
        assert within == settings_now(uow)
    with furnished.runtime.transaction(furnished.caller(), reads=True) as uow:
        assert master_data(uow, []).master == within


def test_what_was_taken_back_is_not_kept(furnished: Tenant) -> None:
    with furnished.runtime.transaction(furnished.caller(), reads=True) as uow:
        before = master_data(uow, []).master
    with pytest.raises(LookupError), furnished.runtime.transaction(furnished.caller()) as uow:
        uow.run("UPDATE tenant_setting SET closed_through = '2020-12-31'")
        assert master_data(uow, []).master.settings.closed_through is not None
        raise LookupError
    with furnished.runtime.transaction(furnished.caller(), reads=True) as uow:
        assert master_data(uow, []).master == before
