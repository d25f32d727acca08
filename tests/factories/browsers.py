"""A real browser (Chromium), driven by chromedriver in the words of W3C WebDriver; and a server that it can reach."""

import contextlib
import json
import shutil
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from tests.checkers.waiting import until
from tests.factories.installation import free_port

from contor.app import Application
from contor.runtime.execute import Runtime

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=900,1400")
INVALID = "const form = arguments[0].form; return form ? [...form.querySelectorAll(':invalid')].map(e => e.name) : []"
"""What keeps the form of a button from being sent."""


class Browser:
    """One session."""

    def __init__(self, port: int, language: str) -> None:
        self._port = port
        options = {"args": [*ARGUMENTS, f"--accept-lang={language}"], "prefs": {"intl.accept_languages": language}}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        self._session = self._send("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        data = json.dumps(body).encode() if body is not None else b"{}" if method == "POST" else None
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}{path}", data=data, method=method)
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                return json.loads(answer.read())["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()[:1000]) from None

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        return self._send(method, f"/session/{self._session}{path}", body)

    def phone(self) -> None:
        """As wide as a phone: 390 pixels."""
        shown = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
        self._call("POST", "/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": shown})

    def go(self, address: str) -> None:
        self._call("POST", "/url", {"url": address})

    @property
    def address(self) -> str:
        return str(self._call("GET", "/url"))

    @property
    def text(self) -> str:
        """What somebody reads."""
        return str(self._call("POST", "/execute/sync", {"script": "return document.body.innerText", "args": []}))

    def run(self, script: str) -> Any:
        return self._call("POST", "/execute/sync", {"script": script, "args": []})

    def _found(self, css: str) -> str:
        return str(self._call("POST", "/element", {"using": "css selector", "value": css})[ELEMENT])

    def type(self, css: str, text: str) -> None:
        found = self._found(css)
        self._call("POST", f"/element/{found}/clear")
        self._call("POST", f"/element/{found}/value", {"text": text})

    def click(self, css: str) -> None:
        self._call("POST", f"/element/{self._found(css)}/click")

    def press(self, words: str) -> None:
        """The button that says so, until the page that it leads to is there: a click alone does not wait for a slow answer."""
        self.run("document.left = true")
        path = f"//button[normalize-space(.)={json.dumps(words, ensure_ascii=False)}]"
        found = self._call("POST", "/element", {"using": "xpath", "value": path})[ELEMENT]
        arguments = [{ELEMENT: found}]
        lacking = self._call("POST", "/execute/sync", {"script": INVALID, "args": arguments})
        assert not lacking, f"{words!r} leads nowhere before these are filled: {lacking}"
        self._call("POST", f"/element/{found}/click")
        until(lambda: self.run("return !document.left && document.readyState === 'complete'"), f"a page after {words!r}")

    def nameless(self) -> list[str]:
        """Fields that nobody who hears the page can tell apart, and headings that are missing."""
        script = (
            "return [...document.querySelectorAll('input:not([type=hidden]),button,canvas')]"
            ".filter(e => !(e.labels && e.labels.length) && !e.textContent.trim() && !e.getAttribute('aria-labelledby'))"
            ".map(e => e.outerHTML).concat(document.querySelectorAll('h1').length === 1 ? [] : ['h1'])"
            ".concat(document.documentElement.lang ? [] : ['lang'])"
        )
        found: list[str] = self.run(script)
        return found

    def complaints(self) -> list[str]:
        """What the browser has against the page, as that its policy forbids something."""
        said = self._call("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in said if entry["level"] == "SEVERE" and "favicon" not in entry["message"]]

    def close(self) -> None:
        self._call("DELETE", "")


@contextlib.contextmanager
def a_driver() -> Iterator[int]:
    """Its port. Skips, saying so, where there is no browser."""
    driver, browser = shutil.which("chromedriver"), shutil.which("chromium") or shutil.which("google-chrome")
    if driver is None or browser is None:
        pytest.skip("no Chromium is installed (packages chromium and chromium-driver): the pages are not looked at in a browser")
    port = free_port()
    process = subprocess.Popen([driver, f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: _is_up(f"http://127.0.0.1:{port}/status"), "chromedriver answers")
        yield port
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def a_server(runtime: Runtime) -> Iterator[str]:
    """The address of the whole application, over the database of the tests."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(Application(runtime), host="127.0.0.1", port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        until(lambda: _is_up(f"http://127.0.0.1:{port}/livez"), "the server answers")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def _is_up(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False
