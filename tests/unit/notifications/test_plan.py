"""What becomes of a notification after a try."""

import datetime as dt

import pytest

from contor.notifications.delivering.plan import Next, after, is_tried_again, pause_asked
from contor.notifications.types import Policy

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
USUAL = Policy(resends=3, first_pause_seconds=10, within_hours=24)
GIVEN_UP, DELIVERED = Next("FAILED", None), Next("DELIVERED", None)


def waits(seconds: int) -> Next:
    return Next("WAITING", NOW + dt.timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("status", "again"),
    [
        *((status, True) for status in (None, 500, 502, 503, 504, 599, 408, 409, 425, 429)),
        *((status, False) for status in (301, 302, 307, 400, 401, 403, 404, 405, 410, 413, 422, 428, 451)),
    ],
)
def test_faults_of_the_receiver_and_what_passes_are_tried_again_refusals_are_not(status: int | None, again: bool) -> None:
    assert is_tried_again(status, USUAL) is again
    assert after(status, 1, NOW, NOW, USUAL) == (waits(10) if again else GIVEN_UP)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_what_is_taken_is_delivered_however_often_it_was_tried(status: int) -> None:
    assert after(status, 99, NOW - dt.timedelta(days=9), NOW, USUAL) == DELIVERED


@pytest.mark.parametrize(
    ("tries", "policy", "wanted"),
    [
        (1, USUAL, waits(10)),
        (2, USUAL, waits(40)),
        (3, USUAL, waits(160)),
        (4, USUAL, GIVEN_UP),
        (1, USUAL._replace(resends=0), GIVEN_UP),
        (1, USUAL._replace(first_pause_seconds=3600), waits(3600)),
        (2, USUAL._replace(first_pause_seconds=3600), waits(14400)),
        (3, USUAL._replace(first_pause_seconds=3600), waits(21600)),
        (20, USUAL._replace(resends=20), waits(21600)),
    ],
)
def test_pauses_grow_fourfold_up_to_six_hours(tries: int, policy: Policy, wanted: Next) -> None:
    assert after(503, tries, NOW, NOW, policy) == wanted


@pytest.mark.parametrize(("hours_ago", "wanted"), [(17, waits(21600)), (18, waits(21600)), (19, GIVEN_UP)])
def test_nothing_is_sent_again_beyond_the_hours_of_the_route(hours_ago: int, wanted: Next) -> None:
    assert after(503, 10, NOW - dt.timedelta(hours=hours_ago), NOW, USUAL._replace(resends=20)) == wanted


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("5", waits(10)),
        ("60", waits(60)),
        ("0060", waits(60)),
        ("3600", waits(3600)),
        ("86400", waits(3600)),
        ("9" * 30, waits(3600)),
        ("9" * 5_000, waits(3600)),
        ("0" * 5_000, waits(10)),
        ("-60", waits(10)),
        ("\xb2", waits(10)),
        ("Wed, 21 Oct 2026 07:28:00 GMT", waits(10)),
        ("", waits(10)),
    ],
)
def test_a_receiver_may_ask_for_a_longer_pause_of_an_hour_at_most(said: str, wanted: Next) -> None:
    assert after(429, 1, NOW, NOW, USUAL, pause_asked(said)) == wanted


@pytest.mark.parametrize("status", [None, 301, 400, 401, 404, 410, 500])
def test_where_no_refusal_is_final_anything_but_2xx_is_tried_again_at_even_pauses(status: int | None) -> None:
    policy = Policy(resends=5, first_pause_seconds=600, within_hours=24, grows_by=1, are_refusals_final=False)
    assert [after(status, tries, NOW, NOW, policy, 3600) for tries in range(1, 7)] == [waits(600)] * 5 + [GIVEN_UP]
