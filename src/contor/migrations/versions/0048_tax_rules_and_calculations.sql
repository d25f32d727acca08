;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE oss_crossing (
	tenant_id bigint NOT NULL,
	legal_entity text NOT NULL,
	year integer NOT NULL,
	crossed_on date NOT NULL,
	document_id bigint NOT NULL,
	document_ident text,
	net numeric(19,4) NOT NULL,
	noticed_at timestamp with time zone NOT NULL,
	CONSTRAINT oss_crossing_pkey PRIMARY KEY (tenant_id, legal_entity, year)
)
;;
ALTER TABLE oss_crossing ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE oss_crossing ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE oss_crossing FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON oss_crossing USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON oss_crossing TO contor_app
;;
GRANT UPDATE (document_ident) ON oss_crossing TO contor_app
;;
CREATE TABLE oss_opening (
	tenant_id bigint NOT NULL,
	legal_entity text NOT NULL,
	year integer NOT NULL,
	net numeric(19,4) NOT NULL,
	said_at timestamp with time zone NOT NULL,
	CONSTRAINT oss_opening_pkey PRIMARY KEY (tenant_id, legal_entity, year)
)
;;
ALTER TABLE oss_opening ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE oss_opening ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE oss_opening FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON oss_opening USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON oss_opening TO contor_app
;;
GRANT UPDATE (net, said_at) ON oss_opening TO contor_app
;;
CREATE TABLE oss_supply (
	tenant_id bigint NOT NULL,
	document_id bigint NOT NULL,
	supplied_on date NOT NULL,
	legal_entity text NOT NULL,
	net numeric(19,4) NOT NULL,
	CONSTRAINT oss_supply_pkey PRIMARY KEY (tenant_id, document_id, supplied_on)
)
;;
CREATE INDEX oss_supply_day_ix ON oss_supply (tenant_id, legal_entity, supplied_on, net)
;;
ALTER TABLE oss_supply ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE oss_supply SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE oss_supply ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE oss_supply FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON oss_supply USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON oss_supply TO contor_app
;;
CREATE TABLE oss_waiver (
	tenant_id bigint NOT NULL,
	legal_entity text NOT NULL,
	valid_from date NOT NULL,
	valid_until date,
	declared_at timestamp with time zone NOT NULL,
	CONSTRAINT oss_waiver_pkey PRIMARY KEY (tenant_id, legal_entity, valid_from)
)
;;
ALTER TABLE oss_waiver ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE oss_waiver ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE oss_waiver FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON oss_waiver USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON oss_waiver TO contor_app
;;
GRANT UPDATE (valid_until) ON oss_waiver TO contor_app
;;
CREATE TABLE tax_calculation (
	tenant_id bigint NOT NULL,
	request_id text NOT NULL,
	input_hash bytea NOT NULL,
	answer bytea NOT NULL,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT tax_calculation_pkey PRIMARY KEY (tenant_id, request_id)
)
;;
CREATE INDEX tax_calculation_created_ix ON tax_calculation (tenant_id, created_at, request_id)
;;
ALTER TABLE tax_calculation ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE tax_calculation SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE tax_calculation ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE tax_calculation FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON tax_calculation USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON tax_calculation TO contor_app
;;
CREATE TABLE tax_configuration (
	tenant_id bigint NOT NULL,
	default_provider text NOT NULL,
	vat_id_validation boolean NOT NULL,
	provider_down_behaviour text NOT NULL,
	max_proof_age_in_hours integer NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT tax_configuration_pkey PRIMARY KEY (tenant_id)
)
;;
ALTER TABLE tax_configuration ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE tax_configuration ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE tax_configuration FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON tax_configuration USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON tax_configuration TO contor_app
;;
CREATE TABLE tax_group_configuration (
	tenant_id bigint NOT NULL,
	billing_group_ident text NOT NULL,
	default_provider text,
	vat_id_validation boolean,
	provider_down_behaviour text,
	max_proof_age_in_hours integer,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT tax_group_configuration_pkey PRIMARY KEY (tenant_id, billing_group_ident),
	CONSTRAINT tax_group_configuration_tenant_id_billing_group_ident_fkey FOREIGN KEY (tenant_id, billing_group_ident) REFERENCES billing_group(tenant_id, billing_group_ident) ON DELETE CASCADE
)
;;
ALTER TABLE tax_group_configuration ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE tax_group_configuration ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE tax_group_configuration FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON tax_group_configuration USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON tax_group_configuration TO contor_app
;;
CREATE TABLE tax_rule (
	tenant_id bigint NOT NULL,
	tax_rule_ident text NOT NULL,
	country text,
	region text,
	customer_type text,
	vat_id_present boolean,
	item_category text,
	tax_classifications jsonb NOT NULL,
	product_tax_code text,
	tax_scheme text,
	operating_site_ident text,
	enabled boolean NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT tax_rule_pkey PRIMARY KEY (tenant_id, tax_rule_ident),
	CONSTRAINT tax_rule_tenant_id_operating_site_ident_fkey FOREIGN KEY (tenant_id, operating_site_ident) REFERENCES operating_site(tenant_id, ident)
)
;;
CREATE INDEX tax_rule_conditions_ix ON tax_rule (tenant_id, item_category, customer_type)
;;
CREATE INDEX tax_rule_created_ix ON tax_rule (tenant_id, created_at, tax_rule_ident)
;;
ALTER TABLE tax_rule ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE tax_rule ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE tax_rule FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON tax_rule USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE ON tax_rule TO contor_app
;;
CREATE TABLE tax_rule_variant (
	tenant_id bigint NOT NULL,
	tax_rule_ident text NOT NULL,
	tax_rule_variant_ident text NOT NULL,
	applicable_from date NOT NULL,
	tax_rate numeric(19,4) NOT NULL,
	tax_category_code text NOT NULL,
	tax_code text,
	tax_name text,
	tax_exemption_ident text,
	tax_exemption_reason text,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT tax_rule_variant_pkey PRIMARY KEY (tenant_id, tax_rule_ident, tax_rule_variant_ident),
	CONSTRAINT tax_rule_variant_tenant_id_tax_rule_ident_fkey FOREIGN KEY (tenant_id, tax_rule_ident) REFERENCES tax_rule(tenant_id, tax_rule_ident)
)
;;
CREATE UNIQUE INDEX tax_rule_variant_applicable_key ON tax_rule_variant (tenant_id, tax_rule_ident, applicable_from)
;;
ALTER TABLE tax_rule_variant ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE tax_rule_variant ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE tax_rule_variant FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON tax_rule_variant USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE ON tax_rule_variant TO contor_app
;;
CREATE TABLE tax_rule_use (
	tenant_id bigint NOT NULL,
	tax_rule_ident text NOT NULL,
	tax_rule_variant_ident text NOT NULL,
	used_from date NOT NULL,
	used_until date NOT NULL,
	CONSTRAINT tax_rule_use_pkey PRIMARY KEY (tenant_id, tax_rule_ident, tax_rule_variant_ident),
	CONSTRAINT tax_rule_use_tenant_id_tax_rule_ident_tax_rule_variant__68fe FOREIGN KEY (tenant_id, tax_rule_ident, tax_rule_variant_ident) REFERENCES tax_rule_variant(tenant_id, tax_rule_ident, tax_rule_variant_ident)
)
;;
ALTER TABLE tax_rule_use ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE tax_rule_use ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE tax_rule_use FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON tax_rule_use USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON tax_rule_use TO contor_app
;;
GRANT UPDATE (used_from, used_until) ON tax_rule_use TO contor_app
