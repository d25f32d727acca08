"""What is sold as it is called in the language of who buys it."""

from collections.abc import Sequence

from contor.catalogue.queries import options_by_ident
from contor.catalogue.rules import in_language
from contor.contracts.sold.frozen import content_now, name_of
from contor.contracts.sold.types import FrozenItem
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow


def called_in(uow: Uow, items: Sequence[FrozenItem], language: str) -> tuple[FrozenItem, ...]:
    """The items by the names that the catalogue has for them in the language; of a plan by that of the option which is the article itself,
    where it is called the same. What is not said there, or is called otherwise by now, keeps its name."""
    options = options_by_ident(uow, {one.main or one.of for one in items})
    made = []
    for one in items:
        option = options.get(one.main or one.of)
        content = content_now(uow, option) if option is not None else None
        is_same = content is not None and one.name in (content.name, content.product_name)
        made.append(replace(one, name=name_of(in_language(content, language))) if content is not None and is_same else one)
    return tuple(made)
