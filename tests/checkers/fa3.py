"""FA(3) files judged by the schema of the Polish ministry, whose base types are read from beside it."""

from functools import cache
from pathlib import Path

from lxml import etree

NAMESPACE = {"fa": "http://crd.gov.pl/wzor/2025/06/25/13775/"}


class _Beside(etree.Resolver):
    """Takes what the schema names by an address from the folder of base types."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resolve(self, system_url: str | None, public_id: str | None, context: object) -> object:
        name = (system_url or "").rsplit("/", 1)[-1]
        path = self.folder / name
        return self.resolve_filename(str(path), context) if path.is_file() else None  # type: ignore[attr-defined]


@cache
def _schema(folder: Path) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Beside(folder / "bazowe"))
    return etree.XMLSchema(etree.parse(str(folder / "schemat_FA(3)_v1-0E.xsd"), parser))


def fa3_errors(shared: Path, content: bytes) -> list[str]:
    """What the schema says against a file."""
    schema = _schema(shared / "artefacts/ksef-pl/FA")
    schema.validate(etree.fromstring(content))
    return [f"{error.line}: {error.message}" for error in schema.error_log]


def said(content: bytes, path: str) -> list[str]:
    """The texts at a path, whose elements are prefixed by `fa:`."""
    return [str(text) for text in etree.fromstring(content).xpath(f"{path}/text()", namespaces=NAMESPACE)]
