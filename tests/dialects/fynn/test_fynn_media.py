"""Files: what is uploaded comes back byte for byte; what belongs to a document is read, and stays."""

import pytest
from tests.factories.fynn import Fynn
from tests.factories.pictures import drawn

from contor.api.fynn.media.ids import media_id

PDF = drawn()


def upload(fynn: Fynn, name: str, content: bytes, kind: str, status: int = 201) -> dict[str, object]:
    answer = fynn.http.post("/media", files={"file": (name, content, kind)}, headers=fynn.headers)
    assert answer.status_code == status, answer.text
    made: dict[str, object] = answer.json()
    return made


def test_a_file_comes_back_byte_for_byte(fynn: Fynn, stranger: Fynn) -> None:
    made = upload(fynn, "Logo Größe.PDF", PDF, "application/pdf")
    assert (made["mimeType"], made["fileExtension"], made["fileName"]) == ("application/pdf", "pdf", "Logo Größe.PDF")
    assert (made["isPrivate"], len(str(made["id"]))) == (True, 26)
    assert fynn.call("GET", f"/media/{made['id']}") == made
    assert fynn.call("GET", f"/media/{str(made['id']).lower()}")["fileName"] == "Logo Größe.PDF"
    content = fynn.send("GET", f"/media/{made['id']}/download")
    assert (content.content, content.headers["content-type"]) == (PDF, "application/pdf")
    assert content.headers["content-disposition"].startswith("attachment")
    assert [one["id"] for one in fynn.call("GET", "/media?fileName=Logo&order[createdAt]=desc")["data"]] == [made["id"]]
    for path in (f"/media/{made['id']}", f"/media/{made['id']}/download"):
        assert stranger.send("GET", path).status_code == 404
    assert stranger.send("DELETE", f"/media/{made['id']}").status_code == 404
    fynn.call("DELETE", f"/media/{made['id']}", status=204)
    assert fynn.send("GET", f"/media/{made['id']}").status_code == 404


@pytest.mark.parametrize("wrong", ["x", "01890a5d-ac96-774b-bcce-b302099a8057", "0" * 26, "Z" * 26, "%00"])
def test_what_is_no_id_of_a_file(fynn: Fynn, wrong: str) -> None:
    for method, path in (("GET", ""), ("GET", "/download"), ("DELETE", "")):
        assert fynn.send(method, f"/media/{wrong}{path}").status_code == 404


def test_files_that_are_not_kept(fynn: Fynn) -> None:
    for name, content, kind in (("a.exe", b"MZ\x90\0", "application/octet-stream"), ("a.pdf", b"", "application/pdf")):
        assert upload(fynn, name, content, kind, 422)["status"] == 422
    assert fynn.http.post("/media", files={"other": ("a.pdf", PDF)}, headers=fynn.headers).status_code == 400


def test_the_files_of_a_document_are_read_and_stay(fynn: Fynn) -> None:
    line = {"name": "Beratung", "quantity": 1, "unitPrice": {"amount": 10000, "currencyCode": "EUR"}}
    number = fynn.call("POST", "/invoices", {"customer": "muster-handel", "positions": [line]})["id"]
    fynn.call("POST", f"/invoices/{number}/finalize", {})
    fynn.work()
    fynn.file()
    tenant, invoice = fynn.tenant, fynn.call("GET", f"/invoices/{number}")
    (row,) = tenant.rows("SELECT id, ident FROM document")
    with tenant.runtime.transaction(tenant.caller(), reads=True) as uow:
        none = media_id(uow, "document_file:PDF", row.id + 1)
    pdf = invoice["file"]["id"]
    assert fynn.call("GET", f"/media/{pdf}") == invoice["file"]
    assert fynn.send("GET", f"/media/{pdf}/download").content.startswith(b"%PDF")
    assert fynn.send("DELETE", f"/media/{pdf}").status_code == 409
    assert fynn.send("GET", f"/media/{none}").status_code == 404
