"""SQL that counts the events of periods: the filter, the groups and the aggregation of a measurement, for many contracts at once. What is
said by callers is a parameter. Pure.

A value is a number, or a text that is one; an event without such a value has none to add, nor a highest or latest. A level
(WEIGHTED_SUM) is the sum of all that was added since the contract began, each for the part of the period in which it held.
"""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from contor.catalogue.measures.types import Measurement
from contor.usage.measured.types import NUMBER

Span = tuple[dt.datetime, dt.datetime]
"""[since, until)"""
_SAID = "properties ->> %(property)s"
_VALUE = (
    f"CASE jsonb_typeof(properties -> %(property)s) WHEN 'number' THEN ({_SAID})::numeric"
    f" WHEN 'string' THEN CASE WHEN {_SAID} ~ '^{NUMBER}$' THEN ({_SAID})::numeric END END"
)
_OF = {
    "SUM": "sum(v)",
    "COUNT": "count(*)::numeric",
    "MAX": "max(v)",
    "LAST": "(array_agg(v ORDER BY occurred_at DESC, transaction_id DESC) FILTER (WHERE v IS NOT NULL))[1]",
    "UNIQUE_COUNT": "count(DISTINCT u)::numeric",
    "WEIGHTED_SUM": "sum(v * extract(epoch FROM d.until - greatest(occurred_at, d.since))) / extract(epoch FROM d.until - d.since)",
}
_WANTED = (
    "unnest(%(contracts)s::bigint[], %(options)s::text[], %(customers)s::text[], %(begins)s::timestamptz[], %(sinces)s::timestamptz[],"
    " %(untils)s::timestamptz[], %(taken)s::text[]) AS d(contract, option, customer, begin, since, until, taken)"
)


class Wanted(NamedTuple):
    """A period of a contract whose events are counted for an option."""

    contract_id: int
    option_ident: str
    customer_ident: str
    begin: dt.datetime
    """When the contract began."""
    span: Span
    taken: tuple[Span, ...]
    """In which another contract of the customer counts what names none."""


def counting(measurement: Measurement, wanted: Sequence[Wanted], *, each: bool = False) -> tuple[str, dict[str, object]]:
    """The statement that answers rows of `Counted`, in the order of contracts, options and groups. `each`: every event is a group of its
    own, by its transaction id behind the values of the others."""
    condition, parameters = _condition(measurement)
    groups = [f"properties ->> %(group{index})s" for index in range(len(measurement.groups))]
    parameters |= {f"group{index}": name for index, name in enumerate(measurement.groups)} | _arrays(measurement, wanted)
    parameters["property"] = measurement.property
    value = "NULL::numeric" if measurement.property is None else _VALUE
    unique = _SAID if measurement.aggregation == "UNIQUE_COUNT" else "NULL::text"
    groups += ["transaction_id"] if each else []
    keys = ", ".join(f"g{index}" for index in range(len(groups)))
    named = "".join(f", {group} AS g{index}" for index, group in enumerate(groups))
    # in two steps: what an event is worth is worked out once
    inner = (
        f'SELECT ARRAY[{keys}]::text[] AS "group", round({_OF[measurement.aggregation]}, 4) AS quantity, count(*) AS events,'
        f" max(occurred_at) AS last_at FROM (SELECT occurred_at, transaction_id, {value} AS v, {unique} AS u{named}"
        f" FROM usage_event WHERE {condition}) e{f' GROUP BY {keys}' if groups else ' HAVING count(*) > 0'}"
    )
    answered = 'd.contract AS contract_id, d.option AS option_ident, c."group", c.quantity, c.events, c.last_at'
    return f"SELECT {answered} FROM {_WANTED}, LATERAL ({inner}) c ORDER BY 1, 2, 3", parameters


def how_many(measurement: Measurement, wanted: Sequence[Wanted]) -> tuple[str, dict[str, object]]:
    """The statement that answers how many events count: rows of contract, option and their number."""
    condition, parameters = _condition(measurement)
    inner = f"SELECT count(*) AS events FROM usage_event WHERE {condition}"
    sql = f"SELECT d.contract AS contract_id, d.option AS option_ident, c.events FROM {_WANTED}, LATERAL ({inner}) c"
    return sql, parameters | _arrays(measurement, wanted)


# helpers in calling order


def _condition(measurement: Measurement) -> tuple[str, dict[str, object]]:
    parameters: dict[str, object] = {"event": measurement.event_name}
    # a level holds on from before the period
    terms = [
        "customer_ident = d.customer AND event_name = %(event)s AND occurred_at >= d.begin AND occurred_at < d.until",
        "CASE WHEN contract_id IS NULL THEN NOT (d.taken::tstzmultirange @> occurred_at) ELSE contract_id = d.contract END",
    ]
    for index, one in enumerate(measurement.filters):
        holds = f"coalesce(properties ->> %(filter{index})s = ANY (%(values{index})s::text[]), false)"
        terms.append(f"NOT {holds}" if one.excluded else holds)
        parameters |= {f"filter{index}": one.property, f"values{index}": list(one.values)}
    return " AND ".join(terms), parameters


def _arrays(measurement: Measurement, wanted: Sequence[Wanted]) -> dict[str, object]:
    is_level = measurement.aggregation == "WEIGHTED_SUM"
    return {
        "contracts": [one.contract_id for one in wanted],
        "options": [one.option_ident for one in wanted],
        "customers": [one.customer_ident for one in wanted],
        "begins": [min(one.begin, one.span[0]) if is_level else one.span[0] for one in wanted],
        "sinces": [one.span[0] for one in wanted],
        "untils": [one.span[1] for one in wanted],
        "taken": [f"{{{','.join(f'[{a.isoformat()},{b.isoformat()})' for a, b in one.taken)}}}" for one in wanted],
    }
