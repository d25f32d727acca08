"""Names of fields as callers know them. Pure."""


def camel_path(path: str) -> str:
    """`bank_accounts[0].bank_name` as `bankAccounts[0].bankName`; what is camelCase already stays."""
    return ".".join(_camel(part) for part in path.split("."))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)
