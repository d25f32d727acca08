"""Statements of a revision's file, by parts."""

import pytest

from contor.migrations.statements import Part, parts_of, text_of

CASES = {
    "one transaction": ("A\n;;\nB\n", [Part("transaction", ("A", "B"))]),
    "parts": (
        ";; transaction\nA\n;;\nB\n;; autocommit\nC\n;; transaction\nD\n",
        [Part("transaction", ("A", "B")), Part("autocommit", ("C",)), Part("transaction", ("D",))],
    ),
    "an unmarked part first": ("A\n;; autocommit\nB", [Part("transaction", ("A",)), Part("autocommit", ("B",))]),
    "semicolons inside": (
        "DO $$ BEGIN A; ;; B; END $$\n;;\n-- ;; autocommit\nC",
        [Part("transaction", ("DO $$ BEGIN A; ;; B; END $$", "-- ;; autocommit\nC"))],
    ),
    "nothing": ("\n;;\n\n;; autocommit\n", []),
}


@pytest.mark.parametrize("name", CASES)
def test_parts(name: str) -> None:
    text, parts = CASES[name]
    assert parts_of(text) == parts
    assert parts_of(text_of(parts)) == parts
