"""The way to a FinTS server: through the one guard of where to, with what it said on the way.

It stands where the library has its own connection (`FinTSHTTPSConnection`): `send` a message, answer the server's.
"""

import base64
import binascii
from typing import TYPE_CHECKING

from contor.runtime.config import Config
from contor.runtime.outbound import Call, NotReached, outbound

if TYPE_CHECKING:
    from fints.message import FinTSInstituteMessage, FinTSMessage

SECONDS = 60
LONGEST = 64 * 1024 * 1024
"""Bytes of an answer, as of a statement's file."""


class FinTSServer:
    def __init__(self, config: Config, url: str) -> None:
        self.url = url
        self._outbound = outbound(config)
        self._booked: list[bytes] = []
        self._refusals: list[str] = []

    def send(self, msg: "FinTSMessage") -> "FinTSInstituteMessage":
        """Raises the library's FinTSConnectionError."""
        from fints.exceptions import FinTSConnectionError
        from fints.message import FinTSInstituteMessage

        body = base64.b64encode(msg.render_bytes())
        try:
            answer = self._outbound.call(Call(self.url, body, {"Content-Type": "text/plain"}, seconds=SECONDS, longest=LONGEST))
        except NotReached as error:
            raise FinTSConnectionError(f"The bank's server gives no answer: {error.message}") from None
        if not 200 <= answer.status < 300:
            raise FinTSConnectionError(f"The bank's server answers with status {answer.status}.")
        try:
            said = FinTSInstituteMessage(segments=base64.b64decode(answer.body))
        except (binascii.Error, ValueError):
            raise FinTSConnectionError("The bank's server answers with what is no FinTS.") from None
        self._heard(said)
        return said

    def _heard(self, said: "FinTSInstituteMessage") -> None:
        self._booked += [bytes(segment.statement_booked) for segment in said.find_segments("HIKAZ")]
        refusals = [
            f"{one.text} ({one.code})"
            for segment in said.find_segments(("HIRMG", "HIRMS"))
            for one in segment.responses
            if one.code.startswith("9")
        ]
        if refusals:
            self._refusals = refusals

    def statements(self) -> list[bytes]:
        """What was booked, as MT940: one file, for a server parts it where it likes."""
        whole = b"".join(self._booked).replace(b"@@", b"\r\n")
        return [whole] if whole else []

    def refusal(self) -> str | None:
        """What it refused last, in its own words; None: nothing."""
        return " ".join(self._refusals)[:500] or None
