"""A company that receives papers, through the platform API; and the files that come to it."""

import io
import zlib
from decimal import Decimal
from typing import Any

import msgspec
from pypdf import PdfWriter
from tests.factories.companies import Company
from tests.factories.einvoices.examples import of_two_rates

from contor.documents.einvoice import cii_of, ubl_of
from contor.documents.render import render_pdf
from contor.expenses.inbox import ReadItems, read_items

EXPENSES, REVENUES, INBOX, FOLDERS, FILED = "/v2/expenses", "/v2/revenues", "/v2/inbox", "/v2/folders", "/v2/filed-papers"
CUSTOMER = "muster-handel"
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


class PaperKeeper(Company):
    """Somebody who keeps papers; numbers are read exactly."""

    def call(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self.client.request(method, path, json=body, headers=self.headers)
        assert answer.status_code == status, answer.text
        return _DECODER.decode(answer.content) if answer.content else None

    def put(self, path: str, content: bytes, name: str, kind: str = "application/pdf", status: int = 200) -> Any:
        answer = self.client.request(
            "POST",
            path,
            content=content,
            headers={**self.headers, "Content-Type": kind, "Content-Disposition": f'attachment; filename="{name}"'},
        )
        assert answer.status_code == status, answer.text
        return _DECODER.decode(answer.content)

    def came(self, content: bytes, name: str, kind: str = "application/pdf", status: int = 202) -> Any:
        return self.put(INBOX, content, name, kind, status)

    def read(self) -> None:
        """What the worker would read."""
        waiting = [row.inbox_item_id for row in self.tenant.rows("SELECT inbox_item_id FROM inbox_item WHERE status = 'RECEIVED'")]
        self.tenant.execute(read_items, ReadItems(inbox_item_ids=tuple(waiting)))

    def item(self, content: bytes, name: str, kind: str = "application/pdf") -> Any:
        """What came in, as it was read."""
        ident = self.came(content, name, kind)["inboxItemIdent"]
        self.read()
        return self.call("GET", f"{INBOX}/{ident}")

    def file(self, path: str) -> tuple[bytes, str]:
        answer = self.client.get(f"{path}/file", headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.content, answer.headers["content-type"]


def an_expense(**more: Any) -> dict[str, Any]:
    return {"ident": "e-1", "supplier": "Papier Nord GmbH", "date": "2026-03-02", "net": "100.00", "tax": "19.00", **more}


def a_revenue(**more: Any) -> dict[str, Any]:
    return {"ident": "r-1", "customerIdent": CUSTOMER, "date": "2026-03-02", "net": "100.00", "tax": "19.00", **more}


def a_ubl() -> bytes:
    return ubl_of(of_two_rates())


def a_hybrid() -> bytes:
    document = of_two_rates()
    return render_pdf(document, cii_of(document))


def a_plain_pdf() -> bytes:
    return render_pdf(of_two_rates(), None)


def a_bomb(megabytes: int = 200) -> bytes:
    """A PDF with an attached file of a few kilobytes that would be as many megabytes."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment("factur-x.xml", b"<x/>")
    target = io.BytesIO()
    writer.write(target)
    plain = target.getvalue()
    piece = zlib.compressobj(9)
    packed = b"".join([piece.compress(b" " * (1 << 20)) for _ in range(megabytes)]) + piece.flush()
    begin = plain.index(b"/Type /EmbeddedFile")
    head = plain.rindex(b"<<", 0, begin)
    end = plain.index(b"endobj", begin)
    stream = b"<< /Type /EmbeddedFile /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed) + packed + b"\nendstream\n"
    broken = plain[:head] + stream + plain[end:]
    return broken[: broken.rindex(b"startxref")] + b"startxref\n0\n%%EOF"
