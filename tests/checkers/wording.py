"""Whether a sentence that a caller reads is in words of the domain."""

import re

_PYTHON = re.compile(
    r"\b(None|True|False|tuple|dict|str|int|NoneType|Traceback|Exception|Decimal|datetime|Pydantic|psycopg|constraint)\b"
    r"|\bregex\b(?! matching strateg)"  # whose name is the contract's
    r"|Input should|Value error|Field required|should match|should have at|Extra inputs|keyword argument|valid (string|integer|dictionary)"
    r"|\bcodec\b|\btruncated\b|\b0x[0-9a-f]+|malformed: |- at `\$|<string>"
)
_INTERNAL = re.compile(r"\b[a-z]+(_[a-z0-9]+)+\b|\b[a-z]+\.(read|write)\b")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
"""What a caller sent is repeated in quotes."""
_ALLOWED = re.compile(r"\b(grant_type|client_credentials|order_by|refresh_token)\b")
"""Names that the wire itself has with underscores (RFC 6749, management API)."""


def unfit(sentence: str, names: bool = True) -> str:
    """Why not; empty: it is. `names`: the wire has no names with underscores of its own."""
    sentence = _QUOTED.sub("", sentence)
    found = _PYTHON.search(sentence) or (_INTERNAL.search(_ALLOWED.sub("", sentence)) if names else None)
    return found.group(0) if found else ""
