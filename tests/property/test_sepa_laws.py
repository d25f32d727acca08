"""Laws of SEPA files over random transactions: what is written passes the banks' schemas, nothing is lost, nothing is written twice."""

import datetime as dt
import os
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.checkers.sepa_files import judged, sums, values
from tests.factories.sepa import RUN, a_debit, a_transfer, our_account

from contor.kernel.days import is_target_day
from contor.payments.sepa import Address, Amendment, Notice, collection_date, transliterated, write_debits, write_transfers
from contor.payments.sepa.characters import ALPHABET

EXAMPLES = int(os.environ.get("CONTOR_EXAMPLES", "100"))
GOOD_IBANS = ["DE89370400440532013000", "AT611904300234573201", "FR1420041010050500013M02606", "CH9300762011623852957"]
IBANS = st.sampled_from([*GOOD_IBANS, "GB29NWBK60161331926819", "DE02120300000000202052", "XX"])
TEXTS = st.one_of(st.text(max_size=160), st.text(alphabet="äöüÄÖÜßé&-/ abcABC12€", max_size=160))
REFERENCES = st.text(alphabet=ALPHABET, min_size=0, max_size=37)
AMOUNTS = st.decimals(min_value=Decimal("-1"), max_value=Decimal("1100000000"), places=2)
DAYS = st.dates(dt.date(2026, 11, 28), dt.date(2026, 12, 18))
ADDRESSES = st.none() | st.builds(
    Address,
    TEXTS.map(lambda text: text[:40]),
    st.sampled_from(["CH", "GB", "DE"]),
    st.none() | TEXTS.map(lambda text: text[:80]),
    st.none() | st.text(max_size=20),
    st.none() | st.text(max_size=20),
)
ORDERS = st.fixed_dictionaries(
    {
        "amount": st.one_of(AMOUNTS, st.just(Decimal("1.00"))),
        "name": st.one_of(TEXTS, st.just("Kunde")),
        "text": st.one_of(TEXTS, st.just("Rechnung")),
        "iban": st.one_of(IBANS, st.just("DE02120300000000202051")),
        "bic": st.sampled_from([None, "BYLADEM1001", "UBSWCHZH80A", "BAD"]),
        "on": st.one_of(DAYS, st.just(dt.date(2026, 12, 3))),
        "reference": st.one_of(REFERENCES, st.uuids().map(lambda made: made.hex)),
        "address": ADDRESSES,
    }
)
DEBITS = st.fixed_dictionaries(
    {
        "mandate_reference": st.one_of(REFERENCES, st.just("M-1")),
        "scheme": st.sampled_from(["CORE", "B2B"]),
        "sequence": st.sampled_from(["RCUR", "FRST", "OOFF", "FNAL"]),
        "creditor_identifier": st.sampled_from(["DE98ZZZ09999999999", "DE98ABC09999999999", "DE97ZZZ09999999999"]),
        "amendment": st.none()
        | st.builds(Amendment, st.none() | REFERENCES, st.none(), st.none() | TEXTS, st.none() | IBANS, st.none(), st.booleans()),
    }
)
SETTINGS = st.fixed_dictionaries(
    {
        "most_per_group": st.integers(1, 4),
        "most_per_file": st.integers(1, 6),
        "batch_booking": st.booleans(),
        "addresses": st.sampled_from(["NONE", "STRUCTURED"]),
        "address_lines": st.integers(0, 2),
        "name_cutting": st.sampled_from([None, "^.{1,70}", "[0-9]+"]),
        "text_cutting": st.sampled_from([None, "^.{1,140}"]),
        "debit_version": st.sampled_from(["pain.008.001.08", "pain.008.001.02"]),
        "transfer_version": st.sampled_from(["pain.001.001.09", "pain.001.001.03"]),
        "instant": st.booleans(),
    }
)


def holds(written: Any, orders: list[Any], said: dict[str, Any]) -> None:
    """Every transaction is in one file, or is named once with why not; each file is one, and says of itself what is in it."""
    inside = []
    for file in written.files:
        root = judged(file.content, file.version)
        assert sums(root)[0] == (file.count, file.total)
        assert values(root, "EndToEndId") == [one for group in file.groups for one in group.references]
        assert file.count <= said["most_per_file"]
        assert all(group.count <= said["most_per_group"] for group in file.groups)
        assert all(set(text) <= set(ALPHABET) for text in (*values(root, "Nm"), *values(root, "Ustrd")))
        inside += [one for group in file.groups for one in group.references]
    out = {left.index for left in written.left_out}
    assert all(left.problems for left in written.left_out)
    assert sorted(inside) == sorted(order.reference for n, order in enumerate(orders) if n not in out)
    assert len(set(inside)) == len(inside)
    idents = [file.ident for file in written.files] + [group.ident for file in written.files for group in file.groups]
    assert len(set(idents)) == len(idents)


@given(st.lists(st.tuples(ORDERS, DEBITS), max_size=12), SETTINGS)
@settings(deadline=None, max_examples=EXAMPLES)
def test_debits(rows: list[tuple[dict[str, Any], dict[str, Any]]], said: dict[str, Any]) -> None:
    debits = [a_debit(**order, **debit) for order, debit in rows]
    holds(write_debits(debits, our_account(**said), RUN), debits, said)


@given(st.lists(ORDERS, max_size=12), SETTINGS)
@settings(deadline=None, max_examples=EXAMPLES)
def test_transfers(rows: list[dict[str, Any]], said: dict[str, Any]) -> None:
    transfers = [a_transfer(**order) for order in rows]
    holds(write_transfers(transfers, our_account(**said), RUN), transfers, said)


@given(st.text())
def test_what_is_transliterated_is_in_the_set_and_stays(text: str) -> None:
    written = transliterated(text)
    assert set(written) <= set(ALPHABET)
    assert transliterated(written) == written


@given(
    st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31)),
    st.integers(0, 3 * 365 * 24).map(lambda hours: dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=hours)),
    st.integers(0, 10),
    st.integers(0, 24),
    st.none() | st.builds(Notice, st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31)), st.integers(0, 60)),
)
def test_a_collection_is_never_early_and_on_an_open_day(
    due: dt.date, now: dt.datetime, lead: int, hour: int, notice: Notice | None
) -> None:
    found = collection_date(due, now, our_account(lead_days=lead, cut_off_hour=hour).settings, notice)
    assert is_target_day(found.on)
    assert found.on >= due
    assert found.on >= now.date()
    assert notice is None or found.on >= notice.given_on + dt.timedelta(days=notice.days)
    assert (found.moved is None) is (found.on == due)
