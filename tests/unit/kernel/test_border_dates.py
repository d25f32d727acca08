"""Days and instants at the border: without an offset an instant is one of UTC, and 9999-12-31 is no end."""

import datetime as dt

import pytest

from contor.customers.types import BillingStop
from contor.runtime.execute import validated
from contor.usage.types import UsageBody


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2031-03-30T02:30:00", "2031-03-30T02:30:00+00:00"),
        ("2031-03-30T02:30:00Z", "2031-03-30T02:30:00+00:00"),
        ("2031-12-31T23:30:00+02:00", "2031-12-31T21:30:00+00:00"),
    ],
)
def test_an_instant_without_offset_is_one_of_utc(written: str, meant: str) -> None:
    body = {"usage_ident": "u", "contract_ident": "v", "option_ident": "o", "start_date": written, "unit_quantity": 1}
    assert validated(UsageBody, body).start_date.astimezone(dt.UTC).isoformat() == meant


@pytest.mark.parametrize(("written", "meant"), [("9999-12-31", None), (None, None), ("2031-12-31", dt.date(2031, 12, 31))])
def test_the_end_of_time_is_no_end(written: str | None, meant: dt.date | None) -> None:
    assert validated(BillingStop, {"until": written}).until == meant
