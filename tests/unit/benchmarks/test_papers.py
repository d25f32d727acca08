"""The benchmark of papers measures what the code does: it must not be left behind by it."""

from benchmarks.curve import picture
from benchmarks.papers import pdf, xml
from tests.factories.documents import a_document


def test_the_benchmark_of_papers_runs() -> None:
    document = a_document()
    assert [result.n for result in (pdf(document, 1), xml(document, 2))] == [1, 2]


def test_the_picture_of_the_curve_shows_every_point() -> None:
    drawn = picture({"cost_of_issuing": [(10, 0.5), (1000, 0.55)], "cost_of_a_page": [(10, 2.0), (1000, 2.0)]})
    assert drawn.count("<circle") == 4
    assert "1,000" in drawn and "(1.10)" in drawn and "(1.00)" in drawn
