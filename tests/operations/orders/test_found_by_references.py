"""Documents are found by what they are answered to come from and to refer to."""

import pytest
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import Desk

DOCUMENTS = "/v2/documents"


@pytest.fixture
def papers(desk: Desk) -> dict[str, str]:
    """An order's invoice, which is reissued; a contract's invoice, which is taken back."""
    desk.order()
    desk.bill()
    (first,) = desk.idents("INVOICE")
    desk.call("POST", f"{DOCUMENTS}/{first}/actions/reissue", {"requestId": "again"}, 202)
    desk.bill()
    desk.plan()
    desk.contract()
    desk.bill()
    desk.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    desk.bill()
    (_, again, billed), (of_first, of_billed) = desk.idents("INVOICE"), desk.idents("CREDIT_MEMO")
    return {"first": first, "again": again, "of first": of_first, "billed": billed, "of billed": of_billed}


def test_documents_by_their_references(desk: Desk, papers: dict[str, str]) -> None:
    def found(search: str) -> set[str]:
        return {one["ident"] for one in desk.call("GET", f"{DOCUMENTS}?size=100&search={search}")["_embedded"]}

    shown = [desk.call("GET", f"{DOCUMENTS}/{ident}") for ident in papers.values()]
    idents = {entry["ident"] for one in shown for entry in one.get("originReferences", ())}
    assert {"o-1", "v-1", papers["first"], papers["of first"]} <= idents
    for ident in idents:
        wanted = {one["ident"] for one in shown if ident in [entry["ident"] for entry in one.get("originReferences", ())]}
        assert found(f"originReferences.ident=={ident}") == wanted
    related = {number for one in shown for number in one["relatedDocumentIdents"]}
    assert {papers["first"], papers["billed"]} == related
    for number in related:
        assert found(f"relatedDocumentIdents=={number}") == {
            one["ident"] for one in shown if number in one["relatedDocumentIdents"]
        }
    assert found("originReferences.ident==o-1,relatedDocumentIdents==none") == found("originReferences.ident=in=(o-1,none)")
    by_origin = desk.call("GET", f"{DOCUMENTS}?size=100&sort=originReferences.ident&sort=relatedDocumentIdents,desc")["_embedded"]
    assert {one["ident"] for one in by_origin} == set(papers.values())
