"""Every field and parameter of the published descriptions is described, in words of the domain, and no word is left over."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.checkers.published import published
from tests.checkers.wording import unfit

from contor.api.openapi.document import PARAMETERS
from contor.api.openapi.words import KEYS, Wording, parts, words
from contor.documents import properties
from contor.documents.keys import KEYS_OF_DOCUMENT, KEYS_OF_ROW

DIALECTS = {"platform": "/v2", "management": "/api/v0", "fynn": "/fynn"}
LONGEST = 420
SOURCES = Path(__file__).parents[2] / "src" / "contor"


@cache
def document(dialect: str) -> Mapping[str, Any]:
    """With the parameters that many operations share in their places."""
    made = published()[DIALECTS[dialect]].document
    shared = {f"{PARAMETERS}{name}": said for name, said in made["components"].get("parameters", {}).items()}
    paths = {
        path: {
            method: {**operation, "parameters": [shared.get(said.get("$ref"), said) for said in operation["parameters"]]}
            for method, operation in operations.items()
        }
        for path, operations in made["paths"].items()
    }
    return {**made, "paths": paths}


def forms(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each named form, and what is sent as a form of its own."""
    yield from document["components"]["schemas"].items()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for media in operation.get("requestBody", {}).get("content", {}).values():
                yield path, media["schema"]


def fields(name: str, form: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each field of a form, however deep, by its place."""
    if isinstance(form, list):
        for part in form:
            yield from fields(name, part)
    if not isinstance(form, Mapping):
        return
    properties = form.get("properties", {})
    for field, said in properties.items():
        yield f"{name}.{field}", said
        yield from fields(f"{name}.{field}", said)
    for key in ("items", "anyOf", "oneOf", "additionalProperties"):
        yield from fields(name, form.get(key))


def parameters(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for said in operation["parameters"]:
                yield f"{method} {path} {said['name']}", said


def texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Everything that is said as a description; examples are what callers send."""
    if isinstance(value, list):
        for inner in value:
            yield from texts(inner, place)
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "description" and isinstance(inner, str):
                yield place, inner
            elif key not in ("example", "examples"):
                yield from texts(inner, f"{place}/{key}")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_field_and_parameter_is_described(dialect: str) -> None:
    said = document(dialect)
    found = [*parameters(said), *(field for name, form in forms(said) for field in fields(name, form))]
    assert len(found) > 150
    assert [place for place, form in found if not form.get("description")] == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_descriptions_are_in_words_of_the_domain(dialect: str) -> None:
    found = [*texts(document(dialect), "")]
    assert [(place, unfit(text, names=dialect == "platform")) for place, text in found if unfit(text, dialect == "platform")] == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_entry_is_a_short_sentence(dialect: str) -> None:
    assert [name for name, text in words(dialect).items() if not text.endswith(".") or len(text) > LONGEST] == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_entry_is_left_over_or_there_twice(dialect: str) -> None:
    entries = words(dialect)
    assert [name for name, count in Counter(name for part in parts(dialect) for name in part).items() if count > 1] == []
    known = tuple(entries.values())

    def bare(value: Any) -> Any:
        """Without what the lists say; a default and the keys of properties are said after it."""
        if isinstance(value, list):
            return [bare(inner) for inner in value]
        if not isinstance(value, Mapping):
            return value
        return {key: bare(inner) for key, inner in value.items() if key != "description" or not str(inner).startswith(known)}

    wording = Wording(dialect)
    wording.into(bare(document(dialect)))
    assert set(entries) - wording.used == set()


def test_properties_name_every_key_that_has_an_effect() -> None:
    schemas = document("platform")["components"]["schemas"]
    for form, keys in KEYS.items():
        said = schemas[form]["properties"]["properties"]["description"]
        assert re.findall(r"^- `(\w+)`: ", said, re.MULTILINE) == [*keys]
    known = {*KEYS_OF_DOCUMENT, *KEYS_OF_ROW}
    constants = [value for name, value in vars(properties).items() if name.isupper()]
    texts = {
        text for value in constants for text in ([value] if isinstance(value, str) else value if isinstance(value, tuple) else ())
    }
    assert {text for text in texts if isinstance(text, str)} - known == set()


def test_keys_of_properties_are_read_by_their_names() -> None:
    """A key that stands in the middle of the sources is one that nobody is told of."""
    read = re.compile(r"""entry\.key [!=]= "(\w+)"|(?:text_of|parts_of)\("(\w+)"|properties_of\(\w+\)\.get\("(\w+)\"""")
    found = {
        key: path.name
        for path in SOURCES.rglob("*.py")
        for keys in read.findall(path.read_text(encoding="utf-8"))
        for key in keys
        if key
    }
    assert found == {"originalLine": "import_shape.py"}, "it is named in a finding about the file, and has no other effect"
