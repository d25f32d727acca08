;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE contract_feature (
	tenant_id bigint NOT NULL,
	contract_ident text NOT NULL,
	source text NOT NULL,
	source_ident text NOT NULL,
	given jsonb NOT NULL,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT contract_feature_pkey PRIMARY KEY (tenant_id, contract_ident, source, source_ident),
	CONSTRAINT contract_feature_tenant_id_contract_ident_fkey FOREIGN KEY (tenant_id, contract_ident) REFERENCES contract(tenant_id, contract_ident)
)
;;
ALTER TABLE contract_feature ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE contract_feature SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE contract_feature ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE contract_feature FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON contract_feature USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON contract_feature TO contor_app
;;
CREATE TABLE entitlement_turn (
	tenant_id bigint NOT NULL,
	contract_ident text NOT NULL,
	at timestamp with time zone NOT NULL,
	CONSTRAINT entitlement_turn_pkey PRIMARY KEY (tenant_id, contract_ident),
	CONSTRAINT entitlement_turn_tenant_id_contract_ident_fkey FOREIGN KEY (tenant_id, contract_ident) REFERENCES contract(tenant_id, contract_ident)
)
;;
CREATE INDEX entitlement_turn_at_ix ON entitlement_turn (tenant_id, at)
;;
ALTER TABLE entitlement_turn ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE entitlement_turn ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE entitlement_turn FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON entitlement_turn USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON entitlement_turn TO contor_app
;;
CREATE TABLE feature (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	feature_id bigint NOT NULL,
	name text NOT NULL,
	description text,
	unit text,
	type text NOT NULL,
	status text NOT NULL,
	choices jsonb NOT NULL,
	minimum numeric(19,4),
	maximum numeric(19,4),
	may_be_unlimited boolean DEFAULT false NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT feature_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE UNIQUE INDEX feature_id_key ON feature (tenant_id, feature_id)
;;
CREATE INDEX feature_name_ix ON feature (tenant_id, name, ident)
;;
CREATE INDEX feature_status_ix ON feature (tenant_id, status, ident)
;;
CREATE INDEX feature_type_ix ON feature (tenant_id, type, ident)
;;
ALTER TABLE feature ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE feature ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE feature FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON feature USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON feature TO contor_app
;;
CREATE TABLE entitlement (
	tenant_id bigint NOT NULL,
	entitlement_id bigint NOT NULL,
	contract_ident text NOT NULL,
	customer_ident text NOT NULL,
	feature_ident text NOT NULL,
	value text NOT NULL,
	source text NOT NULL,
	source_ident text NOT NULL,
	valid_from timestamp with time zone NOT NULL,
	valid_until timestamp with time zone NOT NULL,
	CONSTRAINT entitlement_pkey PRIMARY KEY (tenant_id, entitlement_id),
	CONSTRAINT entitlement_tenant_id_contract_ident_fkey FOREIGN KEY (tenant_id, contract_ident) REFERENCES contract(tenant_id, contract_ident),
	CONSTRAINT entitlement_tenant_id_feature_ident_fkey FOREIGN KEY (tenant_id, feature_ident) REFERENCES feature(tenant_id, ident)
)
;;
CREATE INDEX entitlement_contract_ix ON entitlement (tenant_id, contract_ident, valid_until)
;;
CREATE INDEX entitlement_customer_ix ON entitlement (tenant_id, customer_ident, valid_until)
;;
CREATE INDEX entitlement_feature_ix ON entitlement (tenant_id, feature_ident)
;;
ALTER TABLE entitlement ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE entitlement ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE entitlement FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON entitlement USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON entitlement TO contor_app
;;
GRANT UPDATE (valid_until) ON entitlement TO contor_app
;;
CREATE TABLE entitlement_override (
	tenant_id bigint NOT NULL,
	contract_ident text NOT NULL,
	ident text NOT NULL,
	feature_ident text NOT NULL,
	value text,
	valid_from date,
	valid_to date,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT entitlement_override_pkey PRIMARY KEY (tenant_id, contract_ident, ident),
	CONSTRAINT entitlement_override_tenant_id_contract_ident_fkey FOREIGN KEY (tenant_id, contract_ident) REFERENCES contract(tenant_id, contract_ident),
	CONSTRAINT entitlement_override_tenant_id_feature_ident_fkey FOREIGN KEY (tenant_id, feature_ident) REFERENCES feature(tenant_id, ident)
)
;;
CREATE INDEX entitlement_override_feature_ix ON entitlement_override (tenant_id, feature_ident)
;;
ALTER TABLE entitlement_override ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE entitlement_override ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE entitlement_override FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON entitlement_override USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON entitlement_override TO contor_app
;;
CREATE TABLE option_feature (
	tenant_id bigint NOT NULL,
	feature_ident text NOT NULL,
	option_ident text NOT NULL,
	value text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT option_feature_pkey PRIMARY KEY (tenant_id, feature_ident, option_ident),
	CONSTRAINT option_feature_tenant_id_feature_ident_fkey FOREIGN KEY (tenant_id, feature_ident) REFERENCES feature(tenant_id, ident),
	CONSTRAINT option_feature_tenant_id_option_ident_fkey FOREIGN KEY (tenant_id, option_ident) REFERENCES plan_option(tenant_id, option_ident) ON DELETE CASCADE
)
;;
CREATE INDEX option_feature_option_ix ON option_feature (tenant_id, option_ident)
;;
ALTER TABLE option_feature ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE option_feature ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE option_feature FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON option_feature USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON option_feature TO contor_app
;;
CREATE TABLE plan_feature (
	tenant_id bigint NOT NULL,
	feature_ident text NOT NULL,
	plan_ident text NOT NULL,
	value text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT plan_feature_pkey PRIMARY KEY (tenant_id, feature_ident, plan_ident),
	CONSTRAINT plan_feature_tenant_id_feature_ident_fkey FOREIGN KEY (tenant_id, feature_ident) REFERENCES feature(tenant_id, ident),
	CONSTRAINT plan_feature_tenant_id_plan_ident_fkey FOREIGN KEY (tenant_id, plan_ident) REFERENCES plan(tenant_id, plan_ident) ON DELETE CASCADE
)
;;
CREATE INDEX plan_feature_plan_ix ON plan_feature (tenant_id, plan_ident)
;;
ALTER TABLE plan_feature ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE plan_feature ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE plan_feature FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON plan_feature USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON plan_feature TO contor_app
;;
CREATE TABLE product_feature (
	tenant_id bigint NOT NULL,
	feature_ident text NOT NULL,
	product_ident text NOT NULL,
	value text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT product_feature_pkey PRIMARY KEY (tenant_id, feature_ident, product_ident),
	CONSTRAINT product_feature_tenant_id_feature_ident_fkey FOREIGN KEY (tenant_id, feature_ident) REFERENCES feature(tenant_id, ident)
)
;;
CREATE INDEX product_feature_product_ix ON product_feature (tenant_id, product_ident)
;;
ALTER TABLE product_feature ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE product_feature ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE product_feature FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON product_feature USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON product_feature TO contor_app
