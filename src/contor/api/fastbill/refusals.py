"""Findings in the words of FastBill: "missing / invalid field: NAME", one field in each, and sentences where it is about none. Pure."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Final

from contor.api.fastbill.spoken import field_of, said_plainly
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import replace

MOST: Final = 50
"""Of one answer."""
NOTHING: Final[Mapping[str, str]] = {}
JUDGED: Final = frozenset({Kind.INVALID, Kind.NOT_FOUND, Kind.CONFLICT, Kind.ILLEGAL_STATE})
"""What is found of what was said, not of who asks or of how the server is."""
_OF_FORM: Final = frozenset(
    {
        *(
            "missing",
            "field_unknown",
            "field_required",
            "text_expected",
            "truth_expected",
            "whole_number_expected",
            "number_expected",
        ),
        *("number_too_long", "number_too_small", "number_too_large", "number_invalid", "text_too_long", "text_too_short"),
        *(
            "text_malformed",
            "list_too_long",
            "list_too_short",
            "list_expected",
            "object_expected",
            "date_malformed",
            "word_unknown",
        ),
        *("instant_malformed", "uuid_malformed", "value_unexpected", "value_malformed", "value_invalid", "reference_unknown"),
        *("date_out_of_range", "country_unknown", "language_unknown", "file_missing", "part_missing"),
    }
)
"""Codes of findings that say no more than that a field is missing or wrong: a sentence would tell nothing new."""
_NAMED: Final[Mapping[str, str]] = {
    "customer_not_found": "CUSTOMER_ID",
    "contract_not_found": "SUBSCRIPTION_ID",
    "product_not_found": "ARTICLE_NUMBER",
    "document_not_found": "INVOICE_ID",
    "draft_not_found": "INVOICE_ID",
    "project_not_found": "PROJECT_ID",
    "recurring_document_not_found": "INVOICE_ID",
    "expense_not_found": "INVOICE_ID",
    "revenue_not_found": "INVOICE_ID",
    "offer_not_found": "ESTIMATE_ID",
}
"""The field that names a thing, where nothing is there of this name."""
_PATH = re.compile(r"[a-z]\w*(?:\[\d+\]|\.\w+)*:?")
"""A field of the core, as its sentences begin with."""
_WORD = re.compile(r"(?<=[a-z0-9])([A-Z])")


def sentences(refused: Refused) -> list[str]:
    """Every finding: first the fields, then what is to be said of some of them, and of none."""
    fields: dict[str, None] = {}
    said: dict[str, None] = {}
    for problem in refused.problems[:MOST]:
        tag = _NAMED.get(problem.code) if problem.field is None else field_of(tag_of(problem.field))
        plain = replace(problem, message=said_plainly(problem.code, problem.message))
        if problem.code == "service_unknown" or not tag:
            said[plain.message] = None
            continue
        fields[f"missing / invalid field: {tag}"] = None
        if problem.code not in _OF_FORM and problem.field is not None:
            said[plain.of(tag)] = None
    return [*fields, *said]


def tag_of(path: str) -> str:
    """`items[0].unitPrice` as `UNIT_PRICE`. Of an exchange rate its parts are none of the caller's."""
    if path.replace("_", "").lower().startswith("exchangerate"):
        return "EXCHANGE_RATE"
    leaf = re.sub(r"\[\d+\]", "", path).rstrip(".").rpartition(".")[2]
    return _WORD.sub(r"_\1", leaf).upper()[:100]


@contextmanager
def said_as(names: Mapping[str, str], called: Mapping[str, object] = MappingProxyType({})) -> Iterator[None]:
    """What the core refuses within names its own fields; the caller reads his. `names`: field of the core, in snake_case or camelCase and
    without what it lies in -> tag. `called`: ident of a thing, which the core says in its sentences -> the number by which the caller named
    it."""
    try:
        yield
    except Refused as refused:
        raise Refused(
            refused.kind,
            *(_meant(replace(one, field=_said(one.field, names)) if one.field else one, called) for one in refused.problems),
            stays=refused.stays,
        ) from refused


class Findings:
    """Of one call: each part is judged, whatever the others are, and all that is found is answered at once."""

    def __init__(self) -> None:
        self.kinds: list[Kind] = []
        self.problems: list[Problem] = []

    def add(self, *problems: Problem, kind: Kind = Kind.INVALID) -> None:
        self.kinds += [kind for _ in problems]
        self.problems += [one for one in problems if one not in self.problems]

    @contextmanager
    def kept(self, names: Mapping[str, str] = NOTHING, known: str = "") -> Iterator[None]:
        """What a part refuses is kept for `refuse`; `names`: as `said_as` takes them, `known`: code of what was found before."""
        try:
            with said_as(names):
                yield
        except Refused as refused:
            if refused.kind not in JUDGED or refused.stays:
                raise
            self.add(*(one for one in refused.problems if one.code != known), kind=refused.kind)

    def refuse(self) -> None:
        """Raises what was found."""
        if self.problems:
            raise Refused(self.kinds[0], *self.problems)


def _said(field: str, names: Mapping[str, str]) -> str:
    return names.get(tag_of(field).lower(), field)


def reason_said(reason: str, names: Mapping[str, str]) -> str:
    """A finding that the core kept as a sentence, which begins with the field that it is about, in the words of FastBill."""
    path, space, rest = reason.partition(" ")
    if not _PATH.fullmatch(path):
        return said_plainly("", reason)
    said = _said(path.rstrip(":"), names)
    tag = said if said.isupper() else field_of(tag_of(said))
    return f"{tag}{':' if path.endswith(':') else ''}{space}{said_plainly('', rest)}"


def _meant(problem: Problem, called: Mapping[str, object]) -> Problem:
    message = problem.message
    for ident, number in called.items():
        message = message.replace(repr(ident), str(number)).replace(ident, str(number))
    return problem if message == problem.message else replace(problem, message=message)


def refused(message: str, code: str = "refused", kind: Kind = Kind.ILLEGAL_STATE) -> Refused:
    """A refusal in a sentence, about no field in particular."""
    return Refused(kind, Problem(code, message))
