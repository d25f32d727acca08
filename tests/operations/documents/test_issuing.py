"""From a request to a document with number, open item, entries and files."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.companies import day_here
from tests.factories.posted import a_request, post
from tests.factories.tenants import Tenant

from contor.bookkeeping.entries import list_entries
from contor.bookkeeping.entries.booking_entries import ListEntries
from contor.documents.after import ArchiveDocuments, ReadRequest, archive, get_document, get_request
from contor.documents.after.read import ReadDocument
from contor.documents.issue.issuing import IssueWaiting, issue_waiting
from contor.kernel.errors import Kind, Refused
from contor.kernel.shapes import replace
from contor.runtime.execute import validated
from contor.runtime.query import ListQuery
from contor.runtime.query.rsql import parse
from contor.runtime.resource import Keyed, Listed, Written
from contor.settings.groups import BILLING_GROUPS, CreateGroup, GroupCreation, create_group
from contor.settings.sites import OPERATING_SITES

D = Decimal


def changeable(site: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in site.items() if name in OPERATING_SITES.creation.model_fields}


def test_a_requested_invoice_is_issued_booked_and_archived(furnished: Tenant) -> None:
    post(furnished, a_request())
    outcome = furnished.execute(issue_waiting, IssueWaiting(limit=10))
    assert outcome.completed == ("r-1",)
    view = furnished.execute(get_document, ReadDocument(document_ident=f"RE-{day_here()[:4]}-000001"))
    assert (view.totals.net, view.totals.tax, view.totals.gross) == (Decimal("30.00"), Decimal("5.70"), Decimal("35.70"))
    assert view.outstanding == Decimal("35.70")
    lines = furnished.rows("SELECT account, side, amount FROM journal_line ORDER BY position")
    assert [(line.account, line.side, line.amount) for line in lines] == [
        (10000, "D", Decimal("35.7000")),
        (8400, "C", Decimal("30.0000")),
        (1776, "C", Decimal("5.7000")),
    ]
    numbers = furnished.rows("SELECT id FROM document")
    made = furnished.execute(archive, ArchiveDocuments(document_ids=(numbers[0].id,)))
    assert (made.documents, made.files) == (1, 3)
    files = furnished.rows("SELECT type, sendable, findings FROM document_file ORDER BY type")
    assert [(f.type, f.sendable) for f in files] == [("CII", True), ("PDF", True), ("UBL", True)]
    assert furnished.broken() == []


def test_postings_are_found_by_the_tax_date_of_their_rows(furnished: Tenant) -> None:
    row = a_request().items[0]
    days = (dt.date(2026, 1, 31), dt.date(2026, 10, 31))
    post(furnished, a_request(items=[replace(row, ident=f"i-{day:%m}", delivery_date=day) for day in days]))
    furnished.execute(issue_waiting, IssueWaiting(limit=10))
    for day, expected in zip(
        days, ([(8400, D(30)), (1776, D("5.7"))], [(10000, D("71.4")), (8400, D(30)), (1776, D("5.7"))]), strict=True
    ):
        found = furnished.execute(list_entries, ListEntries(ListQuery(where=parse(f"tax_date=={day}"))))
        assert sorted((it.account, it.amount, it.tax_date) for it in found.items) == sorted((*it, day) for it in expected)
    assert furnished.broken() == []


def test_a_repeated_request_id_is_refused_and_creates_nothing(furnished: Tenant) -> None:
    post(furnished, a_request())
    with pytest.raises(Refused) as refused:
        post(furnished, a_request())
    assert refused.value.kind is Kind.CONFLICT
    furnished.execute(issue_waiting, IssueWaiting(limit=10))
    with pytest.raises(Refused):
        post(furnished, a_request())
    assert [row.count for row in furnished.rows("SELECT count(*) FROM document")] == [1]


def test_every_finding_at_once_and_the_request_id_stays_free(furnished: Tenant) -> None:
    wrong = a_request(
        billing_group_ident="nowhere", customer_detail={"customer_ident": "nobody", "invoice_address_ident": "x"}, currency="USD"
    )
    with pytest.raises(Refused) as refused:
        post(furnished, wrong)
    assert len(refused.value.problems) >= 3
    assert furnished.rows("SELECT 1 FROM document_request") == []
    post(furnished, a_request())


def test_numbers_have_no_gap_over_many_documents(furnished: Tenant) -> None:
    for number in range(60):
        post(furnished, a_request(number))
    outcome = furnished.execute(issue_waiting, IssueWaiting(limit=100))
    assert len(outcome.completed) == 60
    values = [row.number_value for row in furnished.rows("SELECT number_value FROM document ORDER BY number_value")]
    assert values == list(range(1, 61))
    assert furnished.broken() == []


def test_what_changed_since_the_request_was_accepted_counts_when_it_is_issued(furnished: Tenant) -> None:
    post(furnished, a_request(1))
    (site,) = furnished.execute(OPERATING_SITES.list, Listed((), ListQuery())).items
    furnished.execute(OPERATING_SITES.update, Written((site["ident"],), {**changeable(site), "small_business": True}))
    assert furnished.execute(issue_waiting, IssueWaiting(limit=10)).failed == ("r-1",)
    state = furnished.execute(get_request, ReadRequest(request_id="r-1"))
    assert [(e.code, e.field) for e in state.errors] == [("small_business_shows_tax", "items[0].taxDetail.taxes[0].rate")]
    assert furnished.rows("SELECT 1 FROM document") == []
    assert furnished.broken() == []


def test_master_data_of_issued_documents_cannot_be_deleted(furnished: Tenant) -> None:
    (site,) = furnished.execute(OPERATING_SITES.list, Listed((), ListQuery())).items
    group = {"name": "Second", "billing": "EXTERNAL_BILLING", "billing_group_ident": "second"}
    segments = [{"segment_ident": "s-2", "name": "Second"}]
    regions = [{"languages": ["de"]}]
    locale = [{"country": "DE", "regions": regions, "default_language": "de", "fallback_language": "de"}]
    body = validated(GroupCreation, {**group, "business_segments": segments, "locale_configuration": locale})
    furnished.execute(create_group, CreateGroup(body))
    second = {**changeable(site), "ident": "second", "default": False}
    furnished.execute(OPERATING_SITES.create, Written((), second))
    post(furnished, a_request(1, billing_group_ident="second", operating_site_ident="second"))
    furnished.execute(issue_waiting, IssueWaiting(limit=10))
    for stored in (OPERATING_SITES, BILLING_GROUPS):
        with pytest.raises(Refused) as refused:
            furnished.execute(stored.delete, Keyed(("second",)))
        assert (refused.value.kind, refused.value.problems[0].code) == (Kind.CONFLICT, f"{stored.name}_in_use")
