"""A company that collects, and one with an account at the bank of the sample files, on a day on which they are news."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company
from tests.factories.creditors import Creditor
from tests.factories.statements import OWN, Reader
from tests.factories.tenants import Tenant

NOON = dt.datetime(2026, 11, 3, 12, tzinfo=dt.UTC)


@pytest.fixture
def creditor(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    return Creditor(furnished, client, bearer(furnished)).furnish()


@pytest.fixture
def company(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Company:
    made = Company(furnished, client, bearer(furnished))
    furnished.turn_clock(NOON)
    made.open_bank(**OWN)
    return made


@pytest.fixture
def reader(company: Company) -> Reader:
    return Reader(company)


@pytest.fixture
def watched(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(company.tenant.runtime, "config", replace(company.tenant.runtime.config, statements=tmp_path))
    folder = tmp_path / company.tenant.realm
    folder.mkdir()
    (tmp_path / "no-realm").mkdir()
    return folder
