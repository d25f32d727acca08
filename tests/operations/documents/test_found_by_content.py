"""Documents are found by what their frozen content says, also those of a release that kept nothing to find them by."""

import psycopg
from psycopg.conninfo import make_conninfo
from tests.factories.posted import a_request, post
from tests.factories.tenants import Tenant

from contor.documents.after.read import ListDocuments, list_documents
from contor.documents.issue.issuing import IssueWaiting, issue_waiting
from contor.documents.said import say_late
from contor.runtime.postgres.home import SUPERUSER
from contor.runtime.query import ListQuery
from contor.runtime.query.rsql import parse


def found(tenant: Tenant, search: str) -> int:
    return tenant.execute(list_documents, ListDocuments(query=ListQuery(where=parse(search)))).total


def issued(tenant: Tenant) -> None:
    for number, language in enumerate(("de", "en", "en"), 1):
        post(tenant, a_request(number, language=language))
    tenant.execute(issue_waiting, IssueWaiting(limit=10))


def test_by_the_name_and_language_that_stand_on_them(furnished: Tenant) -> None:
    issued(furnished)
    (customer,) = furnished.rows("SELECT DISTINCT customer_name, invoice_address_ident FROM document_said")
    with furnished.runtime.transaction(furnished.caller()) as uow:
        uow.run("UPDATE customer SET company = 'Ganz anders AG'")
    assert found(furnished, f"customer.name=='{customer.customer_name}'") == 3
    assert found(furnished, "customer.name=='Ganz anders AG'") == 0
    assert (found(furnished, "language==en"), found(furnished, "language!=en")) == (2, 1)
    assert found(furnished, f"customerDetail.invoiceAddressIdent=={customer.invoice_address_ident};totals.prepaid<1") == 3
    assert furnished.broken() == []


def test_what_a_release_before_issued_is_found_later(furnished: Tenant, database_dsn: str) -> None:
    issued(furnished)
    with psycopg.connect(make_conninfo(database_dsn, user=SUPERUSER)) as owner:
        owner.execute("DELETE FROM document_said WHERE tenant_id = %s", (furnished.id,))
    assert found(furnished, "language==en") == 0
    assert not furnished.execute(say_late, None)
    assert found(furnished, "language==en") == 2
    assert not furnished.execute(say_late, None)
    assert furnished.broken() == []
