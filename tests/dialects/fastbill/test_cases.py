"""Every case of `cases/<service>.json`, in JSON and in XML: a request, and its exact answer.

A case is `{"name", "given", "request", "answer"}`. `given`: steps before it, each `{"request", "keep": {name: path in RESPONSE}}`,
`{"platform": [method, path, body], "keep"}` or `{"clock": instant}`. `answer` is the RESPONSE, `xml` the request in XML where it is not
what the JSON one says, `xml_answer` the RESPONSE in XML where it differs. `bare`: the account has neither site nor billing group.
"""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.fastbill import XML_CODEC, Account, differences, filled, read_cases

from contor.api.fastbill.services import SERVICES

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))
ALL = [(path.stem, case) for path in CASES for case in read_cases(path.read_bytes())]

ONLY_REFUSED = {"invoice.sign", "invoice.correctvat2020"}
"""Nothing is signed by a seal that nobody has; no service issues at the wrong rates of 2020 (`test_invoices` corrects one)."""


@pytest.mark.parametrize("xml", [False, True], ids=["json", "xml"])
@pytest.mark.parametrize(
    ("service", "case"), [pytest.param(*one, id=f"{one[0]}-{one[1]['name'].replace(' ', '_')}") for one in ALL]
)
def test_a_request_has_its_exact_answer(
    request: pytest.FixtureRequest, fastbill: TestClient, service: str, case: dict[str, Any], xml: bool
) -> None:
    account: Account = request.getfixturevalue("bare" if case.get("bare") else "account")
    for step in case.get("given", ()):
        account.given(step)
    account.xml = xml
    asked = filled(case["request"], account.kept)
    if xml and "xml" in case:
        raw = str(filled(case["xml"], account.kept)).encode()
        answer: Any = XML_CODEC.read(account.post(raw, XML_CODEC.media_type).content)
    else:
        answer = account.ask(asked, case.get("status", 200))
    echo = {str(name).upper(): value for name, value in answer["REQUEST"].items()}
    assert echo["SERVICE"] == next((value for name, value in asked.items() if name.upper() == "SERVICE"), "")
    expected = case["xml_answer"] if xml and "xml_answer" in case else case["answer"]
    found = differences(expected, answer["RESPONSE"], account.kept, xml=xml)
    assert not found, "\n".join(found)


def test_every_service_has_its_cases_of_success_and_failure() -> None:
    """A service whose file is missing, or tells of one of the two alone, is named here."""
    told = {path.stem: {"ERRORS" in case["answer"] for case in read_cases(path.read_bytes())} for path in CASES}
    named = {row.service for row in SERVICES}
    assert {name for name in named - ONLY_REFUSED if told.get(name) != {True, False}} == set()
    assert told.keys() - named == set()
