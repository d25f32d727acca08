"""Little work of a stream waits for more, for a moment; what comes alone, was planned, or is much never does."""

from contor.runtime.work.gathering import AWAY_SECONDS, ENOUGH, STILL_SECONDS, STREAM, STREAM_SECONDS, Gathering, Marked


def found(marks: int = 3, *, tenant: int = 1, waited: float = 0.0, is_planned: bool = False, failures: int = 0) -> Marked:
    return Marked(tenant, list(range(marks)), failures, waited, is_planned)


def in_a_stream() -> Gathering:
    """One that looked at several marks of tenant 1 at the second 100."""
    gathering = Gathering(0.3)
    assert gathering.ripe([found(STREAM)], 100.0) == [found(STREAM)]  # the first after quiet waits for nothing
    gathering.looked(found(STREAM), 100.0)
    return gathering


def test_what_comes_in_a_stream_waits_for_more_until_nothing_comes() -> None:
    gathering, now = in_a_stream(), 100.0
    for marks in (1, 2, 3):
        now += 0.8 * STILL_SECONDS
        assert gathering.ripe([found(marks)], now) == []
        assert gathering.waits
    assert gathering.ripe([found(3)], now + STILL_SECONDS) == [found(3)]
    assert not gathering.waits


def test_it_waits_no_longer_than_it_may_nor_for_more_than_enough() -> None:
    for ripe in (found(waited=0.3), found(ENOUGH), found(1, is_planned=True), found(failures=1)):
        assert in_a_stream().ripe([ripe], 100.1) == [ripe]
    assert in_a_stream().ripe([found(ENOUGH - 1, waited=0.29)], 100.1) == []


def test_after_quiet_and_alone_nothing_waits() -> None:
    later = 100.0 + STREAM_SECONDS
    assert in_a_stream().ripe([found()], later) == [found()]
    few = Gathering(0.3)
    few.looked(found(STREAM - 1), 100.0)  # of callers who wait for the answer before they send more
    assert few.ripe([found(1)], 100.1) == [found(1)]
    none = Gathering(0.0)
    none.looked(found(STREAM), 100.0)
    assert none.ripe([found()], 100.0) == [found()]


def test_who_gathers_holds_up_no_other() -> None:
    other = found(1, tenant=2)
    assert in_a_stream().ripe([found(), other], 100.1) == [other]


def test_where_another_worker_is_it_is_looked_again_soon() -> None:
    gathering = Gathering(0.3)
    gathering.is_elsewhere(found(), 100.0)
    assert gathering.ripe([found(), found(tenant=2)], 100.0) == [found(tenant=2)]
    assert not gathering.waits
    assert gathering.ripe([found()], 100.0 + AWAY_SECONDS) == [found()]
