"""How near an open item is to a payment that names nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contor.assignment.finding.score import AHEAD, CERTAIN, Facts, certain, likeness, normalised, score

D = Decimal


def facts(**said: object) -> Facts:
    known = {"exact": False, "known_payer": False, "payer_name": None, "names": (), "days": 60, "unique": False}
    return Facts(**{**known, **said})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "total"),
    [
        ({}, "0.000"),
        ({"exact": True}, "0.450"),
        ({"exact": True, "days": 3}, "0.500"),
        ({"exact": True, "known_payer": True}, "0.900"),
        ({"exact": True, "unique": True, "payer_name": "Muster Handel", "names": ("Muster Handel GmbH",), "days": 0}, "0.900"),
        ({"unique": True}, "0.000"),
        ({"known_payer": True, "payer_name": "A B", "names": ("A B",), "days": 0}, "0.750"),
        ({"exact": True, "known_payer": True, "unique": True, "payer_name": "A", "names": ("A",), "days": 0}, "1.000"),
    ],
)
def test_the_score(said: dict[str, object], total: str) -> None:
    assert score(facts(**said)).total == D(total)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([], False), (["0.9"], True), (["0.899"], False), (["0.95", "0.75"], True), (["0.95", "0.751"], False), (["1", "0.9"], False)],
)
def test_what_is_certain(scores: list[str], expected: bool) -> None:
    assert certain([D(it) for it in scores]) is expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller & Söhne GmbH & Co. KG", "MUELLER UND SOEHNE"),
        ("Erika Mustermann", "Mustermann, Erika"),
        ("Herr Dr. Jean-Luc Picard", "Jean Luc Picard"),
        ("Ünlü A.G.", "uenlue ag"),
    ],
)
def test_names_that_are_alike(one: str, other: str) -> None:
    assert likeness(one, [other]) == 100


def test_names_that_are_not() -> None:
    assert likeness("Meier GmbH", ["Schulze GmbH"]) < 60
    assert likeness(None, ["A"]) == likeness("GmbH", ["GmbH"]) == 0


@given(
    st.booleans(),
    st.booleans(),
    st.text(max_size=30),
    st.lists(st.text(max_size=30), max_size=3),
    st.integers(0, 999),
    st.booleans(),
)
def test_a_score_is_between_nothing_and_one(exact: bool, known: bool, name: str, names: list[str], days: int, unique: bool) -> None:
    found = score(Facts(exact, known, name, names, days, unique))
    assert 0 <= found.total <= 1
    assert (found.total >= CERTAIN) <= exact
    assert normalised(normalised(name)) == normalised(name)
    assert not certain([found.total, found.total - AHEAD + D("0.001")])
