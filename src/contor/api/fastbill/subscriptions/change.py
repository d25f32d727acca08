"""subscription.changearticle and subscription.setaddon: what is taken changes while the interval runs."""

from collections.abc import Sequence
from decimal import Decimal

from contor.api.fastbill.refusals import Findings, said_as
from contor.api.fastbill.subscriptions.create import CORE, Taken, features_of, own_prices
from contor.api.fastbill.subscriptions.reading import addon_named, offered_as, require, require_currency
from contor.api.fastbill.subscriptions.taken import Offered, Subscribed
from contor.api.fastbill.subscriptions.types import AddonData, AddonOf, ChangeData
from contor.api.fastbill.writing import Fields, done
from contor.contracts.amend import ChangeContract, change_contract
from contor.contracts.change import NameOptions, NamesBody, name_options
from contor.contracts.coupons import RedeemCoupon, Redemption, redeem_coupon
from contor.contracts.labels import ContractLabels, LabelContract, label_contract
from contor.contracts.terms import ChangeBody, OptionMapping, OptionQuantity
from contor.contracts.types import OwnName
from contor.kernel.money import ZERO
from contor.kernel.operations import operation
from contor.notifications.mail.causes import suppress_mails
from contor.runtime.uow import Uow


@operation("fastbill.subscription_changearticle", permission="contracts.write")
def change_article(uow: Uow, data: ChangeData) -> Fields:
    """Another article, quantity, price or add-ons from today on: what was billed ahead of the old one is credited by its days, the new one
    is charged by its days."""
    one = require(uow, data.subscription_id, lock=True)
    offered, found = one.offered, Findings()
    if data.article_number is not None and data.article_number != one.article:
        offered = offered_as(uow, data.article_number, one.offered.today)
    with found.kept():
        require_currency(offered, data.currency_code)
    taken = _taken(uow, one, offered, data, found)
    found.refuse()
    if data.suppress_mail:
        suppress_mails(uow)
    with said_as(CORE, one.called):
        _agree(uow, one, _change(one, offered, data, taken))
        _name(uow, one, taken)
        _relabel(uow, one, data)
        if data.coupon is not None:
            redeem_coupon(uow, RedeemCoupon(contract_ident=one.contract.contract_ident, body=Redemption(code=data.coupon)))
    return done(subscription_id=str(one.contract.contract_id))


@operation("fastbill.subscription_setaddon", permission="contracts.write")
def set_addon(uow: Uow, data: AddonOf) -> Fields:
    """An add-on from today on, in this quantity; 0: no more of it."""
    one = require(uow, data.subscription_id, lock=True)
    ident = addon_named(uow, one.offered, one.phase, data.article_number)
    quantity = data.quantity if data.quantity is not None else Decimal(1)
    said = AddonData(
        article_number=data.article_number,
        quantity=quantity,
        title=data.title,
        unit_price=data.unit_price,
        description=data.description,
    )
    taken = [(ident, said)]
    body = ChangeBody(
        option_quantities=(OptionQuantity(option_ident=ident, quantity=quantity),),
        option_prices=own_prices(one.offered, taken, one.contract.country) if quantity else (),
    )
    with said_as(CORE, one.called):
        change_contract(uow, ChangeContract(contract_ident=one.contract.contract_ident, body=body))
        _name(uow, one, taken)
    return done()


# helpers in calling order


def _agree(uow: Uow, one: Subscribed, body: ChangeBody) -> None:
    """What is otherwise from today on; nothing, where only names are said, or what was agreed before by a client whose answer was lost."""
    if body.plan_ident is not None or body.option_quantities or body.option_prices:
        change_contract(uow, ChangeContract(contract_ident=one.contract.contract_ident, body=body))


def _taken(uow: Uow, one: Subscribed, offered: Offered, data: ChangeData, found: Findings) -> list[Taken]:
    """The article itself and the add-ons that are said, as options of the plan that is to be; what is none is kept."""
    phase = offered.plan.content.phases[0] if offered.plan.plan_id != one.offered.plan.plan_id else one.phase
    taken: list[Taken] = []
    if (main := offered.main(phase)) is not None:
        said = AddonData(
            article_number=data.article_number or one.article,
            quantity=data.quantity,
            title=data.title,
            unit_price=data.unit_price,
            description=data.description,
        )
        taken.append((main, said))
    for addon in data.addons:
        with found.kept():
            taken.append((addon_named(uow, offered, phase, addon.article_number), addon))
    return taken


def _change(one: Subscribed, offered: Offered, data: ChangeData, taken: Sequence[Taken]) -> ChangeBody:
    is_other = offered.plan.plan_id != one.offered.plan.plan_id
    main = one.main
    quantities: dict[str, Decimal] = {}
    if data.reset_addons:
        quantities |= {ident: ZERO for ident in one.addons() if not is_other or ident in offered.options}
    for ident, said in taken:
        if said.quantity is not None:
            quantities[ident] = said.quantity
        elif said.article_number != (data.article_number or one.article):
            quantities[ident] = Decimal(1)
    mappings: tuple[OptionMapping, ...] = ()
    if is_other and main is not None and taken:
        # what the other article does not offer is given up with the one before
        gone = [ident for ident in one.quantities if ident != main and ident not in offered.options]
        mappings = (OptionMapping(option_ident=main, becomes=taken[0][0]), *(OptionMapping(option_ident=ident) for ident in gone))
    return ChangeBody(
        plan_ident=offered.plan.plan_ident if is_other else None,
        option_mappings=mappings,
        option_quantities=tuple(OptionQuantity(option_ident=ident, quantity=quantity) for ident, quantity in quantities.items()),
        option_prices=own_prices(offered, taken, one.contract.country),
    )


def _name(uow: Uow, one: Subscribed, taken: Sequence[Taken]) -> None:
    """Names that are said take the place of those that options had; others stay as far as their option is there."""
    said = {
        ident: OwnName(option_ident=ident, name=addon.title, description=addon.description)
        for ident, addon in taken
        if addon.title is not None or addon.description is not None
    }
    if said:
        now = require(uow, one.contract.contract_id)
        kept = {own.option_ident: own for own in now.contract.content.own_names if own.option_ident in now.offered.options}
        body = NamesBody(own_names=tuple({**kept, **said}.values()))
        name_options(uow, NameOptions(contract_ident=one.contract.contract_ident, body=body))


def _relabel(uow: Uow, one: Subscribed, data: ChangeData) -> None:
    if not data.features and data.title is None:
        return
    body = ContractLabels(
        external_ident=one.label.external_ident,
        title=data.title or one.label.title,
        document_title=one.label.document_title,
        attributes=dict(one.label.attributes),
        features=features_of(data.features) if data.features else one.label.kept_features(),
    )
    label_contract(uow, LabelContract(contract_ident=one.contract.contract_ident, body=body))
