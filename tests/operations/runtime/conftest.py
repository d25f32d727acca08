"""The fixtures of the thing of no business."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import Table
from tests.factories.things import THING, ThingsMade

from contor.kernel.events import FOLLOWERS, HANDLERS
from contor.runtime.schema import create_statements


@pytest.fixture(scope="module")
def thing_table(database_dsn: str) -> Iterator[Table]:
    """The table, there only for the tests of one file."""
    with psycopg.connect(database_dsn, autocommit=True) as connection:
        for statement in create_statements([THING]):
            connection.execute(statement)
        yield THING
        connection.execute("DROP TABLE a_thing")


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What runs inside the transaction that emits `ThingsMade`; empty at the start."""
    made: list[Any] = []
    monkeypatch.setitem(HANDLERS, ThingsMade, made)
    return made


@pytest.fixture
def followers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What runs after `ThingsMade`, as a job."""
    made: list[Any] = []
    monkeypatch.setitem(FOLLOWERS, ThingsMade, made)
    return made
