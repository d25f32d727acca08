;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE cost_centre (
	tenant_id bigint NOT NULL,
	code text NOT NULL,
	id bigint NOT NULL,
	name text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT cost_centre_pkey PRIMARY KEY (tenant_id, code)
)
;;
CREATE UNIQUE INDEX cost_centre_id_key ON cost_centre (tenant_id, id)
;;
ALTER TABLE cost_centre ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE cost_centre ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE cost_centre FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON cost_centre USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON cost_centre TO contor_app
;;
CREATE TABLE product_family (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	name text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT product_family_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE UNIQUE INDEX product_family_id_key ON product_family (tenant_id, id)
;;
ALTER TABLE product_family ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE product_family ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE product_family FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON product_family USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON product_family TO contor_app
;;
CREATE TABLE product_plan (
	tenant_id bigint NOT NULL,
	code text NOT NULL,
	id bigint NOT NULL,
	name text NOT NULL,
	description text,
	status text NOT NULL,
	tiers jsonb NOT NULL,
	properties jsonb NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT product_plan_pkey PRIMARY KEY (tenant_id, code)
)
;;
CREATE UNIQUE INDEX product_plan_id_key ON product_plan (tenant_id, id)
;;
CREATE INDEX product_plan_status_ix ON product_plan (tenant_id, status, id)
;;
ALTER TABLE product_plan ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE product_plan ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE product_plan FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON product_plan USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON product_plan TO contor_app
;;
CREATE TABLE tax_group (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	name text NOT NULL,
	reverse_charge text NOT NULL,
	rate text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT tax_group_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE UNIQUE INDEX tax_group_id_key ON tax_group (tenant_id, id)
;;
ALTER TABLE tax_group ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE tax_group ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE tax_group FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON tax_group USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON tax_group TO contor_app
;;
CREATE TABLE unit (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	name text NOT NULL,
	quantity_type text NOT NULL,
	words jsonb NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT unit_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE UNIQUE INDEX unit_id_key ON unit (tenant_id, id)
;;
ALTER TABLE unit ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE unit ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE unit FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON unit USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON unit TO contor_app
;;
CREATE TABLE usage_count (
	tenant_id bigint NOT NULL,
	contract_id bigint NOT NULL,
	option_ident text NOT NULL,
	period_start date NOT NULL,
	period_end date NOT NULL,
	customer_ident text NOT NULL,
	event_name text NOT NULL,
	since timestamp with time zone NOT NULL,
	until timestamp with time zone NOT NULL,
	events bigint NOT NULL,
	counted_at timestamp with time zone NOT NULL,
	CONSTRAINT usage_count_pkey PRIMARY KEY (tenant_id, contract_id, option_ident, period_start),
	CONSTRAINT usage_count_tenant_id_contract_id_fkey FOREIGN KEY (tenant_id, contract_id) REFERENCES contract(tenant_id, contract_id)
)
;;
CREATE INDEX usage_count_late_ix ON usage_count (tenant_id, customer_ident, event_name, until)
;;
ALTER TABLE usage_count ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE usage_count ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE usage_count FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON usage_count USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON usage_count TO contor_app
;;
GRANT UPDATE (counted_at, events, period_end, until) ON usage_count TO contor_app
;;
CREATE TABLE usage_event (
	tenant_id bigint NOT NULL,
	transaction_id text NOT NULL,
	customer_ident text NOT NULL,
	contract_id bigint,
	event_name text NOT NULL,
	occurred_at timestamp with time zone NOT NULL,
	properties jsonb NOT NULL,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT usage_event_pkey PRIMARY KEY (tenant_id, transaction_id)
)
;;
CREATE INDEX usage_event_counted_ix ON usage_event (tenant_id, customer_ident, event_name, occurred_at)
;;
ALTER TABLE usage_event ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE usage_event ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE usage_event FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON usage_event USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON usage_event TO contor_app
;;
GRANT UPDATE (customer_ident) ON usage_event TO contor_app
;;
CREATE TABLE usage_import (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	file_name text NOT NULL,
	sha256 text NOT NULL,
	status text DEFAULT 'WAITING'::text NOT NULL,
	lines integer NOT NULL,
	bytes_done bigint DEFAULT 0 NOT NULL,
	lines_done integer DEFAULT 0 NOT NULL,
	created integer DEFAULT 0 NOT NULL,
	known integer DEFAULT 0 NOT NULL,
	refused integer DEFAULT 0 NOT NULL,
	named_by text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT usage_import_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE UNIQUE INDEX usage_import_id_key ON usage_import (tenant_id, id)
;;
CREATE INDEX usage_import_status_ix ON usage_import (tenant_id, status, id)
;;
ALTER TABLE usage_import ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE usage_import ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE usage_import FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON usage_import USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON usage_import TO contor_app
;;
GRANT UPDATE (bytes_done, created, known, last_modified_at, lines_done, refused, status) ON usage_import TO contor_app
;;
CREATE TABLE measurement (
	tenant_id bigint NOT NULL,
	code text NOT NULL,
	id bigint NOT NULL,
	description text,
	unit_ident text,
	kind text NOT NULL,
	aggregation text NOT NULL,
	fair_billing boolean NOT NULL,
	event_name text,
	property text,
	filters jsonb NOT NULL,
	groups jsonb NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT measurement_pkey PRIMARY KEY (tenant_id, code),
	CONSTRAINT measurement_tenant_id_unit_ident_fkey FOREIGN KEY (tenant_id, unit_ident) REFERENCES unit(tenant_id, ident)
)
;;
CREATE INDEX measurement_event_ix ON measurement (tenant_id, event_name)
;;
CREATE UNIQUE INDEX measurement_id_key ON measurement (tenant_id, id)
;;
CREATE INDEX measurement_unit_ix ON measurement (tenant_id, unit_ident)
;;
ALTER TABLE measurement ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE measurement ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE measurement FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON measurement USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON measurement TO contor_app
;;
CREATE TABLE usage_import_finding (
	tenant_id bigint NOT NULL,
	finding_id bigint NOT NULL,
	import_id bigint NOT NULL,
	line integer NOT NULL,
	field text NOT NULL,
	code text NOT NULL,
	message text NOT NULL,
	CONSTRAINT usage_import_finding_pkey PRIMARY KEY (tenant_id, finding_id),
	CONSTRAINT usage_import_finding_tenant_id_import_id_fkey FOREIGN KEY (tenant_id, import_id) REFERENCES usage_import(tenant_id, id)
)
;;
CREATE INDEX usage_import_finding_ix ON usage_import_finding (tenant_id, import_id, finding_id)
;;
ALTER TABLE usage_import_finding ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE usage_import_finding SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE usage_import_finding ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE usage_import_finding FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON usage_import_finding USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON usage_import_finding TO contor_app
;;
CREATE TABLE product (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	number text,
	name text NOT NULL,
	description text,
	internal_name text,
	words jsonb NOT NULL,
	families jsonb NOT NULL,
	measurement_code text,
	tax_group_ident text,
	cost_centre_code text,
	properties jsonb NOT NULL,
	archived_at timestamp with time zone,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT product_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT product_tenant_id_cost_centre_code_fkey FOREIGN KEY (tenant_id, cost_centre_code) REFERENCES cost_centre(tenant_id, code),
	CONSTRAINT product_tenant_id_measurement_code_fkey FOREIGN KEY (tenant_id, measurement_code) REFERENCES measurement(tenant_id, code),
	CONSTRAINT product_tenant_id_tax_group_ident_fkey FOREIGN KEY (tenant_id, tax_group_ident) REFERENCES tax_group(tenant_id, ident)
)
;;
CREATE UNIQUE INDEX product_id_key ON product (tenant_id, id)
;;
CREATE INDEX product_measurement_ix ON product (tenant_id, measurement_code)
;;
CREATE INDEX product_name_ix ON product (tenant_id, name)
;;
CREATE UNIQUE INDEX product_number_key ON product (tenant_id, number)
;;
ALTER TABLE product ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE product ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE product FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON product USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON product TO contor_app
;;
CREATE TABLE product_price (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	product_ident text NOT NULL,
	internal_name text,
	status text NOT NULL,
	sales_channel text NOT NULL,
	model text NOT NULL,
	"interval" jsonb,
	shown_per jsonb,
	pay_in_advance boolean NOT NULL,
	pro_rata boolean NOT NULL,
	trial_days bigint NOT NULL,
	price numeric(25,10),
	tiers jsonb NOT NULL,
	free_units numeric(19,4),
	setup_fee numeric(25,10),
	percentage numeric(19,4),
	fixed_price numeric(25,10),
	minimum numeric(25,10),
	maximum numeric(25,10),
	currency text NOT NULL,
	customer_ident text,
	properties jsonb NOT NULL,
	measurement_code text,
	is_metered boolean NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT product_price_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT product_price_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident),
	CONSTRAINT product_price_tenant_id_product_ident_fkey FOREIGN KEY (tenant_id, product_ident) REFERENCES product(tenant_id, ident)
)
;;
CREATE INDEX product_price_customer_ix ON product_price (tenant_id, customer_ident)
;;
CREATE UNIQUE INDEX product_price_id_key ON product_price (tenant_id, id)
;;
CREATE INDEX product_price_measurement_ix ON product_price (tenant_id, measurement_code)
;;
CREATE INDEX product_price_product_ix ON product_price (tenant_id, product_ident, id)
;;
CREATE INDEX product_price_status_ix ON product_price (tenant_id, status, id)
;;
ALTER TABLE product_price ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE product_price ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE product_price FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON product_price USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON product_price TO contor_app
;;
ALTER TABLE coupon ADD COLUMN id bigint
;;
ALTER TABLE coupon ADD CONSTRAINT coupon_id_filled CHECK (id IS NOT NULL) NOT VALID
;;
ALTER TABLE coupon ADD COLUMN products jsonb DEFAULT '[]'::jsonb NOT NULL
;;
ALTER TABLE coupon ADD COLUMN excluded_products jsonb DEFAULT '[]'::jsonb NOT NULL
;;
ALTER TABLE usage ADD COLUMN counted_for date
;; autocommit
-- By hand: every coupon that is there gets its number
DO $$ DECLARE tenant bigint; BEGIN FOR tenant IN SELECT id FROM directory.environment LOOP
  PERFORM set_config('contor.tenant_id', tenant::text, true);
  UPDATE coupon SET id = nextval('contor_id') WHERE id IS NULL;
END LOOP; END $$
;;
ALTER TABLE coupon VALIDATE CONSTRAINT coupon_id_filled
;;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS coupon_id_key ON coupon (tenant_id, id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS usage_counted_ix ON usage (tenant_id, contract_id, option_ident, counted_for) WHERE counted_for IS NOT NULL
;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE coupon ALTER COLUMN id SET NOT NULL
;;
ALTER TABLE coupon DROP CONSTRAINT coupon_id_filled
