"""A German bank's FinTS server: it knows one user, wants a TAN when he says so, and tells what was booked as MT940.

It speaks the messages that a bank sends, and reads those of the client by the library's own parser; what it was told is kept, to be looked
at. It stands at the network's edge: everything on our side of it is what runs in an installation.
"""

import base64
import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.factories.statements import BankPaper

USER, PIN, TAN, BLZ = "elbe", "geheim1", "314159", "10010010"
IBAN = "DE36100100100000000001"
OTHER = "DE02120300000000202051"
METHOD = "942:2:MTAN2:mobileTAN::mobile TAN:6:1:SMS:2048:N:1:N:0:0:N:N:00:0:N:1"
APP = "946:2:SECUREGO:Decoupled::App:6:1:App:2048:N:1:N:0:0:N:N:00:0:N:1"


@dataclass
class FinTSBank:
    """The bank."""

    paper: BankPaper | None = None
    """What it tells as booked."""
    wants_tan: bool = False
    """... before a dialog begins."""
    accounts: tuple[str, ...] = (OTHER, IBAN)
    status: int = 200
    garbled: bool = False
    pins: list[str] = field(default_factory=list)
    asked: list[tuple[dt.date, dt.date]] = field(default_factory=list)
    """The days for which it was asked."""
    told: list[str] = field(default_factory=list)
    """The kinds of segments that it was sent, dialog by dialog."""
    port: int = 0
    dialogs: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/fints"

    def answer(self, content: bytes) -> bytes:
        """What it says to a message."""
        from fints.types import SegmentSequence

        said = SegmentSequence(content)
        head = said.find_segment_first("HNHBK")
        sent = {segment.header.type: segment for segment in said.find_segments()}
        self.told += [kind for kind in sent if kind.startswith("HK")]
        signature = sent.get("HNSHA")
        pin = str(signature.user_defined_signature.pin) if signature is not None else ""
        self.pins.append(pin)
        if head.dialog_id == "0":
            self.dialogs += 1
        dialog = head.dialog_id if head.dialog_id != "0" else f"D{self.dialogs}"
        lines = self._said(sent, signature, pin)
        body = "".join(f"{line}'" for line in lines)
        number = head.message_number
        message = f"HNHBK:1:3+000000000300+300+{dialog}+{number}+{dialog}:{number}'{body}HNHBS:99:1+{number}'"
        return message.encode("iso-8859-1")

    def _said(self, sent: dict[str, Any], signature: Any, pin: str) -> list[str]:
        if "HKIDN" in sent and pin and pin != PIN:
            return ["HIRMG:2:2+9050::Teilweise fehlerhaft.", "HIRMS:3:2:3+9942::PIN ungültig."]
        lines = ["HIRMG:2:2+0010::Nachricht entgegengenommen."]
        if "HKIDN" in sent:
            lines += self._parameters(sent)
        if "HKSYN" in sent:
            lines.append(f"HISYN:20:4:{sent['HKSYN'].header.number}+SYSTEM-1")
        if "HKTAN" in sent:
            lines += self._tan(sent["HKTAN"], signature, "HKIDN" in sent)
        if "HKSPA" in sent:
            listed = "+".join(f"J:{iban}:PBNKDEFF100:{iban[12:].lstrip('0')}::280:{iban[4:12]}" for iban in self.accounts)
            lines.append(f"HISPA:31:1:{sent['HKSPA'].header.number}+{listed}")
        if "HKKAZ" in sent:
            lines += self._booked(sent["HKKAZ"])
        return lines

    def _parameters(self, sent: dict[str, Any]) -> list[str]:
        number = sent["HKIDN"].header.number
        return [
            f"HIRMS:3:2:{number}+0020::Auftrag ausgeführt.+3920::Zugelassene Zwei-Schritt-Verfahren:942:946",
            f"HIBPA:4:3:{number}+12+280:{BLZ}+Testbank Elbe+1+1+300+500",
            f"HISPAS:5:1:{number}+1+1+0+J:J:N:sepade.pain.001.001.03.xsd",
            f"HIKAZS:6:6:{number}+20+1+1+90:N:N",
            f"HITANS:7:6:{number}+1+1+1+J:N:0:{METHOD}:{APP}",
            f"HIPINS:8:1:{number}+1+1+1+5:20:6:::HKSPA:N:HKKAZ:N",
        ]

    def _tan(self, segment: Any, signature: Any, is_begun: bool) -> list[str]:
        number = segment.header.number
        if segment.tan_process == "4" and is_begun and self.wants_tan:
            return [
                f"HIRMS:10:2:{number}+0030::Auftrag empfangen - Sicherheitsfreigabe erforderlich.",
                f"HITAN:11:6:{number}+4++TASK-1+Bitte TAN eingeben?: Login",
            ]
        if segment.tan_process == "2":
            if str(signature.user_defined_signature.tan) != TAN:
                return [f"HIRMS:10:2:{number}+9941::TAN ungültig."]
            return [f"HIRMS:10:2:{number}+0020::Auftrag ausgeführt.", f"HITAN:11:6:{number}+2++TASK-1"]
        return [
            f"HIRMS:10:2:{number}+3076::Keine starke Authentifizierung erforderlich.",
            f"HITAN:11:6:{number}+4++noref+nochallenge",
        ]

    def _booked(self, segment: Any) -> list[str]:
        """In two parts, as banks part it where they like."""
        self.asked.append((segment.date_start, segment.date_end))
        number = segment.header.number
        if self.paper is None:
            return [f"HIRMS:40:2:{number}+3010::Keine Umsätze vorhanden."]
        text = self.paper.swift().decode("latin-1")
        if segment.touchdown_point is None:
            half = len(text) // 2
            return [f"HIRMS:40:2:{number}+3040::Es liegen weitere Umsätze vor:2", f"HIKAZ:41:6:{number}+@{half}@{text[:half]}"]
        rest = text[len(text) // 2 :]
        return [f"HIRMS:40:2:{number}+0020::Auftrag ausgeführt.", f"HIKAZ:41:6:{number}+@{len(rest)}@{rest}"]


@contextmanager
def a_fints_bank(**more: Any) -> Iterator[FinTSBank]:
    """A bank that listens on this machine."""
    bank = FinTSBank(**more)

    class Counter(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = base64.b64decode(self.rfile.read(int(self.headers["Content-Length"])))
            said = b"<html>" if bank.garbled else base64.b64encode(bank.answer(content))
            self.send_response(bank.status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Counter)
    bank.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield bank
    finally:
        server.shutdown()
        server.server_close()
