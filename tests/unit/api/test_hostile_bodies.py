"""What is refused costs little, however it is made: lengths are looked at before members, and findings end when there are enough."""

import contextlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from pydantic import ValidationError

from contor.api import exchange
from contor.api.codec import JSON, parameters, parts_of
from contor.api.exchange import shaped
from contor.api.fynn.routes import ROUTES as FYNN
from contor.api.management.routes import ROUTES as MANAGEMENT
from contor.api.platform.routes import ROUTES as PLATFORM
from contor.app import load_packages
from contor.kernel.errors import Refused
from contor.kernel.shapes import Text255, shape
from contor.runtime.execute import adapter

load_packages()
BODIES = {
    (row.body, rows is not MANAGEMENT): f"{row.method} {row.path}"
    for rows in (PLATFORM, MANAGEMENT, FYNN)
    for row in rows
    if row.body is not None
}
"""Each kind of body as one of the dialects writes it, by a route that takes it."""
MEMBERS = {"objects": b"{}", "nulls": b"null", "strange": b'{"k1":1,"k2":2,"k3":3}'}
MANY = 2000
FEW_ENOUGH = 1500
"""Findings of any body of this test: some dozen fields, each with its own list that has at most some hundred."""


@cache
def long_lists() -> list[object]:
    return [JSON.read(b"[" + b",".join([member] * MANY) + b"]") for member in MEMBERS.values()]


@cache
def deep_and_wide() -> list[object]:
    nested = b"[" + b",".join([b'{"items": [' + b",".join([b"{}"] * 60) + b"]}"] * 60) + b"]"
    wide = b"{" + b",".join(b'"k%d": 1' % number for number in range(150)) + b"}"
    return [JSON.read(raw) for raw in (nested, b'{"items": ' + nested + b"}", wide)]


def hostile(kind: Any, camel: bool) -> Iterator[object]:
    """A long list at each place where a body holds something, at its first two levels; and what is deep or wide. All of it once read."""
    yield from long_lists()
    for name in adapter(kind).json_schema(by_alias=camel).get("properties", {}):
        for members in long_lists():
            yield {name: members}
    yield from deep_and_wide()


@pytest.mark.parametrize(("kind", "camel"), BODIES, ids=BODIES.values())
def test_findings_end_when_there_are_enough(kind: Any, camel: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []

    def counting(error: ValidationError) -> list[Any]:
        counted.append(error.error_count())
        return []

    monkeypatch.setattr(exchange, "problems_of", counting)
    for content in hostile(kind, camel):
        with contextlib.suppress(Refused):
            shaped(kind, content, camel=camel)
    assert max(counted, default=0) <= FEW_ENOUGH


def test_an_object_of_too_many_names_is_not_looked_into() -> None:
    with pytest.raises(Refused, match="json_too_wide"):
        JSON.read(b"{" + b",".join(b'"k%d": 1' % number for number in range(130_000)) + b"}")


@shape
class _Member:
    name: Text255
    number: int


@shape
class _Body:
    members: tuple[_Member, ...]


def test_findings_about_members_say_which() -> None:
    members: list[Any] = [{"name": f"n{number}", "number": number} for number in range(50)]
    members[3] = {"name": "n3"}
    members[17] = {"name": "n17", "number": "17"}
    members[49] = {"name": "n49", "number": 1, "more": 2}
    with pytest.raises(Refused) as refused:
        shaped(_Body, {"members": members}, camel=True)
    found = [(problem.code, problem.field, problem.rejected_value) for problem in refused.value.problems]
    assert found == [
        ("missing", "members[3].number", None),
        ("whole_number_expected", "members[17].number", "17"),
        ("field_unknown", "members[49].more", 2),
    ]
    right = [{"name": f"n{number}", "number": number} for number in range(50)]
    made: Any = shaped(_Body, {"members": right}, camel=True)
    assert [member.number for member in made.members] == list(range(50))


FORM = "multipart/form-data; boundary=xx"
PDF = (
    b'--xx\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n--xx--'
)


@pytest.mark.parametrize(
    ("content_type", "raw", "expected"),
    [
        (FORM, PDF, [("file", "a.pdf", "application/pdf", b"%PDF")]),
        (FORM, b"preamble\r\n" + PDF + b"\r\nepilogue", [("file", "a.pdf", "application/pdf", b"%PDF")]),
        ('Multipart/Mixed; charset=x; boundary="a b"', b"--a b\r\n\r\nx\r\n--a b--", [("", None, "text/plain", b"x")]),
        (FORM, b"--xx\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--xx--", [("", None, "text/plain", b"%PDF")]),
        (FORM, b"--xx\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBE\r\nRg==\r\n--xx--", [("", None, "text/plain", b"%PDF")]),
        (
            FORM,
            b'--xx\r\ncontent-disposition: form-data; name="a;b=\\"c\\""\r\n\r\n\r\n--xx--',
            [('a;b="c"', None, "text/plain", b"")],
        ),
        ("multipart/form-data", PDF, []),
        ("application/json; boundary=xx", PDF, []),
    ],
)
def test_parts(content_type: str, raw: bytes, expected: list[Any]) -> None:
    found = parts_of(content_type, raw)
    assert [(part.name, part.file_name, part.media_type, part.content) for part in found] == expected


@pytest.mark.parametrize(
    "raw",
    [
        b"--xx\r\n\r\n" * 100_000,
        b"--xx\r\n" + b"a: b\r\n" * 100_000 + b"\r\n\r\n--xx--",
        b"--xx\r\nContent-Disposition: " + b"a;b=c;" * 1300 + b"\r\n\r\n\r\n--xx--",
        b"--xx\r\nContent-Type: multipart/mixed; boundary=yy\r\n\r\n--yy",
        b"--xx\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg\r\n--xx--",
        b"--xx\r\nContent-Transfer-Encoding: base64\r\n\r\n!JVBERg==\r\n--xx--",
        b"--xx\r\nContent-Transfer-Encoding: base64\r\n\r\n\xff\xfe\r\n--xx--",
        b"",
        b"--xx--"[:5],
    ],
)
def test_parts_that_are_none(raw: bytes) -> None:
    with pytest.raises(Refused, match="body_malformed"):
        parts_of(FORM, raw)


def test_a_multipart_within_a_part_stays_bytes() -> None:
    inner = b"Content-Type: multipart/mixed; boundary=yy\r\n\r\n" * 5000
    assert parts_of(FORM, b"--xx\r\n\r\n" + inner + b"\r\n--xx--")[0].content == inner


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('attachment; filename="a b.pdf"', {"filename": "a b.pdf"}),
        ("attachment; filename=a.pdf; filename*=UTF-8''%C3%9Cber.pdf", {"filename": "Über.pdf"}),
        ('attachment; filename="a.pdf"; filename="b.pdf"', {"filename": "a.pdf"}),
        ("attachment; filename*=klingon''x", {}),
        ("attachment", {}),
    ],
)
def test_parameters_of_a_header(header: str, expected: dict[str, str]) -> None:
    assert parameters(header) == expected


@pytest.mark.parametrize("gap", ["", " ", "\n", "\t \r"])
@pytest.mark.parametrize(
    "twice",
    [
        '{{"at"{gap}: "2026-01-01T10:00:00", "at"{gap}: 2}}',
        '{{"one": {{"a": "x:y", "b"{gap}:1, "b"{gap}:1}}}}',
        '{{"said": "\\"a\\":", "a"{gap}:1, "a"{gap}:2}}',
    ],
)
def test_a_name_that_stands_twice_is_found_beside_texts_with_colons(twice: str, gap: str) -> None:
    with pytest.raises(Refused) as refused:
        JSON.read(twice.format(gap=gap).encode())
    assert refused.value.problems[0].code == "json_name_twice"


@pytest.mark.parametrize("gap", ["", " ", "\n"])
def test_texts_with_colons_are_no_names(gap: str) -> None:
    said = f'{{"at"{gap}:"2026-01-01T10:00:00","said"{gap}:"\\"a\\":1","list":[{{"at"{gap}:"a : b"}}]}}'
    assert JSON.read(said.encode()) == {"at": "2026-01-01T10:00:00", "said": '"a":1', "list": [{"at": "a : b"}]}
