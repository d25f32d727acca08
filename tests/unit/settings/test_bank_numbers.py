"""IBAN and BIC: what is wrong with one is said in words."""

import pytest
from pydantic import TypeAdapter, ValidationError
from tests.checkers.wording import unfit

from contor.runtime.refusals import problems_of
from contor.settings.identifiers import Bic, Iban


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        (Iban, "DE02120300000000202052", "is not a valid IBAN: its check digits are wrong"),
        (Iban, "DE0212030000000020205", "is not a valid IBAN: it is too short or too long"),
        (Iban, "DE0212030000000020205X", "is not a valid IBAN: letters or digits stand where it has none"),
        (Iban, "XX02120300000000202051", "is not a valid IBAN: no country has this code"),
        (Bic, "BYLADEM10", "is not a valid BIC: it is too short or too long"),
        (Bic, "BYLAXXM1001", "is not a valid BIC: no country has this code"),
    ],
)
def test_a_number_of_a_bank_that_cannot_be(kind: object, text: str, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(text)
    (problem,) = problems_of(refused.value)
    assert (problem.message, problem.rejected_value) == (words, text)
    assert not unfit(problem.message)
