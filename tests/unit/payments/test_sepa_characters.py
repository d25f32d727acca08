"""The characters of SEPA (money reference 2.1): what each letter becomes, and that nothing is cut unless somebody said how."""

import pytest

from contor.payments.sepa import transliterated
from contor.payments.sepa.characters import fitted


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Jürgen Groß & Söhne", "Juergen Gross + Soehne"),
        ("MÜLLER", "MUELLER"),
        ("Ü", "Ue"),
        ("Übung", "Uebung"),
        ("GRÖẞE", "GROESSE"),
        ("Jürgen", "Juergen"),  # u and a combining diaeresis
        ("Łódź, Ærø, Þór, đ", "Lodz, Aero, Thor, d"),
        ("çéèêñãåıİ", "ceeenaaiI"),
        ("ﬁnanz № ½", "finanz No 1.2"),
        ("a\tb\n c\u00a0d", "a b c d"),
        ("„Haus“ – ‚Hof‘", "'Haus' - 'Hof'"),
        ("5 €, 3 % [x] {y} a_b;c!", "5 EUR, 3 pct (x) (y) a-b,c."),
        ("info@elbe.example", "info(at)elbe.example"),
        ("名前", ".."),
        ("Иван", "...."),
        ("a\u200bb\u00adc", "abc"),
        ("", ""),
    ],
)
def test_what_is_written(text: str, written: str) -> None:
    assert transliterated(text) == written


def test_a_text_is_cut_by_a_pattern_alone() -> None:
    assert fitted("ü" * 35, 70, None, "name") == ("ue" * 35, [])
    (_, (problem,)) = fitted("ü" * 36, 70, None, "name")
    assert (problem.code, problem.field) == ("text_too_long", "name")
    assert fitted("ü" * 36, 70, "^.{1,70}", "name") == ("ue" * 35, [])
    assert fitted("Elbe Grundstuecksgesellschaft mbH", 25, r"^Elbe\b", "name") == ("Elbe", [])
