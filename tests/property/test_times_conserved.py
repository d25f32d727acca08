"""However times are grouped, their rows say all minutes and no more, and the money of each row is that of its minutes, rounded once."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from contor.projects.rows import Grouping, Place, Terms, Worked, grouped, row

TASKS = (None, "t-1", "t-2")
PRICES = st.decimals(0, 500, places=4, allow_nan=False)
TIMES = st.lists(
    st.tuples(st.sampled_from(TASKS), st.integers(1, 1440), st.integers(0, 60), st.sampled_from((None, "a", "b"))), min_size=1
)


def minutes_of(made: dict[str, object]) -> Decimal:
    per = 60 if made["quantity_type"] == "HOUR" else 1
    return Decimal(str(made["quantity"])) * per


@given(TIMES, st.tuples(PRICES, PRICES, PRICES), st.sampled_from(("TASK", "ENTRY")))
def test_minutes_and_money_are_conserved(
    times: list[tuple[str | None, int, int, str | None]], prices: tuple[Decimal, Decimal, Decimal], by: Grouping
) -> None:
    first = dt.date(2026, 1, 1)
    worked = [
        Worked(place, f"w-{place}", task, first + dt.timedelta(days=day), minutes, None, article)
        for place, (task, minutes, day, article) in enumerate(times)
    ]
    terms = {task: Terms(task or "Project", price, None) for task, price in zip(TASKS, prices, strict=True)}
    groups = grouped(worked, terms, by)
    rows = [row(group, f"r-{place}", Place("EUR", "DE", None)) for place, group in enumerate(groups)]
    assert sorted(time.time_id for group in groups for time in group.times) == [time.time_id for time in worked]
    assert sum(map(minutes_of, rows)) == sum(time.billable_minutes for time in worked)
    for group, made in zip(groups, rows, strict=True):
        exact = (group.terms.hour_price or Decimal(0)) * group.minutes / 60
        cents = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert Decimal(made["prices"]["total"]["net"]) == cents
        unit, base = Decimal(made["prices"]["unit"]["net"]), Decimal(made.get("price_base_quantity", 1))
        assert (unit * Decimal(made["quantity"]) / base).quantize(Decimal("0.01"), ROUND_HALF_UP) == cents
        assert -Decimal(made["quantity"]).as_tuple().exponent <= 4
