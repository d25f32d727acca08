"""What rows are called that nobody named: by the instant first, so that those of one time lie together, and by chance behind it."""

import datetime as dt
import uuid

from contor.runtime.copying import in_order

START = dt.datetime(2026, 3, 29, 1, 0, 0, 1000, tzinfo=dt.UTC)


def test_later_names_are_greater() -> None:
    instants = [START + dt.timedelta(milliseconds=number) for number in (0, 1, 2, 1_000, 10**9, 10**13)]
    names = [in_order(instant, uuid.uuid4()) for instant in instants]
    assert names == sorted(names)


def test_names_of_one_instant_begin_alike_and_are_all_different() -> None:
    names = {in_order(START, uuid.uuid4()) for _ in range(1_000)}
    assert len(names) == 1_000
    assert {int(name[:13].replace("-", ""), 16) for name in names} == {1_774_746_000_001}  # milliseconds since 1970


def test_a_name_is_a_uuid_of_its_version() -> None:
    """Also of a clock that was turned far back: it has no instant to be ordered by, but is as random."""
    for instant in (START, dt.datetime(1969, 12, 31, tzinfo=dt.UTC), dt.datetime(9999, 12, 31, tzinfo=dt.UTC)):
        name = in_order(instant, uuid.uuid4())
        read = uuid.UUID(name)
        assert (str(read), read.version, read.variant) == (name, 7, uuid.RFC_4122)
