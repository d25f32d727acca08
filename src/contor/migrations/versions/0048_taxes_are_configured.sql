;; transaction
SET LOCAL lock_timeout = '3s'
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
