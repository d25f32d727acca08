"""Where pictures are uploaded, what is issued waits for its own, and all that carries it; number, entries, due date and XML do not."""

import datetime as dt
import hashlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.checkers.printed import text_of
from tests.checkers.tampering import OURS, sentences
from tests.factories import pictures
from tests.factories.cut_off import CutOff, kill
from tests.factories.drafts import at_once
from tests.factories.mailing import CUSTOMER, Mailing
from tests.factories.pictures import changed, drawn
from tests.factories.post_offices import PostOffice, a_post_office
from tests.factories.tenants import Tenant

from contor.documents.after import mend
from contor.documents.pictures import finishing
from contor.documents.pictures.finishing import UseBuiltIn, look, use_built_in

SETTINGS = "/v2/tenant-settings"
AWAITED = {"customPicture": "AWAITED", "customPictureMinutes": 30}


class Drawing(Mailing):
    """A company whose pictures are drawn elsewhere."""

    def upload(self, ident: str, content: bytes | None = None, status: int = 201) -> Any:
        answer = self.client.post(
            f"/v2/documents/{ident}/picture",
            files={"file": ("unsere.pdf", content or drawn(), "application/pdf")},
            headers=self.headers,
        )
        assert answer.status_code == status, answer.text
        return answer.json()

    def view(self, ident: str) -> Any:
        return self.call("GET", f"/v2/documents/{ident}")

    def file_of(self, ident: str, kind: str, status: int = 200) -> bytes:
        answer = self.client.get(f"/v2/files/documents/{ident}/attachments/{kind}", headers=self.headers)
        assert answer.status_code == status, answer.text
        return answer.content

    def types(self, ident: str) -> list[str]:
        return sorted(file["type"] for file in self.view(ident)["files"])

    def give_up(self, **passed: float) -> None:
        """The worker looks when so much time has passed."""
        self.tenant.turn_clock(dt.datetime.now(dt.UTC) + dt.timedelta(**passed))
        look(self.tenant.runtime, self.tenant.id)

    def whole(self) -> None:
        """Nothing is unsound, and no file is missing."""
        assert (found := self.tenant.broken()) == [], found


@pytest.fixture
def company(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Drawing:
    made = Drawing(furnished, client, bearer(furnished))
    made.call("PATCH", SETTINGS, AWAITED)
    return made


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with a_post_office() as made:
        yield made


def test_number_entries_due_date_and_invoices_are_there_and_the_picture_is_awaited(company: Drawing) -> None:
    ident = company.issued()
    view = company.view(ident)
    assert view["status"] == "FINALIZING"
    assert (view["finalizing"]["isBuiltInThen"], company.types(ident)) == (True, ["CII", "UBL"])
    issued = dt.datetime.fromisoformat(view["createdAt"])
    until = dt.datetime.fromisoformat(view["finalizing"]["until"])
    assert dt.timedelta(minutes=30) <= until - issued + dt.timedelta(seconds=1) < dt.timedelta(minutes=31)
    assert view["finalizing"]["reason"].endswith("somebody is to upload it; then it gets the built-in one.")
    assert company.case(ident)["dueDate"] == view["dueDate"]
    assert company.sums() != {}
    assert b"Its picture (PDF) is awaited until " in company.file_of(ident, "PDF", 409)
    assert [one["ident"] for one in company.call("GET", "/v2/documents?search=status==FINALIZING")["_embedded"]] == [ident]
    company.whole()


def test_what_is_uploaded_becomes_the_picture_and_is_kept(company: Drawing) -> None:
    ident = company.issued()
    answer = company.upload(ident)
    assert (answer["status"], "finalizing" in answer) == ("COMPLETED", False)
    assert company.types(ident) == ["CII", "PDF", "UBL", "UPLOADED_PICTURE"]
    assert company.file_of(ident, "UPLOADED_PICTURE") == drawn()
    (kept,) = [file for file in answer["files"] if file["type"] == "UPLOADED_PICTURE"]
    assert (kept["sha256"], kept["name"]) == (hashlib.sha256(drawn()).hexdigest(), "unsere.pdf")
    picture = company.file_of(ident, "PDF")
    assert "Rechnung nach unserer Art" in text_of(picture)
    company.whole()


def test_a_picture_that_is_there_is_never_replaced(company: Drawing) -> None:
    ident = company.issued()
    first = company.upload(ident)
    assert company.upload(ident) == first  # sent again: its answer was lost
    refused = company.upload(ident, drawn("Another one"), 409)
    assert "one that is there is never replaced" in refused["errors"][0]["error"]
    company.give_up(hours=2)
    assert company.view(ident)["files"] == first["files"]
    company.sound()


def test_every_finding_is_said_and_the_document_goes_on_waiting(company: Drawing) -> None:
    def change(pdf: Any) -> None:
        for one in (pictures.with_script, pictures.with_foreign_font):
            one(pdf)

    ident = company.issued()
    refused = company.upload(ident, changed(change), 400)
    assert sorted(one["error"] for one in refused["errors"]) == [
        "It has JavaScript in it: a picture does nothing.",
        "These fonts are not embedded: Helvetica.",
    ]
    assert company.view(ident)["status"] == "FINALIZING"
    company.upload("nothing", status=404)
    company.whole()


def test_it_gets_ours_when_none_came_in_time(company: Drawing) -> None:
    ident = company.issued()
    company.give_up(minutes=29)
    assert company.view(ident)["status"] == "FINALIZING"
    company.give_up(minutes=31)
    assert (company.view(ident)["status"], company.types(ident)) == ("COMPLETED", ["CII", "PDF", "UBL"])
    assert ident in text_of(company.file_of(ident, "PDF"))
    company.upload(ident, status=409)
    company.whole()


def test_without_leave_it_waits_and_says_so_until_that_is_given(company: Drawing) -> None:
    company.call("PATCH", SETTINGS, {"customPictureFallback": False})
    ident = company.issued()
    company.give_up(minutes=31)
    waits = company.view(ident)["finalizing"]
    assert waits["isBuiltInThen"] is False
    assert "the built-in one may not take its place (customPictureFallback)" in waits["reason"]
    company.sound()
    company.call("PATCH", SETTINGS, {"customPictureFallback": True})
    company.give_up(minutes=31)
    assert company.view(ident)["status"] == "COMPLETED"
    company.whole()


def test_what_carries_the_picture_goes_when_it_is_there(company: Drawing, office: PostOffice) -> None:
    company.configure(office)
    company.call("PUT", "/v2/post/configuration", {"provider": "SIMULATED"})
    company.call("POST", "/v2/post/credits", {"credits": 5, "note": "R-1"}, 201)
    company.call(
        "POST", "/v2/notifications/configuration/routes", {"ident": "hook", "type": "*", "url": "https://hook.example/x"}, 201
    )
    ident = company.issued()
    sent = company.call("POST", f"/v2/documents/{ident}/actions/send", {"recipients": ["buch@muster-handel.example"]}, 202)
    assert sent["waits"].startswith("Its picture (PDF) is awaited until ")
    company.call("POST", f"/v2/documents/{ident}/actions/post", None, 202)
    company.mail()
    assert company.mails() == []
    told = {one["type"]: one for one in company.call("GET", "/v2/notifications?size=100")["_embedded"]}
    assert sorted(told) == ["invoice.created", "invoice.pictureRequested"]
    asked = told["invoice.pictureRequested"]["payload"]
    until = dt.datetime.fromisoformat(company.view(ident)["finalizing"]["until"])
    assert (asked["invoice_ident"], asked["picture_until"], asked["built_in_then"]) == (ident, int(until.timestamp()), True)
    company.upload(ident)
    company.mail()
    assert sorted(mail["recipient"] for mail in company.mails()) == ["buch@muster-handel.example", CUSTOMER]
    assert [posted.names[0] for posted in office.taken] == [f"{ident}.pdf"] * 2
    later = [one["type"] for one in company.call("GET", "/v2/notifications?size=100&sort=sequence")["_embedded"]]
    assert later == ["invoice.created", "invoice.pictureRequested", "invoice.archived", *["documentAttachment.archived"] * 2]
    company.whole()


def test_who_is_faster_than_the_job_is_served_all_the_same(company: Drawing) -> None:
    ident = company.document()
    assert company.view(ident)["status"] == "CREATED"
    assert company.view(ident)["finalizing"]["isBuiltInThen"] is True
    assert company.upload(ident)["status"] == "COMPLETED"
    company.file()
    assert company.types(ident) == ["CII", "PDF", "UBL", "UPLOADED_PICTURE"]
    company.whole()


def test_of_an_upload_and_the_end_of_the_wait_one_brings_the_picture(company: Drawing) -> None:
    ident = company.issued()
    (row,) = company.tenant.rows("SELECT id FROM document")
    company.tenant.turn_clock(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))

    def send(content: bytes) -> int:
        files = {"file": ("unsere.pdf", content, "application/pdf")}
        return company.client.post(f"/v2/documents/{ident}/picture", files=files, headers=company.headers).status_code

    answers = at_once(
        [
            lambda: company.tenant.execute(use_built_in, UseBuiltIn(document_id=row.id)),
            lambda: send(drawn()),
            lambda: send(drawn("Another one")),
        ]
    )
    assert [answers[0], answers[1], answers[2]].count(409) == (2 if answers[0] else 1)
    assert company.types(ident).count("PDF") == 1
    company.whole()


@pytest.mark.parametrize("way", ["upload", "built-in"])
def test_whoever_is_killed_leaves_nothing_half(company: Drawing, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    ident = company.issued()
    failed = threading.Event()

    def bring() -> None:
        if way == "upload":
            company.upload(ident)
        else:
            company.give_up(hours=1)

    with monkeypatch.context() as patched:
        patched.setattr(finishing, "DocumentsArchived", kill)
        try:
            bring()
        except CutOff:
            failed.set()
    assert failed.is_set()
    assert (company.view(ident)["status"], company.types(ident)) == ("FINALIZING", ["CII", "UBL"])
    bring()
    assert company.view(ident)["status"] == "COMPLETED"
    company.whole()


def test_a_lost_file_is_made_again_of_what_was_uploaded(company: Drawing) -> None:
    ident = company.issued()
    company.upload(ident)
    before = company.file_of(ident, "PDF")
    (row,) = company.tenant.rows("SELECT sha256 FROM document_file WHERE type = 'PDF'")
    path = Path(company.tenant.runtime.config.home) / "blobs" / str(company.tenant.id) / row.sha256[:2] / row.sha256
    path.unlink()
    assert company.tenant.broken()
    assert company.tenant.execute(mend, None).mended == 1
    assert company.file_of(ident, "PDF") == before


def test_what_was_issued_before_or_without_pictures_waits_for_none(company: Drawing) -> None:
    company.call("PATCH", SETTINGS, {"customPicture": None})
    ident = company.issued()
    assert company.view(ident)["status"] == "COMPLETED"
    company.call("PATCH", SETTINGS, AWAITED)
    company.upload(ident, status=409)
    for minutes in (0, 1441):
        company.call("PATCH", SETTINGS, {"customPictureMinutes": minutes}, 400)
    company.whole()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("UPDATE document SET status = 'FINALIZING'", "is FINALIZING, has a picture"),
        ("UPDATE awaited_picture SET source = 'BUILT_IN'", "its picture came as BUILT_IN, an uploaded one is kept"),
        ("UPDATE awaited_picture SET source = NULL", "its picture is awaited"),
    ],
)
def test_what_does_not_agree_is_found(company: Drawing, database_dsn: str, spoil: str, said: str) -> None:
    company.upload(company.issued())
    (found,) = sentences(database_dsn, company.tenant, "documents.a_picture_is_awaited_or_there", f"{spoil} WHERE {OURS}")
    assert said in found


def test_what_waits_in_vain_is_found(company: Drawing) -> None:
    company.issued()
    company.tenant.turn_clock(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
    assert any("should have the built-in picture by now" in one for one in company.tenant.unsound())


def test_a_damaged_pdf_writes_no_line_of_the_log_for_each_of_its_parts(company: Drawing, caplog: pytest.LogCaptureFixture) -> None:
    ident = company.issued()
    body = b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n<< 1 1 1 >>\nendobj\n" % number for number in range(1, 500))
    refused = company.upload(ident, body, 400)
    assert "It is damaged" in str(refused)
    assert [record for record in caplog.records if record.name.startswith("pypdf")] == []
    company.sound()
