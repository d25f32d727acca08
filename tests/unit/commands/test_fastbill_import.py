"""What is compared is compared as it is meant; the report is a table that computes nothing; addresses and waits are read with care."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from contor.commands.importing.fastbill import Account, address_of
from contor.commands.importing.fastbill.comparing import customer, plain, subscription
from contor.commands.importing.fastbill.report import Finding, Outcome, write
from contor.commands.importing.fastbill.source import Source
from contor.kernel.errors import Refused
from contor.runtime.outbound import Allowed, Answer, Call, NotReached, Outbound


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5.00", 5),
        ("5", Decimal("5.0000")),
        (None, ""),
        ("0000-00-00 00:00:00", None),
        ("0", False),
        ("1", True),
        ("2026-01-15 00:00:00", "2026-01-15"),
        ("a<br>b", "a\nb"),
        ({"b": "1", "a": 2}, {"a": "2", "b": 1}),
        ([], ""),
    ],
)
def test_what_says_the_same_is_the_same(one: object, other: object) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize(("one", "other"), [("5.00", "5.01"), ("01234", "1234"), ("A", "a"), ("2026-01-15", "2026-01-16")])
def test_what_differs_differs(one: object, other: object) -> None:
    assert plain(one) != plain(other)


def test_fields_that_a_product_does_not_have_are_not_compared() -> None:
    assert list(customer({"CITY": "Hamburg"}, {"CITY": "Hamburg", "LANGUAGE_CODE": "de", "CREDIT_BALANCE": "0,00"})) == []
    assert [one.field for one in customer({"CREDIT_BALANCE": "1,50"}, {"CREDIT_BALANCE": "0,00"})] == ["CREDIT_BALANCE"]


def test_add_ons_are_compared_whatever_their_order() -> None:
    seats = {"ARTICLE_NUMBER": "seat", "QUANTITY": "3", "UNIT_PRICE": "7.5000"}
    lamps = {"ARTICLE_NUMBER": "lamp", "QUANTITY": "1", "UNIT_PRICE": "2"}
    assert list(subscription({"ADDONS": [seats, lamps]}, {"ADDONS": [lamps, {**seats, "UNIT_PRICE": "7.50"}]})) == []
    (found,) = subscription({"ADDONS": [seats]}, {"ADDONS": [{**seats, "QUANTITY": 4}]})
    assert (found.field, found.there, found.here) == ("ADDONS", "seat: 3 x 7.5", "seat: 4 x 7.5")


def test_the_report_computes_nothing(tmp_path: Path) -> None:
    outcome = Outcome(findings=[Finding("difference", "customer", "1", "=HYPERLINK(1)", "2", "OPEN_AMOUNT", "-5.00", "+1")])
    write(tmp_path / "report.csv", outcome)
    with (tmp_path / "report.csv").open(newline="") as file:
        (line,) = csv.DictReader(file)
    assert (line["name"], line["there"], line["here"]) == ("'=HYPERLINK(1)", "-5.00", "'+1")
    assert not outcome.agrees


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("my.fastbill.com", "https://my.fastbill.com/api/1.0/api.php"),
        ("https://my.fastbill.com/", "https://my.fastbill.com/api/1.0/api.php"),
        ("https://example.com/other", "https://example.com/other"),
    ],
)
def test_the_host_suffices(given: str, address: str) -> None:
    assert address_of(given) == address


class Script(Outbound):
    """Answers as it is written."""

    def __init__(self, *answers: Answer | NotReached) -> None:
        super().__init__(Allowed(local=False, private=False))
        self.answers = list(answers)

    def call(self, call: Call) -> Answer:
        answer = self.answers.pop(0)
        if isinstance(answer, NotReached):
            raise answer
        return answer


def answered(status: int, body: bytes = b'{"RESPONSE": {"CUSTOMERS": []}}', **headers: str) -> Answer:
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, body, 1)


ACCOUNT = Account("https://my.fastbill.com/api/1.0/api.php", "You@example.com", "hidden-key")


@pytest.mark.parametrize(
    ("before", "waited"),
    [
        ([answered(429, retry_after="30")], [30]),
        ([answered(429)], [60]),
        ([answered(429, retry_after="Wed, 21 Oct 2026 07:28:00 GMT")], [60]),
        ([answered(429, retry_after="999999")], [3600]),
        ([answered(503), answered(502)], [2, 4]),
        ([answered(503, retry_after="5")], [5]),
        ([NotReached("timed_out", "There was no answer.")], [2]),
    ],
)
def test_it_waits_as_long_as_it_is_asked_to_and_tries_again(before: list[Answer | NotReached], waited: list[float]) -> None:
    waits: list[float] = []
    source = Source(ACCOUNT, Script(*before, answered(200)), lambda seconds, reason: waits.append(seconds))
    assert list(source.pages("customer.get", "CUSTOMERS")) == []
    assert waits == waited


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([answered(401)], "credentials_refused"),
        ([answered(200, b"<html>")], "answer_unreadable"),
        ([answered(200, b'{"RESPONSE": {"ERRORS": ["missing / invalid field: X"]}}')], "source_refuses"),
        ([NotReached("address_refused", "It is not called.")], "source_unreachable"),
        ([answered(500)] * 6, "source_unreachable"),
    ],
)
def test_what_is_no_account_is_said(answers: list[Answer | NotReached], code: str) -> None:
    source = Source(ACCOUNT, Script(*answers), lambda seconds, reason: None)
    with pytest.raises(Refused) as refused:
        source.ask({"SERVICE": "customer.get"})
    assert [one.code for one in refused.value.problems] == [code]
    assert "hidden-key" not in repr(refused.value) + repr(ACCOUNT)


def test_services_that_an_account_does_not_have_are_told_apart() -> None:
    source = Source(ACCOUNT, Script(answered(200, b'{"RESPONSE": {"ERRORS": ["unknown SERVICE: coupon.get"]}}')), lambda *_: None)
    with pytest.raises(LookupError):
        source.ask({"SERVICE": "coupon.get"})


def test_nothing_is_sent_without_tls_or_to_addresses_that_are_not_public() -> None:
    for url in ("http://my.fastbill.com/api", "https://127.0.0.1/api", "https://10.0.0.1/api"):
        with pytest.raises(Refused) as refused:
            Source(ACCOUNT._replace(url=url), Outbound(Allowed(local=False, private=False)), lambda *_: None)
        assert [one.code for one in refused.value.problems] == ["url_invalid"]


def test_an_account_is_known_again_by_its_host_and_e_mail() -> None:
    assert ACCOUNT.name == "fastbill:my.fastbill.com:you@example.com"
