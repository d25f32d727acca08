"""Requests that are right but for one field: it is refused in the envelope, by a name that the service knows, whatever stands in it.

A request in which everything is wrong is refused by its form and goes no further; one that is right up to one field reaches the core.
"""

import copy
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.checkers.wording import unfit
from tests.factories.fastbill import Account, filled, read_cases

from contor.api.codec import JSON
from contor.api.fastbill.names import Names, names_of
from contor.api.fastbill.services import SERVICES

CASES = {path.stem: read_cases(path.read_bytes()) for path in sorted((Path(__file__).parent / "cases").glob("*.json"))}
WRONG: tuple[Any, ...] = (
    *(None, True, 0, -1, 10**30, Decimal("0.00000000001"), Decimal("1e999999999"), Decimal("-99999999999999.99")),
    *(
        "",
        " ",
        "x",
        "\0",
        "a\r\nBcc: b@example.com",
        "\u202eabc",
        "\U0001f600" * 100,
        "z" * 20_000,
        "NaN",
        "Infinity",
        "1e400",
        "-0",
    ),
    *("0000-13-45", "9999-12-31", "0001-01-02", "<script>alert(1)</script>", "../../etc/passwd", "{{7*7}}", "=1+1", "2147483648"),
    *([], [None], [[]], ["x"], {}, {"": ""}, {"A": {"A": 1}}, [{"DESCRIPTION": "x"}], "9223372036854775807", "9223372036854775808"),
)
EACH = 10
"""Of them, at each place; which ones follows from where it is."""
BODIES = {row.service: row.body for row in SERVICES}
NAMED = re.compile("missing / invalid field: (.*)", re.DOTALL)
Place = tuple[str | int, ...]


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Everything of DATA and FILTER, at every depth."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        if at or name in ("DATA", "FILTER"):
            yield (*at, name)
            yield from places(one, (*at, name))


def with_wrong(request: Any, place: Place, wrong: Any) -> Any:
    made = copy.deepcopy(request)
    *way, last = place
    within = made
    for step in way:
        within = within[step]
    within[last] = wrong
    return made


def names(of: Names) -> set[str]:
    return {one for name, (_, inner, _) in of.fields.items() for one in (name.upper(), *(names(inner) if inner else ()))}


def written(value: Any) -> set[str]:
    """The names in a request, at every depth."""
    if isinstance(value, dict):
        return {name.upper() for name in value}.union(*map(written, value.values()))
    return set[str]().union(*map(written, value)) if isinstance(value, list) else set()


def told(account: Account, asked: Any) -> list[str]:
    answer = account.post(JSON.write(asked))
    assert answer.status_code == 200, (asked, answer.text)
    said: Any = JSON.read(answer.content)
    errors = said["RESPONSE"].get("ERRORS", [])
    assert "ERRORS" not in said["RESPONSE"] or errors
    return list(errors)


def right(service: str) -> Any:
    """The case of a service that says most."""
    fine = [case for case in CASES[service] if "ERRORS" not in case["answer"] and "bare" not in case]
    return max(fine or CASES[service], key=lambda case: len(str(case["request"])))


ALL = [(s, i) for s, cs in CASES.items() for i, c in enumerate(cs) if "ERRORS" not in c["answer"] and "bare" not in c]


@pytest.mark.parametrize(("service", "i"), ALL)
def test_whatever(account: Account, service: str, i: int) -> None:
    case = CASES[service][i]
    for step in case.get("given", ()):
        account.given(step)
    request = filled(case["request"], account.kept)
    known = names(names_of(BODIES[service])) - {""}
    for number, place in enumerate(places(request)):
        for step in range(EACH):
            asked = with_wrong(request, place, WRONG[(7 * number + 13 * step) % len(WRONG)])
            for said in told(account, asked):
                named = NAMED.fullmatch(said)
                assert named is None or named[1] in known | written(asked) - {""}, (asked, said)
                assert named or not unfit(re.sub(r"[A-Z_]{2,}", "", said)), (asked, said)
