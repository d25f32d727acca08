"""Contracts as rows: columns for what is filtered and what moves, one JSON value for the rest."""

import datetime as dt
from typing import Annotated

from pydantic import Field
from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, ForeignKeyConstraint, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.catalogue.coupons.types import ReducedBy
from contor.catalogue.types import CatalogueProperty
from contor.contracts.types import AllowanceType
from contor.kernel.shapes import Amount, Ident, Name255, Rate, Until
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import Tallied, tenant_table

joint_billing = tenant_table(
    "joint_billing",
    field("ident", Ident, primary_key=True),
    Column("id", BigInteger, nullable=False),
    field("customer_ident", Ident),
    field("name", Name255),
    field("billing_date", dt.date),
    Index("joint_billing_id_key", "tenant_id", "id", unique=True),
    Index("joint_billing_customer_ix", "tenant_id", "customer_ident", "ident"),
    ForeignKeyConstraint(["tenant_id", "customer_ident"], ["customer.tenant_id", "customer.customer_ident"]),
    *timestamps(),
)
"""Contracts of a customer that are billed on one day, which name it; `billing_date`: a day on which intervals begin."""

contract = tenant_table(
    "contract",
    Column("contract_id", BigInteger, primary_key=True),
    Column("contract_ident", Text, nullable=False),
    Column("customer_ident", Text, nullable=False),
    Column("plan_id", BigInteger, nullable=False),
    Column("business_segment_ident", Text, nullable=False),
    Column("billing_group_ident", Text, nullable=False),
    Column("signed_on", Date, nullable=False),
    Column("start_on", Date),
    Column("billing_start_on", Date),
    Column("end_on", Date),
    Column("end_kind", Text),
    Column("notice_on", Date),
    Column("reason", Text),
    Column("price_adaptation_ident", Text),
    Column("joint_billing_ident", Text),
    Column("proposed_through", Date),
    Column("next_proposal_at", DateTime(timezone=True)),
    Column("has_allowances", Boolean, nullable=False, server_default=text("false")),
    Column("content", JSONB, nullable=False),
    Column("standing", Integer, nullable=False, server_default=text("0")),
    Column("trial_until", Date),
    Column("payment_type", Text, nullable=False, server_default=text("'BANK_TRANSFER'")),
    Index("contract_ident_key", "tenant_id", "contract_ident", unique=True),
    Index("contract_of_customer_ix", "tenant_id", "customer_ident", "contract_id"),
    Index(
        "contract_due_ix", "tenant_id", "customer_ident", "next_proposal_at", postgresql_where=text("next_proposal_at IS NOT NULL")
    ),
    Index("contract_plan_ix", "tenant_id", "plan_id"),
    Index("contract_standing_ix", "tenant_id", "standing", "end_on", "contract_id"),
    Index("contract_trial_ix", "tenant_id", "trial_until", "contract_id"),
    Index("contract_payment_ix", "tenant_id", "payment_type", "contract_id"),
    Index("contract_start_ix", "tenant_id", "start_on", "contract_id"),
    Index("contract_end_ix", "tenant_id", "end_on", "contract_id"),
    Index(
        "contract_joint_billing_ix",
        "tenant_id",
        "joint_billing_ident",
        "contract_id",
        postgresql_where=text("joint_billing_ident IS NOT NULL"),
    ),
    ForeignKeyConstraint(["tenant_id", "joint_billing_ident"], ["joint_billing.tenant_id", "joint_billing.ident"]),
    ForeignKeyConstraint(["tenant_id", "customer_ident"], ["customer.tenant_id", "customer.customer_ident"]),
    ForeignKeyConstraint(["tenant_id", "plan_id"], ["plan.tenant_id", "plan.plan_id"]),
    ForeignKeyConstraint(["tenant_id", "business_segment_ident"], ["business_segment.tenant_id", "business_segment.segment_ident"]),
    ForeignKeyConstraint(["tenant_id", "price_adaptation_ident"], ["price_adaptation.tenant_id", "price_adaptation.ident"]),
    *timestamps(),
    Index("contract_created_ix", "tenant_id", "created_at", "contract_id"),
    delete=False,
    tallied=Tallied("contract_id"),
)
"""`proposed_through` moves only forward and only from the value that was read: so the periods of a contract have no hole and no
overlap. `next_proposal_at`: when the next period begins; NULL when nothing more comes. `standing`, `trial_until`,
`payment_type`: what is said elsewhere in the row, for lists (`labels/places.py`)."""

contract_allowance = tenant_table(
    "contract_allowance",
    field("contract_ident", Ident, primary_key=True),
    field("ident", Ident, primary_key=True),
    field("option_ident", Ident),
    field("name", Name255),
    field("type", AllowanceType, default="AMOUNT"),
    field("amount", Annotated[Amount, Field(gt=0)] | None),
    field("percentage", Annotated[Rate, Field(gt=0, le=100)] | None),
    field("valid_from", dt.date | None),
    Column("valid_to", Date, info={"shape": Until, "default": None}),
    field("amount_on", ReducedBy, default="SUM", server_default=text("'SUM'")),
    field("intervals", Annotated[int, Field(ge=1, le=1200)] | None),
    field("properties", Annotated[tuple[CatalogueProperty, ...], Field(max_length=100)], default=()),
    Column("redemption_id", BigInteger),
    Column("coupon_code", Text),
    ForeignKeyConstraint(["tenant_id", "contract_ident"], ["contract.tenant_id", "contract.contract_ident"]),
    *timestamps(),
)
"""A contract that has one says so itself: the run asks for no others. `type` PERCENTAGE, `amount_on`, `intervals` and the coupon that it
comes from are ours. Those of one redemption share its amount, where that is off the sum."""

contract_coupon = tenant_table(
    "contract_coupon",
    Column("redemption_id", BigInteger, primary_key=True),
    Column("contract_ident", Text, nullable=False),
    Column("coupon_code", Text, nullable=False),
    Column("customer_ident", Text, nullable=False),
    Column("valid_from", Date),
    Column("counts", Boolean, nullable=False, server_default=text("true")),
    Column("redeemed_at", DateTime(timezone=True), nullable=False),
    Column("withdrawn_at", DateTime(timezone=True)),
    Index(
        "contract_coupon_key",
        "tenant_id",
        "contract_ident",
        "coupon_code",
        unique=True,
        postgresql_where=text("withdrawn_at IS NULL"),
    ),
    Index("contract_coupon_contract_ix", "tenant_id", "contract_ident"),
    Index("contract_coupon_code_ix", "tenant_id", "coupon_code", "customer_ident"),
    ForeignKeyConstraint(["tenant_id", "contract_ident"], ["contract.tenant_id", "contract.contract_ident"]),
    ForeignKeyConstraint(["tenant_id", "coupon_code"], ["coupon.tenant_id", "coupon.code"]),
    update=("valid_from", "counts", "withdrawn_at"),
    delete=False,
)
"""Redemptions of coupons. `counts`: it uses up the limits; not, where it was withdrawn before a period had it."""

contract_label = tenant_table(
    "contract_label",
    Column("contract_id", BigInteger, primary_key=True),
    Column("external_ident", Text),
    Column("title", Text),
    Column("document_title", Text),
    Column("attributes", JSONB, nullable=False),
    Column("features", JSONB, nullable=False),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
    Index(
        "contract_label_external_key",
        "tenant_id",
        "external_ident",
        unique=True,
        postgresql_where=text("external_ident IS NOT NULL"),
    ),
    ForeignKeyConstraint(["tenant_id", "contract_id"], ["contract.tenant_id", "contract.contract_id"]),
    update=("external_ident", "title", "document_title", "attributes", "features", "last_modified_at"),
    delete=False,
)
"""What another system keeps with a contract: its own name for it, a title, and facts that mean something there alone."""

contract_relation = tenant_table(
    "contract_relation",
    Column("relation_id", BigInteger, primary_key=True),
    Column("contract_ident", Text, nullable=False),
    Column("related_contract_ident", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("counts_from", DateTime(timezone=True)),
    Column("removed_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index(
        "contract_relation_key",
        "tenant_id",
        "contract_ident",
        "related_contract_ident",
        unique=True,
        postgresql_where=text("active"),  # removed ones stay as history, and may come again
    ),
    Index("contract_relation_contract_ix", "tenant_id", "contract_ident"),
    ForeignKeyConstraint(["tenant_id", "contract_ident"], ["contract.tenant_id", "contract.contract_ident"]),
    ForeignKeyConstraint(["tenant_id", "related_contract_ident"], ["contract.tenant_id", "contract.contract_ident"]),
    update=("active", "removed_at"),
    delete=False,
)
"""Which contracts a partner's contract earns from: by what is billed of them in [counts_from, removed_at); NULL: from its beginning,
without end."""

contract_change = tenant_table(
    "contract_change",
    Column("change_id", BigInteger, primary_key=True),
    Column("contract_id", BigInteger, nullable=False),
    Column("contract_ident", Text, nullable=False),
    Column("customer_ident", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("takes_effect_at", DateTime(timezone=True), nullable=False),
    Column("status", Text, nullable=False),
    Column("status_reason", Text),
    Column("body", JSONB, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("settled_at", DateTime(timezone=True)),
    Index("contract_change_contract_ix", "tenant_id", "contract_id", "change_id"),
    Index("contract_change_ident_ix", "tenant_id", "contract_ident", "change_id"),
    Index(
        "contract_change_pending_ix", "tenant_id", "customer_ident", "takes_effect_at", postgresql_where=text("status = 'PENDING'")
    ),
    ForeignKeyConstraint(["tenant_id", "contract_ident"], ["contract.tenant_id", "contract.contract_ident"]),
    update=("status", "status_reason", "settled_at"),
    delete=False,
)
"""What was agreed of a running contract: PENDING until its day has come, then EFFECTIVE, or FAILED with the reason; WITHDRAWN before that,
REPLACED by another of the same day. What is in effect stands in the contract's content, too, as its time line. `settled_at`: when it was
no longer pending."""
