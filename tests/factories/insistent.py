"""A client that asks again until it is answered: whatever is killed meanwhile, each change has one idempotency key."""

import abc
import itertools
import threading
import time
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import httpx
import msgspec
from tests.checkers.waiting import MINUTES

_READ = msgspec.json.Decoder(float_hook=Decimal).decode


FAULTS = 20
"""Unexpected errors of one call, after which they are no consequence of a kill."""


def answered(answer: httpx.Response) -> Any:
    is_json = answer.content and answer.headers["content-type"].startswith("application/json")
    return _READ(answer.content) if is_json else answer.content


class Refusal(Exception):
    """An answer other than the ones that were expected."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(f"{status} {said}")
        self.status, self.said = status, said


class Api(abc.ABC):
    """The API of one tenant: answers are read with exact numbers; what is no JSON is its bytes."""

    @abc.abstractmethod
    def call(self, method: str, path: str, body: Any = None) -> Any:
        """What is answered. Raises where that is no success."""

    def all(self, path: str, search: str = "") -> Iterator[Any]:
        """Every row of a list, page by page."""
        for page in itertools.count():
            query = f"{'&' if '?' in path else '?'}page={page}&size=100" + (f"&search={search}" if search else "")
            found = self.call("GET", path + query)
            yield from found["_embedded"]
            if page + 1 >= found["page"]["totalPages"]:
                return


class Insistent(Api):
    """Of one tenant of a running installation."""

    def __init__(self, demo: Mapping[str, str]) -> None:
        self.demo = demo
        self.http = httpx.Client(base_url=demo["base_url"], timeout=60)
        self.lost = 0
        """Answers that never came, or said that the database is away."""
        self._numbers, self._turn = itertools.count(1), threading.Lock()
        self._sign_in()

    def call(self, method: str, path: str, body: Any = None, *, file: tuple[str, bytes] | None = None) -> Any:
        """What is answered in the end. Raises `Refusal`."""
        given: dict[str, Any] = {"headers": {}}
        if method != "GET":
            given["headers"]["Idempotency-Key"] = f"year-{next(self._numbers)}"
        if file is not None:
            given["files"] = {"file": (*file, "application/octet-stream")}
        elif body is not None:
            given["content"] = msgspec.json.encode(body)
            given["headers"]["Content-Type"] = "application/json"
        answer = self._answer(method, path, given)
        if answer.status_code >= 400:
            raise Refusal(answer.status_code, answer.text)
        return answered(answer)

    def _answer(self, method: str, path: str, given: dict[str, Any]) -> httpx.Response:
        deadline, faults = time.monotonic() + MINUTES, 0
        while True:
            assert time.monotonic() < deadline, f"it hangs: {method} {path} is not answered"
            try:
                answer = self.http.request(method, path, **given)
                if answer.status_code == 401:
                    self._sign_in()
                    continue
                faults += answer.status_code == 500
                if answer.status_code not in (429, 500, 502, 503, 504) or faults > FAULTS:
                    return answer
            except httpx.TransportError:
                pass
            with self._turn:
                self.lost += 1
            time.sleep(0.1)

    def _sign_in(self) -> None:
        credentials = (self.demo["api_key"], self.demo["api_secret"])
        path, form = f"/{self.demo['realm']}/oauth2/token", {"grant_type": "client_credentials"}
        token = _READ(self._answer("POST", path, {"data": form, "auth": credentials}).content)["access_token"]
        self.http.headers["Authorization"] = f"Bearer {token}"
