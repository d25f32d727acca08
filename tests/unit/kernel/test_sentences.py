"""What is said of a field, and how many of something."""

import pytest

from contor.kernel.errors import Problem
from contor.kernel.money import counted


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("is after today (2026-03-31)", "net is after today (2026-03-31)"),
        ("must not be empty", "net must not be empty"),
        ("Nothing is left.", "Nothing is left."),
        # it was "net gross 119.00 EUR less fee …"
        (
            "gross 119.00 EUR less fee 1.66 EUR is not net 117.35 EUR",
            "net: gross 119.00 EUR less fee 1.66 EUR is not net 117.35 EUR",
        ),
        ("a payment comes in", "net: a payment comes in"),
        ("the account has another use already", "net: the account has another use already"),
    ],
)
def test_a_finding_is_a_sentence_with_one_subject(message: str, said: str) -> None:
    assert Problem("any", message, "net").of("net") == said


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (counted(0, "report"), "0 reports"),
        (counted(1, "report"), "1 report"),
        (counted(2, "report"), "2 reports"),
        (counted(1, "waits for its day", "wait for their day"), "1 waits for its day"),
        (counted(3, "waits for its day", "wait for their day"), "3 wait for their day"),
    ],
)
def test_one_is_not_several(made: str, said: str) -> None:
    assert made == said
