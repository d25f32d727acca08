"""The search language: what it means, what it refuses, and that printing a tree gives a text with the same tree."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contor.kernel.errors import Kind, Refused
from contor.runtime.query.rsql import All, AnyOf, Comparison, Node, Value, parse, render, with_names


def comparison(field: str, operator: str, *values: str) -> Comparison:
    return Comparison.of(field, operator, *values)


A, B, C = comparison("a", "==", "1"), comparison("b", "==", "2"), comparison("c", "==", "3")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("contractId=gt=160", comparison("contractId", ">", "160")),
        ("ident==item-456", comparison("ident", "==", "item-456")),
        ("name=eq=x", comparison("name", "==", "x")),
        ("a!=1", comparison("a", "!=", "1")),
        ("a=ne=1", comparison("a", "!=", "1")),
        ("a>1", comparison("a", ">", "1")),
        ("a=ge=1", comparison("a", ">=", "1")),
        ("a>=1", comparison("a", ">=", "1")),
        ("a<1", comparison("a", "<", "1")),
        ("a=lt=1", comparison("a", "<", "1")),
        ("a=LE=1", comparison("a", "<=", "1")),
        ("a<=1", comparison("a", "<=", "1")),
        ("a=in=(x, 'y z',\"q\" )", comparison("a", "=in=", "x", "y z", "q")),
        ("a=in=x", comparison("a", "=in=", "x")),
        ("a=out=(x,y)", comparison("a", "=out=", "x", "y")),
        ("a=null=true", comparison("a", "=null=", "true")),
        ("a=like=x", comparison("a", "=like=", "x")),
        ("a==(1,2)", comparison("a", "==", "1", "2")),
        ("billing.address.country==DE", comparison("billing.address.country", "==", "DE")),
        ("a==-12.50", comparison("a", "==", "-12.50")),
        ("at>=2026-03-01T10:00:00+01:00", comparison("at", ">=", "2026-03-01T10:00:00+01:00")),
        ("a==x~y!", comparison("a", "==", "x~y!")),
        ("a==and;b==2", All((comparison("a", "==", "and"), B))),
        ("a==orange or b==2", AnyOf((comparison("a", "==", "orange"), B))),
        (" a == 1 ", A),
        ("((a==1))", A),
        ("a==1;b==2", All((A, B))),
        ("a==1 and b==2", All((A, B))),
        ("a==1 AND(b==2)", All((A, B))),
        ("a==1,b==2", AnyOf((A, B))),
        ("a==1 or b==2", AnyOf((A, B))),
        ("a==1,b==2;c==3", AnyOf((A, All((B, C))))),
        ("(a==1,b==2);c==3", All((AnyOf((A, B)), C))),
        ("a==1 ; b==2 , c==3", AnyOf((All((A, B)), C))),
        ('a==""', comparison("a", "==", "")),
        (r'a=="x\"y\\z"', comparison("a", "==", 'x"y\\z')),
        (r"a=='it\'s'", comparison("a", "==", "it's")),
        ("a=='say \"x\"'", comparison("a", "==", 'say "x"')),
        (r"a==C:\dir", comparison("a", "==", r"C:\dir")),
        ("a==Mü*", Comparison("a", "==", (Value(("Mü", "")),))),
        ("a==*", Comparison("a", "==", (Value(("", "")),))),
        ("a=='*x y*'", Comparison("a", "==", (Value(("", "x y", "")),))),
        (r"a=='50\* or so'", comparison("a", "==", "50* or so")),
        ("a=='; DROP TABLE x; --'", comparison("a", "==", "; DROP TABLE x; --")),
    ],
)
def test_a_text_means_its_tree(text: str, tree: Node) -> None:
    assert parse(text) == tree
    assert parse(render(tree)) == tree


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("", "search_malformed", "The search is malformed at its end: expected is the name of a field."),
        ("a", "search_malformed", "The search is malformed at its end: expected is an operator such as `==`."),
        ("a==", "search_malformed", "The search is malformed at its end: expected is a value."),
        ("a=1", "search_malformed", "The search is malformed at character 2: expected is an operator such as `==`."),
        ("a==1;", "search_malformed", "The search is malformed at its end: expected is the name of a field."),
        ("a==b==c", "search_malformed", "The search is malformed at character 5: expected is the end, `;` or `,`."),
        ("a==1 andb==2", "search_malformed", "The search is malformed at character 6: expected is the end, `;` or `,`."),
        ("(a==1", "search_malformed", "The search is malformed at its end: expected is `)`."),
        ("a==1)", "search_malformed", "The search is malformed at character 5: expected is the end, `;` or `,`."),
        ("a=in=()", "search_malformed", "The search is malformed at character 7: expected is a value."),
        ("a=in=(1;2)", "search_malformed", "The search is malformed at character 8: expected is `,` or `)`."),
        ("a=='x", "search_malformed", "The search is malformed at its end: expected is the closing '."),
        ("a=='x\\", "search_malformed", "The search is malformed at its end: expected is the closing '."),
        ("1==1 OR 1=1; --", "search_malformed", "The search is malformed at character 1: expected is the name of a field."),
        ("a..b==1", "search_malformed", "The search is malformed at character 2: expected is an operator such as `==`."),
        ("a==x\0", "search_malformed", "The search has a character that no text may have at character 5."),
        ("a==\ud800", "search_malformed", "The search has a character that no text may have at character 4."),
        ("a==" + "x" * 3998, "search_too_long", "A search has at most 4000 characters, this one 4001."),
        ("(" * 9 + "a==1" + ")" * 9, "search_too_deep", "A search nests at most 8 parentheses."),
        (";".join(["a==1"] * 51), "search_too_many_terms", "A search has at most 50 comparisons."),
    ],
)
def test_what_is_no_search_is_refused_with_the_place(text: str, code: str, message: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(text, "filter")
    assert refused.value.kind is Kind.INVALID
    (problem,) = refused.value.problems
    assert (problem.code, problem.message, problem.field) == (code, message, "filter")
    assert len(problem.rejected_value) <= 100
    problem.rejected_value.encode()


def test_the_limits_themselves_are_allowed() -> None:
    assert parse("(" * 8 + "a==1" + ")" * 8) == A
    assert parse("a==" + "x" * 3997) == comparison("a", "==", "x" * 3997)
    tree = parse(",".join(["a==1"] * 50))
    assert isinstance(tree, AnyOf)
    assert len(tree.terms) == 50


def test_names_can_be_translated() -> None:
    assert with_names(parse("(x==1,b==2);c==3"), lambda name: {"x": "a"}.get(name, name)) == All((AnyOf((A, B)), C))


NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,5}(\.[a-z_]{1,4}){0,2}", fullmatch=True)
TEXTS = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff"), max_size=8)
VALUES = st.lists(TEXTS, min_size=1, max_size=3).map(lambda parts: Value(tuple(parts)))
OPERATORS = st.sampled_from(["==", "!=", ">", ">=", "<", "<=", "=in=", "=out=", "=null=", "=like="])
COMPARISONS = st.builds(Comparison, NAMES, OPERATORS, st.lists(VALUES, min_size=1, max_size=3).map(tuple))


def _junctions(terms: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(terms, min_size=2, max_size=3).map(tuple)
    return st.builds(All, several) | st.builds(AnyOf, several)


TREES: st.SearchStrategy[Node] = st.recursive(COMPARISONS, _junctions, max_leaves=8)


@given(TREES)
def test_printing_and_reading_a_tree_gives_the_same_tree(tree: Node) -> None:
    assert parse(render(tree)) == tree


@given(st.text(max_size=60) | st.text("ab=!<>()'\";,*\\ ." + string.digits, max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        tree = parse(text)
    except Refused:
        return
    assert parse(render(tree)) == tree
