"""Texts in which something stands somewhere. Pure."""


def containing(text: str) -> str:
    """The pattern of LIKE for whatever contains `text`, which has no wildcards of its own."""
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    return f"%{text}%"
