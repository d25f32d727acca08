"""Golden files: what was agreed on as right, compared byte for byte, and rewritten only when `CONTOR_WRITE_GOLDEN` asks for it."""

import os
from pathlib import Path

import msgspec

GOLDEN = Path(__file__).parents[1] / "golden"
WRITES = bool(os.environ.get("CONTOR_WRITE_GOLDEN"))
"""Set by `make golden` alone: the golden files become what the code does now; their difference is then reviewed like code."""


def laid_out(json: bytes) -> bytes:
    """JSON with line breaks; nothing else changes: digits, order and absence stay."""
    return msgspec.json.format(json, indent=1) + b"\n"


def packed(json: bytes) -> bytes:
    """JSON without line breaks, as it is stored."""
    return msgspec.json.format(json, indent=-1)


def same_as_golden(name: str, content: bytes | None) -> None:
    """`content` is that of the golden file `name`; None: there is no such file."""
    path = GOLDEN / name
    if WRITES:
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(content)
    found = path.read_bytes() if path.is_file() else None
    assert found == content, f"{name} is not what the code makes; `make golden` rewrites it, and its difference is to be reviewed"


def none_left_over(folder: str, names: set[str]) -> None:
    """The folder holds these files and no others."""
    found = {path.name for path in (GOLDEN / folder).iterdir() if path.is_file()}
    if WRITES:
        for name in found - names:
            (GOLDEN / folder / name).unlink()
        found &= names
    assert found == names
