"""How a tenant duns: read, created or replaced."""

from collections.abc import Iterator
from dataclasses import dataclass

from contor.dunning import tables
from contor.dunning.base_rates import publish_legal
from contor.dunning.events import DunningConfigured
from contor.dunning.rules import DunningConfiguration
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import counted, is_amount, shown, too_fine
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import replace
from contor.runtime.execute import validated
from contor.runtime.uow import Uow
from contor.settings.queries import known_sites

CURRENCY = "EUR"
"""Of fees and of the least amount."""


@dataclass(frozen=True, slots=True)
class OwnConfiguration:
    """No input: the caller's tenant."""


@dataclass(frozen=True, slots=True)
class PutDunning:
    body: DunningConfiguration


@operation("dunning_configuration.get", permission="settings.read", reads=True)
def get_configuration(uow: Uow, command: OwnConfiguration) -> DunningConfiguration:
    """Levels and switches; NOT_FOUND until somebody says how it is to be dunned."""
    found = configuration_of(uow)
    if found is None:
        message = "No dunning configuration exists: nobody is dunned until one is made."
        raise Refused(Kind.NOT_FOUND, Problem("dunning_configuration_not_found", message))
    return _answered(found)


@operation(
    "dunning_configuration.put",
    permission="settings.write",
    refers=(Reference("levels.operatingSiteIdent", "operating_site_unknown", known_sites),),
)
def put_configuration(uow: Uow, command: PutDunning) -> DunningConfiguration:
    """Create or replace it. A run that is open goes on as it was made; the base rates that are published are stored with the first one."""
    body = command.body
    if problems := [*_problems(body), *_sites_unknown(uow, body)]:
        raise Refused(Kind.INVALID, *problems)
    before = configuration_of(uow, lock=True)
    if before is None:
        publish_legal(uow)
    body = _numbered(uow, body, before)
    uow.run("DELETE FROM dunning_configuration")
    uow.insert(tables.dunning_configuration, [{"content": body, "last_modified_at": uow.ctx.now()}])
    uow.audit("dunning_configuration", "", {"before": before, "after": body})
    uow.mark("dunning")
    uow.emit(DunningConfigured(mail_template_idents=tuple(level.mail_template_ident or "" for level in body.levels)))
    return _answered(body)


def _answered(body: DunningConfiguration) -> DunningConfiguration:
    levels = tuple(replace(level, fee=shown(level.fee, CURRENCY)) for level in body.levels)
    return replace(body, levels=levels, minimum_amount=shown(body.minimum_amount, CURRENCY))


def configuration_of(uow: Uow, *, lock: bool = False) -> DunningConfiguration | None:
    """The tenant's; None: there is none yet."""
    if lock:
        uow.lock("dunning_configuration", [""])
    found = uow.scalar(dict, "SELECT content FROM dunning_configuration")
    if found is None:
        return None
    stored = validated(DunningConfiguration, found)
    # what was stored before levels had ids has those of their places
    levels = (replace(level, level_id=level.level_id or at) for at, level in enumerate(stored.levels, 1))
    return replace(stored, levels=tuple(levels))


def _numbered(uow: Uow, body: DunningConfiguration, before: DunningConfiguration | None) -> DunningConfiguration:
    """Every level has an id that no other one has or had."""
    said = {level.level_id for level in body.levels if level.level_id is not None}
    at_place = [level.level_id for level in before.levels] if before is not None else []
    made = []
    for place, level in enumerate(body.levels):
        number = level.level_id
        if number is None:
            kept = at_place[place] if place < len(at_place) else None
            number = kept if kept is not None and kept not in said else uow.next_id()
        said.add(number)
        made.append(replace(level, level_id=number))
    return replace(body, levels=tuple(made))


def _sites_unknown(uow: Uow, body: DunningConfiguration) -> Iterator[Problem]:
    named = {at: ident for at, level in enumerate(body.levels) if (ident := level.operating_site_ident) is not None}
    known = known_sites(uow, named.values()) if named else ()
    for at, ident in named.items():
        if ident not in known:
            yield Problem("operating_site_unknown", "does not exist", f"levels[{at}].operatingSiteIdent", ident)


def _problems(body: DunningConfiguration) -> Iterator[Problem]:
    """What does not go together, each by its field."""
    for at, level in enumerate(body.levels):
        if not is_amount(level.fee, CURRENCY):
            yield Problem("too_many_decimals", too_fine(CURRENCY), f"levels[{at}].fee", level.fee)
        if level.kind == "REMINDER" and level.fee:
            message = "is for letters that dun: a reminder of a payment has no fee"
            yield Problem("fee_of_reminder", message, f"levels[{at}].fee", level.fee)
        if level.level_id is not None and level.level_id in [other.level_id for other in body.levels[:at]]:
            yield Problem("level_repeated", "is the id of another level, too", f"levels[{at}].levelId", level.level_id)
        before = body.levels[at - 1] if at else None
        if before is not None and level.days_after < before.days_to_pay:
            message = f"is shorter than the {counted(before.days_to_pay, 'day')} that level {at} gives to pay"
            yield Problem("level_before_term", message, f"levels[{at}].daysAfter", level.days_after)
    if not is_amount(body.minimum_amount, CURRENCY):
        yield Problem("too_many_decimals", too_fine(CURRENCY), "minimumAmount", body.minimum_amount)
    last = body.collection_after_level
    if last is not None and last > len(body.levels):
        yield Problem("level_unknown", f"is beyond the {counted(len(body.levels), 'level')}", "collectionAfterLevel", last)
    if last is not None and last < len(body.levels):
        message = f"is before level {len(body.levels)}, which would never be reached"
        yield Problem("level_unreachable", message, "collectionAfterLevel", last)
    if body.partial_payment_wish is not None and not body.book_dunning_claims:
        message = "says something only where bookDunningClaims is true: claims that are not booked are paid last"
        yield Problem("wish_without_claims", message, "partialPaymentWish", body.partial_payment_wish)
