"""A real server on this machine that behaves as VIES and eVatR do: it knows some numbers, and fails as registers do when it is told to."""

import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.factories.receivers import Received, Receiver, Says, a_receiver

from contor.runtime.execute import Runtime

DUTCH, FRENCH, AUSTRIAN, OURS = "NL004495445B01", "FR40303265045", "ATU33864707", "DE136695976"


@dataclass
class Registers:
    """`known`: what is registered, with name and address; `codes`: what is said of a number instead (VIES error, eVatR status)."""

    known: dict[str, tuple[str, str]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    """VIES, EVATR: it answers with 503."""
    seconds: float = 0
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answered: list[bytes] = field(default_factory=list)
    """Each answer, byte for byte."""
    raw: bytes | None = None
    """Said instead of everything else."""
    receiver: Receiver | None = None

    def answer(self, request: Received) -> Says:
        service = "VIES" if request.path.startswith("/vies/") else "EVATR"
        body = json.loads(request.body)
        self.asked.append((service, body))
        if service in self.down:
            return self._says(503, b"<html>Service Unavailable</html>")
        if self.raw is not None:
            return self._says(200, self.raw)
        return self._of_vies(body) if service == "VIES" else self._of_evatr(body)

    def _of_vies(self, body: dict[str, Any]) -> Says:
        vat_id = body["countryCode"] + body["vatNumber"]
        if (code := self.codes.get(vat_id)) is not None and not code.startswith("evatr-"):
            return self._json(200, {"actionSucceed": False, "errorWrappers": [{"error": code, "message": "no"}]})
        found = self.known.get(vat_id)
        name, address = found or ("---", "---")
        match = "NOT_PROCESSED" if not body.get("traderName") else "VALID" if body["traderName"] == name else "INVALID"
        return self._json(
            200,
            {
                "countryCode": body["countryCode"],
                "vatNumber": body["vatNumber"],
                "requestDate": "2026-11-30T10:00:00.123Z",
                "valid": found is not None,
                "requestIdentifier": "WAPIAAAAZ8Cq1x2b" if found and body.get("requesterNumber") else "",
                "name": name,
                "address": address,
                "traderName": "---",
                "traderNameMatch": match,
                "traderStreetMatch": "NOT_PROCESSED",
                "traderPostalCodeMatch": "NOT_PROCESSED",
                "traderCityMatch": "NOT_SUPPORTED",
                "traderCompanyTypeMatch": "NOT_PROCESSED",
            },
        )

    def _of_evatr(self, body: dict[str, Any]) -> Says:
        vat_id = body["angefragteUstid"]
        code = self.codes.get(vat_id, "")
        if not code.startswith("evatr-"):
            code = "evatr-0000" if vat_id in self.known else "evatr-2001"
        http = {"evatr-0000": 200, "evatr-2001": 404, "evatr-2002": 200, "evatr-2006": 200, "evatr-2008": 200, "evatr-2005": 404}
        said: dict[str, Any] = {"id": "a1b2c3d4", "anfrageZeitpunkt": "2026-11-30T11:00:00+01:00", "status": code}
        if code in ("evatr-2002", "evatr-2006"):
            said |= {"gueltigAb": "2030-01-01"} if code == "evatr-2002" else {"gueltigAb": "2010-01-01", "gueltigBis": "2020-12-31"}
        if body.get("firmenname") and code == "evatr-0000":
            is_same = self.known[vat_id][0] == body["firmenname"]
            said |= {"ergFirmenname": "A" if is_same else "B", "ergStrasse": "C", "ergPlz": "D", "ergOrt": "A"}
        return self._json(http.get(code, 500), said)

    def _json(self, status: int, body: dict[str, Any]) -> Says:
        return self._says(status, json.dumps(body, indent=1).encode())

    def _says(self, status: int, content: bytes) -> Says:
        self.answered.append(content)
        return Says(status, content, {"Content-Type": "application/json"}, self.seconds)


@contextmanager
def registers(runtime: Runtime) -> Iterator[Registers]:
    """They are asked by this runtime as long as the block."""
    made, before = Registers(), runtime.config
    with a_receiver(made.answer) as receiver:
        made.receiver = receiver
        runtime.config = dataclasses.replace(before, vies_url=receiver.url("/vies"), evatr_url=receiver.url("/evatr"))
        try:
            yield made
        finally:
            runtime.config = before
