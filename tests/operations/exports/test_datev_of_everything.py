"""The booking batch of everything that can be issued, read back as DATEV reads it: each account moves as in the ledger, to the cent."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.checkers.datev import misfits
from tests.checkers.datev_books import batches, differences, everything
from tests.factories.exports import configure_datev
from tests.factories.golden_company import GoldenCompany
from tests.factories.golden_issue import issue_all
from tests.factories.tenants import a_client, a_tenant

from contor.runtime.execute import Runtime


@pytest.fixture(scope="module")
def company(runtime: Runtime) -> GoldenCompany:
    made = GoldenCompany(a_tenant(runtime, a_client(runtime)))
    issue_all(made)
    configure_datev(made.tenant)
    return made


@pytest.fixture(scope="module")
def files(company: GoldenCompany) -> Mapping[str, bytes]:
    return everything(company.tenant)[1]


def test_every_account_moves_as_in_the_ledger(company: GoldenCompany, files: Mapping[str, bytes]) -> None:
    assert differences(company.tenant, files) == []
    assert sum(len(batch.rows) for batch in batches(files)) > 60


def test_every_line_is_of_the_published_form(files: Mapping[str, bytes], shared: Path) -> None:
    assert [misfits(shared, content) for name, content in files.items() if name.startswith("EXTF_")] == [[]]


def test_numbers_that_two_companies_gave_are_named(company: GoldenCompany) -> None:
    view, _ = everything(company.tenant)
    assert [(one.reason, one.examples) for one in view.left_out] == [("NUMBER_OF_TWO_DOCUMENTS", ("RE-2026-000001",))]


def test_reversals_have_the_mark_and_the_sides_of_the_correction(files: Mapping[str, bytes]) -> None:
    (batch,) = batches(files)
    rows = {row[10]: (row[0], row[1], row[6], row[7], row[117]) for row in batch.rows if row[10].startswith("RK-2026-00000")}
    assert rows["RK-2026-000001"] == ("59,50", "H", "10000", "8400", "1")
    assert rows["RK-2026-000004"] == ("23,80", "H", "10000", "8720", "")


@pytest.mark.parametrize(("version", "count"), [(12, 124), (9, 120)])
def test_older_versions_have_fewer_fields_and_the_same_rows(
    company: GoldenCompany, files: Mapping[str, bytes], shared: Path, version: int, count: int
) -> None:
    _, older = everything(company.tenant, format_version=version)
    (content,) = [it for name, it in older.items() if name.startswith("EXTF_")]
    (batch,), (newest,) = batches(older), batches(files)
    assert (batch.header[4], len(batch.labels)) == (str(version), count)
    assert batch.rows == [row[:count] for row in newest.rows]
    assert misfits(shared, content) == []
