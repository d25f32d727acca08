"""What the checks say after the database's superuser changed something past the application; nothing of it stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.rows import namedtuple_row
from tests.factories.tenants import Tenant

from contor.kernel.checks import CHECKS
from contor.runtime.db import _prepare
from contor.runtime.postgres.home import SUPERUSER
from contor.runtime.schema import APP_ROLE
from contor.runtime.uow import Uow

OURS = "tenant_id = current_setting('contor.tenant_id')::bigint"
"""What a statement says of its rows, for nothing hides those of others from him."""


@contextmanager
def superuser(database_dsn: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(make_conninfo(database_dsn, user=SUPERUSER), row_factory=namedtuple_row) as connection:
        _prepare(connection)
        yield connection


@contextmanager
def tampered(owner: psycopg.Connection[Any], company: Tenant, *statements: str) -> Iterator[Uow]:
    """The tenant as the application sees it after the superuser did this, each to one row."""
    try:
        owner.execute("SET LOCAL session_replication_role = replica")  # no foreign key holds him back
        owner.execute("SELECT set_config('contor.tenant_id', %s, true)", (str(company.id),))
        owner.execute("SET LOCAL timezone = 'UTC'")
        for statement in statements:
            assert owner.execute(statement).rowcount == 1, statement
        owner.execute(f"SET LOCAL ROLE {APP_ROLE}")
        with company.runtime.transaction(company.caller(), reads=True) as own:
            ctx = own.ctx  # by the tenant's clock, which may be turned: months that are looked at go by it
        yield Uow(ctx, owner, company.runtime)
    finally:
        owner.rollback()


def found(uow: Uow, name: str) -> bool:
    """Whether a check says something."""
    with uow.connection.transaction(force_rollback=True):
        try:
            return bool(list(CHECKS[name](uow)))
        except Exception:  # as in `check_tenant`, a check that fails itself is a finding
            return True


def sentences(database_dsn: str, company: Tenant, name: str, *statements: str) -> list[str]:
    """What a check finds after each of these changes at once."""
    with superuser(database_dsn) as owner, tampered(owner, company, *statements) as uow:
        return list(CHECKS[name](uow))
