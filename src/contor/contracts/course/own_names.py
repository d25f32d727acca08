"""What options are called in one contract. Pure."""

from collections.abc import Collection, Sequence

from contor.catalogue.types import OptionContent
from contor.contracts.types import Contract, OwnName
from contor.kernel.errors import Problem
from contor.kernel.shapes import replace


def own_name_findings(names: Sequence[OwnName], known: Collection[str]) -> list[Problem]:
    """Names of options that the plan does not have, or that have two."""
    problems, seen = [], set[str]()
    for index, entry in enumerate(names):
        path = f"ownNames[{index}].optionIdent"
        if entry.option_ident not in known:
            problems.append(Problem("option_unknown", "the plan does not offer it", path, entry.option_ident))
        elif entry.option_ident in seen:
            problems.append(Problem("option_repeated", "is named twice", path, entry.option_ident))
        seen.add(entry.option_ident)
    return problems


def named(contract: Contract, option_ident: str, content: OptionContent) -> OptionContent:
    """The option as this contract calls it."""
    for entry in contract.content.own_names:
        if entry.option_ident == option_ident:
            name = entry.name or content.product_name or content.name
            return replace(content, product_name=name, product_description=entry.description or content.product_description)
    return content
