"""Files of events: the first line names columns, every other one is an event or says why it is none."""

import datetime as dt

import pytest

from contor.usage.measured.lines import Columns, columns_of, instant_of, lines_of

HEAD = b"transactionId,eventName,timestamp,customerId,n"


@pytest.mark.parametrize(
    ("first", "found"),
    [
        (HEAD + b"\r\n", Columns(",", ("transactionId", "eventName", "timestamp", "customerId", "n"))),
        (
            b"\xef\xbb\xbfn;customerId;timestamp;eventName;transactionId",
            Columns(";", ("n", "customerId", "timestamp", "eventName", "transactionId")),
        ),
        (b"\xff\xfe", ["file_unreadable"]),
        (b"", ["column_missing"] * 4),
        (HEAD + b",n,", ["column_repeated", "column_unnamed"]),
        (HEAD + b"\rt-1,call,2026-05-12,c-1,3\r", ["file_unreadable"]),
        (HEAD + b"x" * 200_000, ["file_unreadable"]),
        (b"timestamp,timestamp", ["column_missing"] * 3 + ["column_repeated"]),
    ],
)
def test_the_first_line(first: bytes, found: object) -> None:
    said = columns_of(first)
    assert said == found if isinstance(said, Columns) else [problem.code for problem in said] == found


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (
            b"t-1,call,2026-05-12,c-1,3\n",
            {"transactionId": "t-1", "eventName": "call", "timestamp": "2026-05-12", "customerId": "c-1", "n": "3"},
        ),
        (
            b't-1,"a, ""b""",2026-05-12,c-1,\r\n',
            {"transactionId": "t-1", "eventName": 'a, "b"', "timestamp": "2026-05-12", "customerId": "c-1", "n": ""},
        ),
        (b"t-1,call\n", "line_incomplete"),
        (b't-1,"call,2026-05-12,c-1,3\n', "line_unreadable"),
        (b"\xff,call,2026-05-12,c-1,3\n", "line_unreadable"),
        (b"t-1,call,2026-05-12,c-1," + b"x" * 20_000, "line_too_long"),
        (b"t-1,call,2026-05-12,c-1,3\rt-2,call,2026-05-12,c-1,3\n", "line_unreadable"),
        (b"  \n", None),
    ],
)
def test_a_line(raw: bytes, found: object) -> None:
    columns = columns_of(HEAD)
    assert isinstance(columns, Columns)
    lines = list(lines_of(columns, iter([(2, raw)])))
    if found is None:
        assert lines == []
        return
    (line,) = lines
    assert (line.problem.code if line.problem is not None else line.values) == found


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-05-12", dt.datetime(2026, 5, 12, tzinfo=dt.UTC)),
        ("2026-05-12T10:00:00.250Z", dt.datetime(2026, 5, 12, 10, 0, 0, 250_000, tzinfo=dt.UTC)),
        ("2026-05-12T10:00:00+02:00", dt.datetime(2026, 5, 12, 8, tzinfo=dt.UTC)),
        ("yesterday", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
    ],
)
def test_a_point_in_time(text: str, at: dt.datetime | None) -> None:
    assert instant_of(text) == at
